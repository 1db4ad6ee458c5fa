"""Inference engines as far as the sandbox plays them: how long they load, and whether the model fits."""

from dataclasses import dataclass
from datetime import datetime

from ome_backend.admission import known
from ome_backend.resources import kinds
from ome_backend.resources.gpu import gpus
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.quantity import quantity
from ome_backend.sandbox.controllers import engine_lines, groups
from ome_backend.sandbox.controllers.world import World

_WIDTHS = {"int4": 0.6, "fp8": 1.0, "fbgemm_fp8": 1.0}
_USABLE = 0.92
_GB = 1e9
# The last line a container leaves is its termination message only if the pod asks for it.
_FALLBACK = "FallbackToLogsOnError"


@dataclass(frozen=True, slots=True)
class Shortage:
    """What the weights need on each GPU and what each has, in bytes."""

    needed: float
    available: float


def out_of_memory(world: World, pod: Manifest, node: Manifest) -> Shortage | None:
    """How far the GPUs of a pod are too small for its model; None when it fits or has none."""
    model = _model(world, pod)
    held = held_gpus(pod) * groups.group_size(pod)
    memory = gpu_memory(node)
    if model is None or not held or not memory:
        return None
    needed = weights(model) / held
    return Shortage(needed, memory) if needed > memory * _USABLE else None


def loading_time(world: World, pod: Manifest) -> float:
    """Simulated seconds from the start of the container until it is ready."""
    model = _model(world, pod)
    if model is None or not held_gpus(pod):
        return 3.0
    return 13.0 + min(9.0, weights(model) / _GB / 20)


def crash(world: World, pod: Manifest, started: datetime, ended: datetime) -> Manifest:
    """How a run that ran out of GPU memory is reported."""
    report: Manifest = {
        "exitCode": 1,
        "reason": "Error",
        "startedAt": world.stamp(started),
        "finishedAt": world.stamp(ended),
    }
    container: Manifest = next(iter(items(pod, "spec", "containers")), {})
    if text(container, "terminationMessagePolicy") == _FALLBACK:
        report["message"] = "\n".join(last_words(world, pod)) + "\n"
    return report


def last_words(world: World, pod: Manifest) -> list[str]:
    """What a run of the pod that cannot succeed prints at its end; empty for one that can."""
    node = world.get(kinds.NODE, Key("", text(pod, "spec", "nodeName"))) or {}
    shortage = out_of_memory(world, pod, node)
    return engine_lines.out_of_memory(shortage.needed, shortage.available) if shortage else []


def weights(model: Manifest) -> float:
    """Bytes of a model's weights; 0 when its size is not known."""
    width = _WIDTHS.get(text(model, "spec", "quantization"), 2.0)
    return parse(text(model, "spec", "modelParameterSize")) * width


def held_gpus(pod: Manifest) -> int:
    """GPUs the pod was given."""
    asked = (mapping(each, "resources") for each in items(pod, "spec", "containers"))
    return sum(gpus(mapping(each, "limits")) or gpus(mapping(each, "requests")) for each in asked)


def gpu_memory(node: Manifest) -> float:
    """Bytes of one GPU of a node, from the labels its vendor's operator sets; 0 without."""
    nvidia = quantity(dig(node, "metadata", "labels", "nvidia.com/gpu.memory"))
    if nvidia:
        return float(nvidia) * 2**20
    return float(quantity(dig(node, "metadata", "labels", "amd.com/gpu.vram")) or 0)


def _model(world: World, pod: Manifest) -> Manifest | None:
    labels = mapping(pod, "metadata", "labels")
    if labels.get("component") not in ("engine", "decoder"):
        return None
    namespace, name = text(pod, "metadata", "namespace"), text(labels, "base-model-name")
    found = known.model(world, namespace, name) if name else None
    return found[0] if found else None
