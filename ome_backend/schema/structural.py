"""What an API server does to a custom resource before it validates it, by its structural schema.

The rules are Kubernetes' own (custom resource definitions: field pruning, defaulting), and so is
the order: `prune`, `default`, `problems`. Objects are JSON values; copies are returned.
`apiVersion`, `kind` and `metadata` of the object are always kept.
"""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest
from ome_backend.schema.notation import Schema
from ome_backend.schema.validation import problems

__all__ = ["default", "problems", "prune", "split", "unknown_fields"]

_RESOURCE_FIELDS = frozenset({"apiVersion", "kind", "metadata"})
_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_ANYTHING: Schema = {}


def default(schema: Mapping[str, Any], obj: Manifest) -> Manifest:
    """A copy with defaults. A null where none is allowed gives way to the default, or goes."""
    filled: Manifest = _defaulted(schema, obj)
    return filled


def unknown_fields(schema: Mapping[str, Any], obj: Manifest) -> list[str]:
    """The paths that `prune` would drop, sorted, as strict field validation prints them."""
    return split(schema, obj)[1]


def prune(schema: Mapping[str, Any], obj: Manifest) -> Manifest:
    """A copy without the fields that the schema does not know."""
    return split(schema, obj)[0]


def split(schema: Mapping[str, Any], obj: Manifest) -> tuple[Manifest, list[str]]:
    """What `prune` keeps, and the `unknown_fields`, in one go."""
    unknown: list[str] = []
    kept: Manifest = _pruned(schema, obj, "", unknown)
    return kept, sorted(unknown)


def _defaulted(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        items = schema.get("items", _ANYTHING)
        return [_defaulted(items, _instead_of_null(items, item)) for item in value]
    if not isinstance(value, dict):
        return value
    filled = {}
    for key, child in value.items():
        known = _child(schema, key)
        child = child if known is None else _instead_of_null(known, child)
        if child is not None or known is None or known.get("nullable"):
            filled[key] = _defaulted(_ANYTHING if known is None else known, child)
    for key, known in schema.get("properties", _ANYTHING).items():
        if "default" in known and key not in filled:
            filled[key] = _defaulted(known, known["default"])
    return filled


def _instead_of_null(schema: Mapping[str, Any], value: Any) -> Any:
    if value is None and not schema.get("nullable"):
        return schema.get("default")
    return value


def _pruned(schema: Mapping[str, Any], value: Any, path: str, unknown: list[str]) -> Any:
    """The value without unknown fields, whose paths are appended to `unknown`."""
    preserve = schema.get(_PRESERVE)
    if isinstance(value, list):
        items = schema.get("items")
        if items is None and preserve:
            return value
        items = items or _ANYTHING
        return [_pruned(items, item, f"{path}[{n}]", unknown) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    resource = not path or schema.get("x-kubernetes-embedded-resource")
    kept = {}
    for key, child in value.items():
        known = _child(schema, key)
        here = f"{path}.{key}" if path else key
        if resource and key in _RESOURCE_FIELDS:
            kept[key] = child
        elif known is not None:
            kept[key] = _pruned(known, child, here, unknown)
        elif preserve:
            kept[key] = child
        else:
            unknown.append(here)
    return kept


def _child(schema: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The schema of a field or map entry; None when the schema does not know it."""
    known: Mapping[str, Any] | None = schema.get("properties", _ANYTHING).get(key)
    if known is None and schema.get("additionalProperties"):
        rest = schema["additionalProperties"]
        return rest if isinstance(rest, dict) else _ANYTHING
    return known
