"""The scheduler: a node for every pod, or the reason why there is none, in kube-scheduler's words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ome_backend.resources import kinds
from ome_backend.resources.gpu import GPU_RESOURCES
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.resources.node import Node
from ome_backend.resources.quantity import quantity
from ome_backend.sandbox.controllers import events, node_fit
from ome_backend.sandbox.controllers.world import World

_COUNTED = ("cpu", "memory", *GPU_RESOURCES)
_SOURCE = "default-scheduler"
Amounts = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class _No:
    """Why a node does not do; `resolvable` by evicting other pods."""

    reason: str
    resolvable: bool = False


def turn(world: World) -> datetime | None:
    """Binds what can be bound. Returns when an unschedulable pod is complained about again."""
    waiting = [pod for pod in world.list(kinds.POD) if _waiting(pod)]
    if not waiting:
        return None
    nodes = world.list(kinds.NODE)
    free = {text(node, "metadata", "name"): _free(world, node) for node in nodes}
    due: list[datetime] = []
    for pod in sorted(waiting, key=lambda each: text(each, "metadata", "creationTimestamp")):
        again = _place(world, pod, nodes, free)
        if again is not None:
            due.append(again)
    return min(due, default=None)


def requests(pod: Manifest) -> Amounts:
    """What a pod asks a node for; a limit without a request counts as one."""
    total: Amounts = {}
    for container in items(pod, "spec", "containers"):
        asked = mapping(container, "resources", "limits") | mapping(
            container, "resources", "requests"
        )
        for name in _COUNTED:
            amount = quantity(asked.get(name)) if name in asked else None
            if amount:
                total[name] = total.get(name, Decimal(0)) + amount
    return total


def _waiting(pod: Manifest) -> bool:
    placed = bool(text(pod, "spec", "nodeName"))
    return not placed and not text(pod, "metadata", "deletionTimestamp")


def _free(world: World, node: Manifest) -> Amounts:
    left = {name: _allocatable(node, name) for name in _COUNTED}
    for pod in world.list(kinds.POD):
        on_it = text(pod, "spec", "nodeName") == text(node, "metadata", "name")
        if on_it and text(pod, "status", "phase") not in ("Succeeded", "Failed"):
            for name, amount in requests(pod).items():
                left[name] -= amount
    return left


def _allocatable(node: Manifest, name: str) -> Decimal:
    return quantity(dig(node, "status", "allocatable", name)) or Decimal(0)


def _place(
    world: World, pod: Manifest, nodes: list[Manifest], free: dict[str, Amounts]
) -> datetime | None:
    refusals: list[_No] = []
    fitting: list[tuple[Decimal, str]] = []
    for node in nodes:
        name = text(node, "metadata", "name")
        said = list(_refusals(pod, node, free[name]))
        refusals += said
        if not said:
            fitting.append((sum((free[name][each] for each in GPU_RESOURCES), Decimal(0)), name))
    if fitting:
        # The fullest node that still fits: whole nodes stay free for large models.
        _bind(world, pod, min(fitting)[1], free)
        return None
    return _refuse(world, pod, _message(len(nodes), refusals))


def _refusals(pod: Manifest, node: Manifest, free: Amounts) -> Iterator[_No]:
    """The reasons of the first filter that rejects the node, as the scheduler reports them."""
    spec = mapping(pod, "spec")
    if dig(node, "spec", "unschedulable") is True:
        yield _No("node(s) were unschedulable")
        return
    taint = node_fit.untolerated(node, items(spec, "tolerations"))
    if taint is None and not Node(node).ready:
        taint = {"key": "node.kubernetes.io/not-ready"}
    if taint is not None:
        yield _No(f"node(s) had untolerated taint {{{text(taint, 'key')}: {text(taint, 'value')}}}")
        return
    affinity = mapping(spec, "affinity", "nodeAffinity")
    if not node_fit.selected(node, mapping(spec, "nodeSelector")) or not node_fit.affine(
        node, affinity
    ):
        yield _No("node(s) didn't match Pod's node affinity/selector")
        return
    for name, amount in requests(pod).items():
        if amount > free[name]:
            yield _No(f"Insufficient {name}", amount <= _allocatable(node, name))


def _message(total: int, refusals: list[_No]) -> str:
    counted = Counter(each.reason for each in refusals)
    reasons = ", ".join(sorted(f"{count} {reason}" for reason, count in counted.items()))
    helped = sum(each.resolvable for each in refusals)
    none = f"0/{total} nodes are available"
    victims = [f"{helped} No preemption victims found for incoming pod"] if helped else []
    rest = total - helped
    useless = [f"{rest} Preemption is not helpful for scheduling"] if rest > 0 else []
    return f"{none}: {reasons}. preemption: {none}: {', '.join(victims + useless)}."


def _bind(world: World, pod: Manifest, node: str, free: dict[str, Amounts]) -> None:
    for name, amount in requests(pod).items():
        free[node][name] -= amount

    def bind(raw: Manifest) -> None:
        raw["spec"]["nodeName"] = node
        scheduled = {"type": "PodScheduled", "status": "True", "lastTransitionTime": world.stamp()}
        raw.setdefault("status", {})["conditions"] = [scheduled]

    world.change(kinds.POD, key_of(pod), bind, status=True)
    message = f"Successfully assigned {key_of(pod)} to {node}"
    events.say(world, pod, "Scheduled", message, source=_SOURCE)


def _refuse(world: World, pod: Manifest, message: str) -> datetime:
    def refuse(raw: Manifest) -> None:
        status = raw.setdefault("status", {})
        known: Manifest = next(iter(status.get("conditions") or []), {})
        status["phase"] = "Pending"
        status["conditions"] = [
            {
                "type": "PodScheduled",
                "status": "False",
                "reason": "Unschedulable",
                "message": message,
                "lastTransitionTime": known.get("lastTransitionTime", world.stamp()),
            }
        ]

    world.change(kinds.POD, key_of(pod), refuse, status=True)
    return events.keep_saying(world, pod, "FailedScheduling", message, source=_SOURCE)
