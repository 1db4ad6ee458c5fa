"""Changes of objects as JSON patches (RFC 6902)."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

import jsonpatch
import jsonpointer

from ome_backend.errors import Invalid
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest

Operation = dict[str, Any]
Patch = tuple[Operation, ...]
Path = tuple[str | int, ...]

APPEND = "-"


@dataclass(frozen=True, slots=True)
class Edit:
    """A patch of one object."""

    target: Ref
    patch: Patch


class Change(NamedTuple):
    """A value to stand at `path` of `target`, or to go away when `value` is None.

    A path that ends in `APPEND` adds to the end of a list.
    """

    target: Ref
    path: Path
    value: Any


def edits(changes: Iterable[Change], objects: Mapping[Ref, Manifest]) -> tuple[Edit, ...]:
    """One edit for every object that `changes` touch, in the order they come up."""
    grouped: dict[Ref, list[Change]] = {}
    for change in changes:
        grouped.setdefault(change.target, []).append(change)
    return tuple(Edit(ref, patch(objects[ref], found)) for ref, found in grouped.items())


def patch(raw: Manifest, changes: Sequence[Change]) -> Patch:
    """The patch that makes `changes` to `raw`, one after the other.

    What leads to a value is created where it is missing. Before a list entry is changed its
    modelFormat is tested, because another entry may stand there by the time of writing.
    """
    operations: list[Operation] = []
    for change in changes:
        found = (*_guards(raw, change.path), _operation(raw, change.path, change.value))
        raw = applied(raw, found)
        operations += found
    return tuple(operations)


def applied(raw: Manifest, patch: Sequence[Operation]) -> Manifest:
    """A copy of `raw` with `patch` applied. Raises Invalid when it does not apply."""
    try:
        found: Manifest = jsonpatch.JsonPatch(deepcopy(list(patch))).apply(raw)
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as exc:
        raise Invalid("The change does not apply to the object.", reason=str(exc)) from exc
    return found


def _operation(raw: Manifest, path: Path, value: Any) -> Operation:
    depth = _depth(raw, path)
    if value is None:
        return {"op": "remove", "path": _pointer(path)}
    if depth == len(path):
        return {"op": "replace", "path": _pointer(path), "value": deepcopy(value)}
    for step in reversed(path[depth + 1 :]):
        value = [value] if step == APPEND else {step: value}
    return {"op": "add", "path": _pointer(path[: depth + 1]), "value": deepcopy(value)}


def _depth(raw: Any, path: Path) -> int:
    """How many steps of `path` are there already."""
    for depth, step in enumerate(path):
        raw = _at(raw, step)
        if raw is None or (depth + 1 < len(path) and not isinstance(raw, dict | list)):
            return depth
    return len(path)


def _at(raw: Any, step: str | int) -> Any:
    if isinstance(raw, dict):
        return raw.get(step)
    return raw[step] if isinstance(raw, list) and isinstance(step, int) else None


def _guards(raw: Any, path: Path) -> Patch:
    for depth, step in enumerate(path):
        raw = _at(raw, step)
        if isinstance(step, int) and isinstance(raw, dict) and "modelFormat" in raw:
            where = _pointer((*path[: depth + 1], "modelFormat"))
            return ({"op": "test", "path": where, "value": deepcopy(raw["modelFormat"])},)
    return ()


def _pointer(path: Path) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
