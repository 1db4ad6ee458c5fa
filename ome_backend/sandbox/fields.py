"""Field paths: which fields an object sets, in the notation of `managedFields` (fieldsV1)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from ome_backend.resources.manifest import Manifest

Path = tuple[str, ...]
Schema = Mapping[str, Any]

_SYSTEM = frozenset(
    (
        "name",
        "namespace",
        "uid",
        "generation",
        "resourceVersion",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "managedFields",
        "selfLink",
    )
)
_METADATA: Schema = {
    "properties": {
        "finalizers": {"x-kubernetes-list-type": "set"},
        "ownerReferences": {
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["uid"],
        },
    }
}
ITEM = "."
"""The step that stands for a list item itself, next to the fields within it."""


def with_metadata(schema: Schema) -> Schema:
    """The schema of a kind, completed by what matters of ObjectMeta."""
    properties = schema.get("properties", {})
    return {**schema, "properties": {**properties, "metadata": _METADATA}}


def paths(schema: Schema, manifest: Manifest) -> dict[Path, Any]:
    """Every field the object sets with its value, but for what the API server itself sets.

    Lists without keys and atomic maps count as one field.
    """
    metadata = {
        name: value
        for name, value in (manifest.get("metadata") or {}).items()
        if name not in _SYSTEM
    }
    shown = {name: value for name, value in manifest.items() if name not in ("apiVersion", "kind")}
    shown["metadata"] = metadata
    found: dict[Path, Any] = {}
    _collect(schema, shown, (), found)
    found.pop(("f:metadata",), None)
    return found


def child(schema: Schema, step: str) -> Schema:
    """The schema one step down; an empty one where it says nothing."""
    if not step.startswith("f:"):
        return schema.get("items") or {}
    known = schema.get("properties", {}).get(step[2:], schema.get("additionalProperties"))
    return known if isinstance(known, Mapping) else {}


def steps(schema: Schema, value: list[Any]) -> list[str] | None:
    """One step per list item, when the schema says how items are told apart; else None."""
    how = schema.get("x-kubernetes-list-type")
    if how == "set":
        return [f"v:{_json(item)}" for item in value]
    if how != "map" or not all(isinstance(item, dict) for item in value):
        return None
    keys = schema.get("x-kubernetes-list-map-keys", [])
    return [f"k:{_json(_identity(schema, keys, item))}" for item in value]


def is_map(schema: Schema, value: Any) -> bool:
    """Whether the value is owned field by field."""
    return isinstance(value, dict) and schema.get("x-kubernetes-map-type") != "atomic"


def encode(found: Iterable[Path]) -> Manifest:
    """The paths as fieldsV1."""
    tree: Manifest = {}
    for path in sorted(found):
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
    return tree


def decode(tree: Any, above: Path = ()) -> Iterator[Path]:
    """The paths in a fieldsV1."""
    if not isinstance(tree, dict):
        return
    for step, below in tree.items():
        if below and isinstance(below, dict):
            yield from decode(below, (*above, step))
        else:
            yield (*above, step)


def printed(path: Path) -> str:
    """The path as conflicts name it: `.spec.containers[name="a"].image`."""
    return "".join(_printed(step) for step in path)


def _collect(schema: Schema, value: Any, above: Path, found: dict[Path, Any]) -> None:
    if is_map(schema, value) and value:
        for name, below in value.items():
            step = f"f:{name}"
            _collect(child(schema, step), below, (*above, step), found)
        return
    named = steps(schema, value) if isinstance(value, list) and value else None
    if named is None:
        found[above] = value
        return
    for step, item in zip(named, value, strict=True):
        if step.startswith("v:"):
            found[*above, step] = item
        else:
            found[*above, step, ITEM] = None
            _collect(schema.get("items") or {}, item, (*above, step), found)


def _identity(schema: Schema, keys: Iterable[str], item: Manifest) -> Manifest:
    known = (schema.get("items") or {}).get("properties", {})
    values = {key: item.get(key, known.get(key, {}).get("default")) for key in sorted(keys)}
    return {key: value for key, value in values.items() if value is not None}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _printed(step: str) -> str:
    if step == ITEM:
        return ""
    if step.startswith("f:"):
        return f".{step[2:]}"
    if step.startswith("v:"):
        return f"[={step[2:]}]"
    keys = orjson.loads(step[2:])
    return "[" + ",".join(f"{key}={_json(value)}" for key, value in keys.items()) + "]"
