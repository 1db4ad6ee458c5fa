"""The file behind the sandbox: one row per object, nothing lost between starts."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ome_backend.errors import BadSettings
from ome_backend.resources.kind import Key, Kind
from ome_backend.sandbox.history import Stored

_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    resource TEXT, namespace TEXT, name TEXT, body BLOB,
    PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revision (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER);
INSERT OR IGNORE INTO revision VALUES (1, 0);
"""


class Disk:
    """One SQLite file, held exclusively while open. Its caller serialises the calls.

    Raises BadSettings when the file cannot be opened, is no database or belongs to another process.
    """

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(file)
        except (sqlite3.Error, OSError) as exc:
            raise BadSettings(
                f"The sandbox file {file} cannot be used.",
                reason=str(exc),
                hint="Another console may have it open, or it is no sandbox file. "
                "Set OME_SANDBOX_FILE to another path.",
            ) from exc

    def revision(self) -> int:
        """The last revision that was written."""
        row = self._connection.execute("SELECT number FROM revision").fetchone()
        return int(row[0])

    def objects(self) -> Iterator[tuple[str, bytes]]:
        """Every object as (resource, JSON)."""
        yield from self._connection.execute("SELECT resource, body FROM object")

    def put(self, kind: Kind, item: Stored) -> None:
        """Writes one object and the revision in one transaction."""
        row = (kind.resource, item.key.namespace, item.key.name, item.body)
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?)", row)
            self._connection.execute("UPDATE revision SET number = ?", (item.revision,))

    def drop(self, kind: Kind, key: Key, revision: int) -> None:
        """Deletes one object and writes the revision in one transaction."""
        row = (kind.resource, key.namespace, key.name)
        with self.transaction():
            self._connection.execute(
                "DELETE FROM object WHERE resource = ? AND namespace = ? AND name = ?", row
            )
            self._connection.execute("UPDATE revision SET number = ?", (revision,))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within is written together or not at all; may be nested."""
        if self._connection.in_transaction:
            yield
            return
        with self._connection:
            self._connection.execute("BEGIN")
            yield

    def close(self) -> None:
        """Gives the file free."""
        self._connection.close()


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=1.0, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
        # The exclusive lock is only taken by a write, and a second console must notice at once.
        connection.execute("UPDATE revision SET number = number")
        connection.commit()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
