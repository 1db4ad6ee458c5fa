"""Scaling a service: how many replicas each part may have, and what more or fewer would take."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ome_backend.planning.capacity import NodeCapacity, class_of_nodes
from ome_backend.planning.cost import Bill, Share, together
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.manifest import Manifest, dig, mapping
from ome_backend.resources.pod import Pod
from ome_backend.services.serving import ServiceView

# What OME's defaulter writes where nothing stands, or 0 (inference_service_defaults.go).
_DEFAULTS: Final[Mapping[str, tuple[int, int]]] = {
    "engine": (1, 3),
    "decoder": (1, 3),
    "router": (1, 2),
}
_GROUP: Final = "leaderworkerset.sigs.k8s.io/group-index"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a service: fewest and most replicas, and the pods of one replica, as they run now.

    `replica` is empty while none runs: then nothing is known of what one takes. `grouped` parts
    have a leader and workers as one replica, and no autoscaler.
    """

    component: str
    low: int
    high: int
    running: int
    replica: tuple[Pod, ...]
    grouped: bool

    @property
    def gpus(self) -> int:
        """Of one replica."""
        return sum(pod.gpus for pod in self.replica)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would come to: GPUs at the fewest and the most replicas, how many replicas more have
    room now (None where it is not known), and the cost of both an hour."""

    least: int
    most: int
    more: int
    room: int | None
    least_cost: Bill
    most_cost: Bill

    @property
    def waits(self) -> bool:
        """Not all of the replicas that it must have find GPUs now."""
        return self.room is not None and self.more > self.room


def parts(view: ServiceView) -> tuple[Part, ...]:
    """The parts the service has, in the order engine, decoder, router."""
    spec = mapping(view.service.raw, "spec")
    return tuple(_part(view, name) for name in _DEFAULTS if isinstance(spec.get(name), dict))


def _part(view: ServiceView, component: str) -> Part:
    low, high = _DEFAULTS[component]
    declared = mapping(view.service.raw, "spec", component)
    groups: dict[str, list[Pod]] = defaultdict(list)
    for pod in view.seen.pods:
        if pod.component == component and not pod.ended and not pod.terminating:
            groups[str(pod.labels.get(_GROUP, pod.key.name))].append(pod)
    fullest: list[Pod] = max(groups.values(), key=len, default=[])
    grouped = any(_GROUP in pod.labels for pod in fullest) or "leader" in declared
    return Part(
        component,
        _number(declared.get("minReplicas"), low),
        _number(declared.get("maxReplicas"), high),
        len(groups),
        tuple(fullest),
        grouped,
    )


def trouble(part: Part, low: int, high: int) -> str:
    """Why OME would not do what is meant; empty where it would."""
    if low > high:
        return "The fewest are more than the most: OME takes the fewest for both."
    if low == 0 and part.component != "decoder":
        return (
            "With 0 OME hands the part to Knative, whatever the deployment mode says: it does not pause. "
            "To free its GPUs, export the service and delete it."
        )
    if low == 0:
        return "With 0 OME's defaulter writes its own number, which is 1."
    return ""


def effect(
    view: ServiceView,
    part: Part,
    low: int,
    high: int,
    nodes: tuple[NodeCapacity, ...],
    classes: tuple[AcceleratorClass, ...],
) -> Effect:
    """What it takes, by the pods that run now and what is free on the nodes of the same classes."""
    placed = class_of_nodes(nodes, classes)
    own = {name for pod in part.replica if (name := _name(placed.get(pod.node)))}
    free = [each.free for each in nodes if not own or _name(placed.get(each.node.name)) in own]
    bills = [_bill(view, part, count, placed) for count in (low, high)]
    more = max(0, low - part.running)
    room = _room(part, free)
    return Effect(low * part.gpus, high * part.gpus, more, room, bills[0], bills[1])


def changed(component: str, low: int, high: int) -> Callable[[Manifest], Manifest]:
    """The change of a manifest; every other field stays."""

    def change(manifest: Manifest) -> Manifest:
        part = manifest["spec"][component]
        part["minReplicas"], part["maxReplicas"] = low, high
        return manifest

    return change


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and value > 0 else default


def _name(accelerator: AcceleratorClass | None) -> str:
    return accelerator.key.name if accelerator is not None else ""


def _room(part: Part, free: list[int]) -> int | None:
    """So many replicas find their GPUs now; a group's pods may lie on as many nodes, each on one of its own."""
    sizes = sorted((pod.gpus for pod in part.replica), reverse=True)
    if not sizes or not part.gpus:
        return None
    left, count = sorted(free, reverse=True), 0
    while _take(left, sizes):
        count += 1
    return count


def _take(left: list[int], sizes: list[int]) -> bool:
    """Put one replica's pods where the most is free; False, where it finds no room."""
    for size in sizes:
        at = max(range(len(left)), key=left.__getitem__, default=None)
        if at is None or left[at] < size:
            return False
        left[at] -= size
    return True


def _bill(
    view: ServiceView, part: Part, replicas: int, placed: Mapping[str, AcceleratorClass]
) -> Bill:
    return together(
        Share(view.key.namespace, view.key.name, placed.get(pod.node), pod.gpus, replicas)
        for pod in part.replica
        if pod.gpus
    )


def autoscaling(service: Manifest) -> str:
    """What scales the service between the fewest and the most, in a sentence (rec/autoscaler)."""
    annotations = mapping(service, "metadata", "annotations")
    chosen = annotations.get("ome.io/autoscalerClass") or "hpa"
    if chosen == "external":
        return "OME scales nothing: ome.io/autoscalerClass is external."
    if chosen == "keda":
        return "KEDA scales it by a Prometheus query, never to 0."
    metric = dig(service, "spec", "engine", "scaleMetric") or "cpu"
    target = annotations.get("ome.io/targetUtilizationPercentage") or "80"
    said = f"A HorizontalPodAutoscaler scales it by {metric}, at {target} % of what is requested."
    if metric not in ("cpu", "memory"):
        said += f" An HPA knows no resource called {metric}: it will not scale."
    return said
