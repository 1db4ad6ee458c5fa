"""Strategic merge patches (built-in kinds): lists whose items have a key are merged item by item.

Not the merge of `outcome/strategic_merge.py`: a patch is what a client sent, so null and `$patch` take
away, a zero or an empty text is a value, and what is there keeps its order. Keys are those of all kinds.
"""

from collections.abc import Mapping
from typing import Any

_KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "secrets": ("name",),
    "ports": ("containerPort", "port"),
    "conditions": ("type",),
    "addresses": ("type",),
    "taints": ("key",),
    "ownerReferences": ("uid",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",),
}
"""The `patchMergeKey` of lists in k8s.io/api, by the field's name; the first one an item has counts."""
_SETS = ("finalizers",)
_REMOVED = "$deleteFromPrimitiveList/"


def merge(target: Any, patch: Any) -> Any:
    """The target with the patch applied; neither is changed. Null takes a field away."""
    if not isinstance(patch, dict):
        return patch
    if patch.get("$patch") == "replace" or not isinstance(target, dict):
        return _plain({name: value for name, value in patch.items() if value is not None})
    merged = dict(target)
    for name, value in patch.items():
        if name.startswith(_REMOVED):
            _take_out(merged, name.removeprefix(_REMOVED), value)
        elif value is None or value == {"$patch": "delete"}:
            merged.pop(name, None)
        elif not name.startswith("$"):
            merged[name] = _merged(name, merged.get(name), value)
    return merged


def _merged(name: str, target: Any, patch: Any) -> Any:
    if not isinstance(patch, list):
        return merge(target, patch)
    there = target if isinstance(target, list) else []
    if name in _SETS:
        return [*there, *(item for item in patch if item not in there)]
    if name in _KEYS and all(isinstance(item, dict) for item in (*there, *patch)):
        return _merged_items(_KEYS[name], there, patch)
    return _plain(patch)


def _merged_items(
    keys: tuple[str, ...], there: list[dict[str, Any]], patch: list[dict[str, Any]]
) -> list[Any]:
    if {"$patch": "replace"} in patch:
        return [_plain(item) for item in patch if item != {"$patch": "replace"}]
    found = {_identity(keys, item): item for item in there}
    for item in patch:
        identity = _identity(keys, item)
        if item.get("$patch") == "delete":
            found.pop(identity, None)
        else:
            found[identity] = merge(found.get(identity), item)
    return list(found.values())


def _identity(keys: tuple[str, ...], item: Mapping[str, Any]) -> tuple[str, Any]:
    key = next((key for key in keys if key in item), keys[0])
    return key, item.get(key)


def _take_out(merged: dict[str, Any], name: str, gone: Any) -> None:
    if isinstance(merged.get(name), list) and isinstance(gone, list):
        merged[name] = [item for item in merged[name] if item not in gone]


def _plain(value: Any) -> Any:
    """A value of a patch without its directives."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _plain(item) for name, item in value.items() if not name.startswith("$")}
