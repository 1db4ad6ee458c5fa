"""Server-side apply: merging what a manager wants into what there is, field by field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.fields import ITEM, Path, Schema, child, is_map, paths, printed, steps
from ome_backend.sandbox.ownership import (
    BEFORE_FIRST_APPLY,
    Entry,
    Manager,
    changes,
    covered,
    encoded,
    entries,
)
from ome_backend.sandbox.status import StatusError

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that the apply would change although another manager owns it."""

    manager: Manager
    path: Path


def applied(
    schema: Schema,
    before: Manifest | None,
    wanted: Manifest,
    manager: Manager,
    *,
    force: bool,
    now: str,
) -> Manifest:
    """The object after the apply, its managedFields included.

    Fields that the manager applied before and wants no longer go, unless another manager owns them.
    Raises StatusError 409 with one cause per conflict, unless `force` takes the fields over.
    """
    mine = frozenset(paths(schema, wanted))
    if before is None:
        return _managed(wanted, [Entry(manager, now, mine)])
    owned = entries(before) or _first(schema, before, manager, now)
    merged: Manifest = _merge(schema, before, wanted)
    changed = changes(paths(schema, before), paths(schema, merged)) & mine
    others = [entry for entry in owned if not entry.manager.same(manager)]
    conflicts = [
        Conflict(entry.manager, path) for entry in others for path in sorted(entry.paths & changed)
    ]
    if conflicts and not force:
        raise _refusal(conflicts)
    kept = [replace(entry, paths=entry.paths - changed) for entry in others]
    previous = next((entry for entry in owned if entry.manager.same(manager)), None)
    result = _without_dropped(schema, merged, previous, mine, kept)
    return _managed(result, [*kept, _renewed(previous, manager, mine, now, result != before)])


def _renewed(
    previous: Entry | None, manager: Manager, mine: frozenset[Path], now: str, changed: bool
) -> Entry:
    if previous is not None and previous.paths == mine and not changed:
        return previous
    return Entry(manager, now, mine)


def _first(schema: Schema, before: Manifest, manager: Manager, now: str) -> tuple[Entry, ...]:
    """All there is belongs to nobody in particular when an object is applied for the first time."""
    owner = Manager(BEFORE_FIRST_APPLY, "Update", manager.api_version)
    return (Entry(owner, now, frozenset(paths(schema, before))),)


def _managed(manifest: Manifest, owned: Iterable[Entry]) -> Manifest:
    metadata = manifest["metadata"] | {"managedFields": encoded(owned)}
    return manifest | {"metadata": metadata}


def _merge(schema: Schema, live: Any, wanted: Any) -> Any:
    if is_map(schema, wanted) and isinstance(live, dict):
        merged = dict(live)
        for name, value in wanted.items():
            step = f"f:{name}"
            merged[name] = _merge(child(schema, step), live.get(name, _MISSING), value)
        return merged
    if isinstance(wanted, list) and isinstance(live, list):
        return _merge_lists(schema, live, wanted)
    return wanted


def _merge_lists(schema: Schema, live: list[Any], wanted: list[Any]) -> list[Any]:
    had, has = steps(schema, live), steps(schema, wanted)
    if had is None or has is None:
        return wanted
    there = dict(zip(had, live, strict=True))
    items = schema.get("items") or {}
    news = {
        step: _merge(items, there.get(step, _MISSING), item)
        for step, item in zip(has, wanted, strict=True)
    }
    return list((there | news).values())


def _without_dropped(
    schema: Schema,
    merged: Manifest,
    previous: Entry | None,
    mine: frozenset[Path],
    others: Sequence[Entry],
) -> Manifest:
    if previous is None:
        return merged
    held = [path for entry in others for path in entry.paths] + list(mine)
    dropped = {path for path in previous.paths - mine if not covered(path, held)}
    result: Manifest = _cut(schema, merged, dropped)
    return result


def _cut(schema: Schema, value: Any, dropped: Iterable[Path]) -> Any:
    """The value without the dropped fields; what becomes empty by that goes as well."""
    below: dict[str, list[Path]] = {}
    for path in dropped:
        below.setdefault(path[0], []).append(path[1:])
    if isinstance(value, dict):
        cut = {
            name: _cut_child(child(schema, f"f:{name}"), item, below.get(f"f:{name}"))
            for name, item in value.items()
        }
        return {name: item for name, item in cut.items() if item is not _MISSING}
    named = steps(schema, value) if isinstance(value, list) else None
    if named is None:
        return value
    kept = [
        _cut_child(schema.get("items") or {}, item, below.get(step))
        for step, item in zip(named, value, strict=True)
    ]
    return [item for item in kept if item is not _MISSING]


def _cut_child(schema: Schema, value: Any, dropped: list[Path] | None) -> Any:
    if not dropped:
        return value
    if any(path in ((), (ITEM,)) for path in dropped):
        return _MISSING
    cut = _cut(schema, value, dropped)
    return cut if cut or not value else _MISSING


def _refusal(conflicts: Sequence[Conflict]) -> StatusError:
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": f"conflict with {_named(conflict.manager)}",
            "field": printed(conflict.path),
        }
        for conflict in conflicts
    ]
    return StatusError(409, "Conflict", _sentence(conflicts), details={"causes": causes})


def _sentence(conflicts: Sequence[Conflict]) -> str:
    if len(conflicts) == 1:
        only = conflicts[0]
        return (
            f"Apply failed with 1 conflict: conflict with {_named(only.manager)}: "
            f"{printed(only.path)}"
        )
    lines = []
    for manager in dict.fromkeys(conflict.manager for conflict in conflicts):
        lines.append(f"conflicts with {_named(manager)}:")
        lines += [f"- {printed(item.path)}" for item in conflicts if item.manager == manager]
    return f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)


def _named(manager: Manager) -> str:
    named = f'"{manager.name}"'
    if manager.subresource:
        named += f' with subresource "{manager.subresource}"'
    return f"{named} using {manager.api_version}" if manager.operation == "Update" else named
