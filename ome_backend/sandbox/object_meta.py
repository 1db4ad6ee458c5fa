"""ObjectMeta: its fields, and what the API server's decoder says about values of another type."""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.patch import go_type

_TEXTS = ("name", "generateName", "namespace", "selfLink", "uid", "resourceVersion")
_NUMBERS = ("generation", "deletionGracePeriodSeconds")
_MAPS = ("labels", "annotations")
_LISTS: Mapping[str, str] = {
    "ownerReferences": "[]v1.OwnerReference",
    "finalizers": "[]string",
    "managedFields": "[]v1.ManagedFieldsEntry",
}
_TIMES = ("creationTimestamp", "deletionTimestamp")
FIELDS = frozenset((*_TEXTS, *_NUMBERS, *_MAPS, *_LISTS, *_TIMES))


def mistyped(metadata: Any) -> str:
    """What the decoder says about the first value of a wrong type; empty when all are right."""
    if metadata is None:
        return ""
    if not isinstance(metadata, dict):
        return f"json: cannot unmarshal {go_type(metadata)} into Go value of type v1.ObjectMeta"
    return next(filter(None, (_wrong(name, value) for name, value in metadata.items())), "")


def tidy(metadata: Manifest) -> Manifest:
    """The metadata without what is empty; a label without a value has an empty one."""
    kept = {name: value for name, value in metadata.items() if value not in (None, "", [], {})}
    for name in _MAPS:
        if name in kept:
            kept[name] = {key: value or "" for key, value in kept[name].items()}
    return kept


def _wrong(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _TEXTS and not isinstance(value, str):
        return _cannot(name, value, "string")
    if name in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int)):
        return _cannot(name, value, "int64")
    if name in _LISTS and not isinstance(value, list):
        return _cannot(name, value, _LISTS[name])
    if name in _MAPS:
        return _wrong_map(name, value)
    return ""


def _wrong_map(name: str, value: Any) -> str:
    if not isinstance(value, dict):
        return _cannot(name, value, "map[string]string")
    strange = (item for item in value.values() if item is not None and not isinstance(item, str))
    wrong = next(strange, None)
    return "" if wrong is None else _cannot(name, wrong, "string")


def _cannot(name: str, value: Any, wanted: str) -> str:
    return (
        f"json: cannot unmarshal {go_type(value)} into Go struct field ObjectMeta.{name} of type "
        f"{wanted}"
    )
