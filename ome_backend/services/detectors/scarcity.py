"""Pods that wait for GPUs which other services hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ome_backend.editing import commands
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import items, mapping
from ome_backend.resources.node import Node
from ome_backend.resources.node_selector import meets
from ome_backend.resources.pod import Pod
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity

_REQUIRED = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")


class _Holder(NamedTuple):
    """A service whose end would make room: on which node, and how many GPUs it holds there."""

    service: Key
    node: str
    gpus: int


def gpus_taken(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Services whose pods would suit nodes that have too few free GPUs; OME only says Initializing."""
    for service in cluster.services:
        pods = cluster.pods_by_service.get(service.key, ())
        waiting = next((pod for pod in pods if _waits(pod)), None)
        if waiting is not None:
            yield _finding(service, waiting, cluster)


def _waits(pod: Pod) -> bool:
    refused = pod.unscheduled
    if refused is None or pod.terminating or pod.ended:
        return False
    return "Insufficient" in refused.message and "gpu" in refused.message


def _finding(service: InferenceService, pod: Pod, cluster: Cluster) -> DoctorFinding:
    nodes = [node for node in cluster.nodes if _suits(node, pod) and node.gpus]
    holder = _holder(service.key, pod.gpus, nodes, cluster)
    refused = pod.unscheduled
    return DoctorFinding(
        "gpus-taken",
        Severity.BROKEN,
        service.ref,
        f"It waits for {pod.gpus} GPU{'' if pod.gpus == 1 else 's'} on one node, which others hold",
        f"{pod.key.name}: {refused.message if refused is not None else ''}",
        "OME lets its pods run only on nodes that have the model and its labels; its status only says "
        "Initializing.",
        _fix(holder, nodes),
        command=commands.delete(Ref(kinds.INFERENCE_SERVICE, holder.service)) if holder else "",
    )


def _fix(holder: _Holder | None, nodes: list[Node]) -> str:
    otherwise = "add a node, or choose a runtime that needs fewer GPUs on one node"
    if holder is None:
        named = ", ".join(node.name for node in nodes) or "any that suits"
        return f"Free GPUs on {named}; or {otherwise}."
    return (
        f"Delete {holder.service}, which holds {holder.gpus} GPUs on {holder.node}, if it matters less; or "
        f"{otherwise}."
    )


def _suits(node: Node, pod: Pod) -> bool:
    """By labels and affinity; taints are left to the scheduler."""
    wanted = mapping(pod.raw, "spec", "nodeSelector")
    terms = items(pod.raw, "spec", *_REQUIRED, "nodeSelectorTerms")
    labelled = all(node.labels.get(name) == value for name, value in wanted.items())
    return (
        node.schedulable
        and labelled
        and (not terms or any(meets(node.raw, each) for each in terms))
    )


def _holder(own: Key, needed: int, nodes: list[Node], cluster: Cluster) -> _Holder | None:
    """The service that holds fewest GPUs in all, of those whose end alone makes room on one node."""
    held: dict[str, Counter[Key]] = defaultdict(Counter)
    whole: Counter[Key] = Counter()
    for pod in cluster.pods:
        if pod.holds_gpus:
            held[pod.node][pod.service] += pod.gpus
            whole[pod.service] += pod.gpus
    found = [
        _Holder(service, node.name, gpus)
        for node in nodes
        for service, gpus in held[node.name].items()
        if service.name and service != own
        if node.gpus - sum(held[node.name].values()) + gpus >= needed
    ]
    return min(found, key=lambda each: (whole[each.service], each), default=None)
