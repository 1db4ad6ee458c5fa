"""What one kind holds now and what changed lately: the ground that lists and watches stand on."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson

from ome_backend.errors import Expired
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, key_of, mapping, text

ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]


@dataclass(frozen=True, slots=True)
class Stored:
    """One object at one revision, as the JSON that goes over the wire. Never changes."""

    key: Key
    revision: int
    body: bytes
    labels: Mapping[str, str]

    def manifest(self) -> Manifest:
        """A fresh copy of the object, the caller's to change."""
        return cast(Manifest, orjson.loads(self.body))


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the life of an object; `before` is None for a new one."""

    type: ChangeType
    now: Stored
    before: Stored | None


def stored(manifest: Manifest) -> Stored:
    """The manifest frozen; its `metadata.resourceVersion` is the revision."""
    head: dict[str, Any] = {name: manifest[name] for name in ("apiVersion", "kind", "metadata")}
    return Stored(
        key_of(manifest),
        int(text(manifest, "metadata", "resourceVersion")),
        orjson.dumps(head | manifest),
        mapping(manifest, "metadata", "labels"),
    )


class Table:
    """The objects of one kind and a bounded log of their changes. `Objects` does the locking."""

    def __init__(self, floor: int, limit: int) -> None:
        self._objects: dict[Key, Stored] = {}
        self._ordered: tuple[Stored, ...] | None = None
        self._log: list[Change] = []
        self._floor = floor
        self._limit = limit

    def get(self, key: Key) -> Stored | None:
        """The object, or None."""
        return self._objects.get(key)

    def ordered(self) -> tuple[Stored, ...]:
        """All objects in the order of the API server: by `namespace/name` as one string."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._objects.values(), key=storage_order))
        return self._ordered

    def load(self, item: Stored) -> None:
        """Takes in an object that was there before this process: no change is logged."""
        self._objects[item.key] = item
        self._ordered = None

    def put(self, item: Stored) -> Change:
        """Adds or replaces an object."""
        before = self._objects.get(item.key)
        self._objects[item.key] = item
        return self._logged(Change("MODIFIED" if before else "ADDED", item, before))

    def drop(self, item: Stored) -> Change:
        """Takes an object away; `item` is its last state with the revision of the deletion."""
        return self._logged(Change("DELETED", item, self._objects.pop(item.key)))

    def since(self, revision: int) -> list[Change]:
        """The changes after `revision`, oldest first. Raises Expired when the log starts later."""
        if revision < self._floor:
            raise Expired(f"too old resource version: {revision} ({self._floor})")
        start = bisect_right(self._log, revision, key=_revision)
        return self._log[start:]

    def _logged(self, change: Change) -> Change:
        self._ordered = None
        self._log.append(change)
        if len(self._log) >= 2 * self._limit:
            self._floor = self._log[-self._limit - 1].now.revision
            del self._log[: -self._limit]
        return change


def storage_order(item: Stored) -> str:
    """The text by which the API server sorts a list."""
    return f"{item.key.namespace}/{item.key.name}"


def _revision(change: Change) -> int:
    return change.now.revision
