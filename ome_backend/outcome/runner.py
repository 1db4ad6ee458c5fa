"""What OME adds to the main container of engine and decoder (isvc/components/base.go, engine.go)."""

import math
from collections.abc import Mapping
from typing import Any, Final

from ome_backend.outcome import arguments, fine_tuning
from ome_backend.outcome.decision import Decision
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.quantity import quantity

EMPTY_VOLUME: Final = "model-empty-dir"
_MODEL_PATH: Final = "MODEL_PATH"
_MOUNTED: Final = "/opt/ml/model"
_TENSOR: Final = ("--tp-size", "--tp", "--tensor-parallel-size")
_PIPELINE: Final = ("--pp-size", "--pp", "--pipeline-parallel-size")
_GPU: Final = "nvidia.com/gpu"


def completed(
    decision: Decision, component: str, container: Manifest, annotations: Mapping[str, str]
) -> Manifest:
    """The container with model, environment, resources and arguments; `annotations` are its pod's."""
    made = _with_environment(decision, component, container, annotations)
    made = _with_mounts(decision, made, annotations)
    made = _with_resources(decision, component, made)
    made = _with_arguments(accelerator_config(decision, component), made)
    return (
        made if component in decision.accelerators else _with_parallelism(decision, component, made)
    )


def accelerator_config(decision: Decision, component: str) -> Manifest:
    """What the runtime's format says about the class of a component; empty where nothing."""
    chosen = decision.accelerators.get(component)
    name = text(chosen or {}, "metadata", "name")
    return mapping(decision.format, "acceleratorConfig", name) if name else {}


def with_variable(container: Manifest, name: str, value: str) -> Manifest:
    """The container with a variable set. Source: UpdateEnvVars."""
    env = items(container, "env")
    if any(text(each, "name") == name for each in env):
        changed = [each | {"value": value} if each["name"] == name else each for each in env]
        return container | {"env": changed}
    return container | {"env": [*env, {"name": name, "value": value}]}


def with_mount(container: Manifest, mount: Manifest | None) -> Manifest:
    """The container with a volume mounted, in place of its first mount of that volume.

    Source: UpdateVolumeMount.
    """
    if mount is None:
        return container
    mounts = list(items(container, "volumeMounts"))
    held = [index for index, each in enumerate(mounts) if each.get("name") == mount["name"]]
    if not held:
        return container | {"volumeMounts": [*mounts, mount]}
    kept = {key: value for key, value in mounts[held[0]].items() if key not in _REPLACED}
    mounts[held[0]] = kept | {key: mount[key] for key in _REPLACED if key in mount}
    return container | {"volumeMounts": mounts}


_REPLACED: Final = ("mountPath", "subPath", "readOnly")


def _with_default(container: Manifest, name: str, value: str) -> Manifest:
    held = any(text(each, "name") == name for each in items(container, "env"))
    return container if held else with_variable(container, name, value)


def _with_environment(
    decision: Decision, component: str, container: Manifest, annotations: Mapping[str, str]
) -> Manifest:
    path = model_path(decision)
    if decision.tuning.weight is not None:
        container = _with_tuning(decision, container, annotations)
    elif path and fine_tuning.mounts_model(annotations):
        container = _with_default(container, _MODEL_PATH, path)
    own = mapping(accelerator_config(decision, component), "environmentOverride")
    for name in sorted(own):
        container = with_variable(container, name, str(own[name]))
    return container


def _with_tuning(
    decision: Decision, container: Manifest, annotations: Mapping[str, str]
) -> Manifest:
    vendor = text(decision.model[0], "spec", "vendor") if decision.model else ""
    if vendor == "meta":
        served = f"/data/{annotations.get(fine_tuning.ADAPTER, '')}"
        named = with_variable(container, "SERVED_MODEL_NAME", served)
        return _with_default(named, _MODEL_PATH, _MOUNTED)
    if vendor == "cohere" and fine_tuning.stacked_on_cohere(annotations):
        return _with_default(container, "TFEW_PATH", f"{_MOUNTED}/tfew")
    return container


def _with_mounts(
    decision: Decision, container: Manifest, annotations: Mapping[str, str]
) -> Manifest:
    path = model_path(decision)
    mounts = list(items(container, "volumeMounts"))
    if path and decision.model is not None and fine_tuning.mounts_model(annotations):
        name = text(decision.model[0], "metadata", "name")
        mounts.append({"name": name, "mountPath": path, "readOnly": True})
    held = any(text(each, "name") == EMPTY_VOLUME for each in mounts)
    if decision.tuning.weight is not None and not held:
        mounts.append({"name": EMPTY_VOLUME, "mountPath": _MOUNTED})
    return container | ({"volumeMounts": mounts} if mounts else {})


def model_path(decision: Decision) -> str:
    """Where the model lies on its nodes; empty without a model or a path."""
    return text(decision.model[0], "spec", "storage", "path") if decision.model else ""


def _with_resources(decision: Decision, component: str, container: Manifest) -> Manifest:
    """Amounts of the class, unless the service's own runner gives any. Source: MergeResource."""
    given = mapping(decision.service, "spec", component, "runner", "resources")
    if any(given.get(part) for part in ("limits", "requests", "claims")):
        return container
    resources = mapping(container, "resources")
    sides = {side: _amounts(decision, component, container, side) for side in _SIDES}
    filled = resources | {side: found for side, found in sides.items() if found}
    return container | {"resources": filled} if filled else container


_SIDES: Final = ("requests", "limits")


def _amounts(decision: Decision, component: str, container: Manifest, side: str) -> dict[str, Any]:
    chosen = decision.accelerators.get(component, {})
    named = [
        mapping(each, "resources", side)
        for each in items(decision.runtime or {}, "spec", "containers")
        if text(each, "name") == text(container, "name")
    ]
    of_class = {
        text(each, "name"): each.get("quantity", "1") for each in items(chosen, "spec", "resources")
    }
    return (named[0] if named else {}) | mapping(container, "resources", side) | of_class


def _with_arguments(config: Manifest, container: Manifest) -> Manifest:
    """Source: MergeRuntimeArgumentsOverride."""
    args = arguments.merged(items(container, "args"), items(config, "runtimeArgsOverride"))
    made = container | ({"args": args} if args else {})
    sizes = mapping(config, "tensorParallelismOverride")
    made = _with_size(made, _TENSOR, sizes.get("tensorParallelSize"))
    return _with_size(made, _PIPELINE, sizes.get("pipelineParallelSize"))


def _with_size(container: Manifest, flags: tuple[str, ...], size: Any) -> Manifest:
    if not isinstance(size, int) or size <= 0:
        return container
    for field, change in (("args", arguments.with_number), ("command", arguments.in_list)):
        for flag in flags:
            changed = change(items(container, field), flag, size)
            if changed is not None:
                return container | {field: changed}
    return container


def _with_parallelism(decision: Decision, component: str, container: Manifest) -> Manifest:
    """The GPUs of a whole group, where the container has any of NVIDIA's."""
    limits, requests = (dig(container, "resources", side, _GPU) for side in ("limits", "requests"))
    amount = quantity(requests if limits is None else limits)
    workers = dig(decision.components[component], "worker", "size")
    size = math.ceil(amount or 0) * (1 + (workers if isinstance(workers, int) else 0))
    return with_variable(container, "PARALLELISM_SIZE", str(size)) if size > 0 else container
