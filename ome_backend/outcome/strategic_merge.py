"""Kubernetes' strategic merge, as OME lays a service's block over the runtime's.

Source: k8s.io/apimachinery, pkg/util/strategicpatch, with the merge keys of PodSpec and Container.

Not the merge of `sandbox/strategic.py`: both sides are structs that Go wrote, so there is neither null
nor directive, what Go leaves out says nothing, and lists follow the override's order.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ome_backend.resources.manifest import Manifest

_KEYS: Mapping[str, str] = {
    "volumes": "name",
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "imagePullSecrets": "name",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
    "resourceClaims": "name",
    "schedulingGates": "name",
    "env": "name",
    "ports": "containerPort",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
}
# Go leaves these out of what it writes when they are zero, so a zero cannot override.
_SILENT_ZEROS = frozenset({"maxReplicas", "hostNetwork", "hostPID", "hostIPC", "stdin", "tty"})


def merged(base: Manifest, override: Manifest) -> Manifest:
    """A new mapping: mappings by key, lists with a merge key item by item, all else replaced.

    What is empty in the override says nothing.
    """
    result = copy.deepcopy(base)
    for field, value in override.items():
        if says_something(field, value):
            result[field] = _one(field, base.get(field), value)
    return result


def says_something(field: str, value: Any) -> bool:
    """Whether Go writes the field at all; an empty name is written, which overrides."""
    if field == "name":
        return value is not None
    return value not in (None, "", []) and not (field in _SILENT_ZEROS and not value)


def _one(field: str, base: Any, override: Any) -> Any:
    if isinstance(base, dict) and isinstance(override, dict):
        return merged(base, override)
    if field in _KEYS and isinstance(base, list) and isinstance(override, list):
        return _by_key(base, override, _KEYS[field])
    return copy.deepcopy(override)


def _by_key(base: Sequence[Manifest], override: Sequence[Manifest], key: str) -> list[Manifest]:
    held = {each.get(key): each for each in base}
    ours = [merged(held.get(each.get(key), {}), each) for each in override]
    said = {each.get(key) for each in override}
    rest = [copy.deepcopy(each) for each in base if each.get(key) not in said]
    return _interleaved(rest, ours, [each.get(key) for each in base], key)


def _interleaved(
    rest: list[Manifest], ours: list[Manifest], order: Sequence[Any], key: str
) -> list[Manifest]:
    """The override's order, with what only the base has put in before what follows it there."""
    found: list[Manifest] = []
    while rest and ours:
        left, right = rest[0].get(key), ours[0].get(key)
        first = right in order and order.index(left) < order.index(right)
        found.append((rest if first else ours).pop(0))
    return found + rest + ours
