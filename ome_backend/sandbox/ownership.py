"""Who set which field: `metadata.managedFields` and how writes move it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ome_backend.resources.manifest import Manifest, items
from ome_backend.sandbox.fields import ITEM, Path, Schema, decode, encode, paths

BEFORE_FIRST_APPLY = "before-first-apply"


@dataclass(frozen=True, slots=True)
class Manager:
    """Who writes, how and through which door; `api_version` counts for updates only."""

    name: str
    operation: str
    api_version: str
    subresource: str = ""

    def same(self, other: "Manager") -> bool:
        """Whether both are one entry of managedFields."""
        if self.operation == "Apply":
            return replace(self, api_version="") == replace(other, api_version="")
        return self == other


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields one manager owns."""

    manager: Manager
    time: str
    paths: frozenset[Path]


def entries(manifest: Manifest) -> tuple[Entry, ...]:
    """The managedFields of an object; entries that cannot be read are left out."""
    raw = items(manifest, "metadata", "managedFields")
    return tuple(_entry(item) for item in raw if isinstance(item, dict) and item.get("manager"))


def encoded(owned: Iterable[Entry]) -> list[Manifest]:
    """The entries as they stand in managedFields: appliers first, then by time."""
    ordered = sorted(
        (entry for entry in owned if entry.paths),
        key=lambda entry: (entry.manager.operation, entry.time, entry.manager.name),
    )
    return [_encoded(entry) for entry in ordered]


def updated(
    schema: Schema, before: Manifest | None, after: Manifest, manager: Manager, now: str
) -> list[Manifest]:
    """The managedFields once `manager` turned `before` into `after` by an update.

    What it changed is its own from now on, and what it removed nobody's. An object that came to be
    without managedFields stays without them until somebody applies, as on a real server.
    """
    if before is not None and not items(before, "metadata", "managedFields"):
        return []
    was = paths(schema, before) if before is not None else {}
    now_set = paths(schema, after)
    changed = changes(was, now_set)
    removed = was.keys() - now_set.keys()
    given = entries(after) or (entries(before) if before is not None else ())
    if before is None:
        given = ()
    kept = [
        entry if entry.manager.same(manager) else _less(entry, changed | removed) for entry in given
    ]
    if not changed:
        return encoded(_less(entry, removed) for entry in kept)
    return encoded(_more(kept, manager, changed, removed, now))


def changes(was: Mapping[Path, Any], now_set: Mapping[Path, Any]) -> frozenset[Path]:
    """The fields that are new or have another value."""
    return frozenset(
        path for path, value in now_set.items() if path not in was or was[path] != value
    )


def covered(path: Path, owned: Iterable[Path]) -> bool:
    """Whether one of the owned fields is the path or lies within it."""
    stem = path[:-1] if path[-1] == ITEM else path
    return any(other[: len(stem)] == stem for other in owned)


def _more(
    kept: Sequence[Entry],
    manager: Manager,
    changed: frozenset[Path],
    removed: Iterable[Path],
    now: str,
) -> list[Entry]:
    others = [entry for entry in kept if not entry.manager.same(manager)]
    mine = next((entry.paths for entry in kept if entry.manager.same(manager)), frozenset())
    return [*others, Entry(manager, now, (mine | changed) - frozenset(removed))]


def _less(entry: Entry, gone: Iterable[Path]) -> Entry:
    return replace(entry, paths=entry.paths - frozenset(gone))


def _entry(raw: Manifest) -> Entry:
    manager = Manager(
        raw["manager"],
        raw.get("operation", "Update"),
        raw.get("apiVersion", ""),
        raw.get("subresource", ""),
    )
    return Entry(manager, raw.get("time", ""), frozenset(decode(raw.get("fieldsV1"))))


def _encoded(entry: Entry) -> Manifest:
    manager = entry.manager
    raw = {
        "manager": manager.name,
        "operation": manager.operation,
        "apiVersion": manager.api_version,
        "time": entry.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": encode(entry.paths),
    }
    return raw | ({"subresource": manager.subresource} if manager.subresource else {})
