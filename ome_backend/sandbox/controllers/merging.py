"""How OME lays an InferenceService's block over the runtime's (isvc/utils/merging.go)."""

import copy
from typing import Any

from ome_backend.resources.manifest import Manifest, items, mapping, text

_POD_FIELDS = (
    "volumes",
    "initContainers",
    "nodeSelector",
    "affinity",
    "tolerations",
    "hostNetwork",
    "hostIPC",
    "dnsPolicy",
    "serviceAccountName",
    "imagePullSecrets",
    "priorityClassName",
    "schedulerName",
    "terminationGracePeriodSeconds",
    "securityContext",
)


def merged(base: Any, override: Any) -> Any:
    """A strategic merge: mappings by key, lists of named things by name, everything else replaced."""
    if isinstance(base, dict) and isinstance(override, dict):
        both = {name: merged(base[name], override[name]) for name in base if name in override}
        return copy.deepcopy(base) | copy.deepcopy(override) | both
    if _named(base) and _named(override):
        return _by_name(base, override)
    return copy.deepcopy(override)


def component(runtime: Manifest | None, service: Manifest) -> Manifest:
    """A component as deployed: the runtime's configuration under the service's block.

    Arguments of the runner are appended to the runtime's, not replaced.
    """
    whole: Manifest = merged(runtime or {}, service)
    for path in ((), ("leader",), ("worker",)):
        ours = items(mapping(service, *path), "runner", "args")
        theirs = items(mapping(runtime or {}, *path), "runner", "args")
        if ours and theirs:
            mapping(whole, *path)["runner"]["args"] = [*theirs, *ours]
    return whole


def pod_spec(part: Manifest) -> Manifest:
    """The PodSpec of a component, a leader or a worker; the runner is one container of it."""
    spec = {field: copy.deepcopy(part[field]) for field in _POD_FIELDS if part.get(field)}
    containers = copy.deepcopy(items(part, "containers"))
    runner = part.get("runner")
    if isinstance(runner, dict):
        containers = [each for each in containers if text(each, "name") != text(runner, "name")]
        containers = [copy.deepcopy(runner), *containers]
    spec["containers"] = containers
    return spec


def filled(value: Any, name: str, namespace: str) -> Any:
    """`{{.Name}}` and `{{.Namespace}}` replaced by those of the service."""
    if isinstance(value, str):
        return value.replace("{{.Name}}", name).replace("{{.Namespace}}", namespace)
    if isinstance(value, list):
        return [filled(each, name, namespace) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, name, namespace) for key, each in value.items()}
    return value


def _named(value: Any) -> bool:
    return bool(
        isinstance(value, list)
        and value
        and all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in value)
    )


def _by_name(base: list[Manifest], override: list[Manifest]) -> list[Manifest]:
    theirs = {each["name"]: each for each in override}
    kept = [merged(each, theirs.pop(each["name"], {})) for each in base]
    return kept + copy.deepcopy(list(theirs.values()))
