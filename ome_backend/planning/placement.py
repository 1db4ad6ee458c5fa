"""Where replicas could start now: free GPUs by accelerator class, and what fragmentation takes away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ome_backend.planning.capacity import NodeCapacity, belongs
from ome_backend.resources.accelerator_class import AcceleratorClass


@dataclass(frozen=True, slots=True)
class Need:
    """What one replica needs: `pods` pods of `gpus` GPUs each, on nodes with these labels.

    `ready` names the nodes that have the model, the only ones OME lets it run on; None leaves it open.
    """

    gpus: int
    pods: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    ready: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """The nodes of one class (None: of no class) that a replica may run on.

    `replicas` could start now; `largest` is the most GPUs that one node has free.
    """

    accelerator: AcceleratorClass | None
    nodes: tuple[NodeCapacity, ...]
    left_out: tuple[str, ...]
    free: int
    largest: int
    replicas: int
    sentence: str

    @property
    def name(self) -> str:
        return self.accelerator.key.name if self.accelerator is not None else "no class"


def pools(
    nodes: Iterable[NodeCapacity], classes: Iterable[AcceleratorClass], need: Need
) -> tuple[Pool, ...]:
    """The classes that have nodes, the one with most replicas first. A node may belong to several classes."""
    seen = tuple(nodes)
    known = [(each, tuple(node for node in seen if belongs(node, each))) for each in classes]
    placed = {node.node.name for _, own in known for node in own}
    rest = tuple(node for node in seen if node.node.name not in placed)
    found = [_pool(each, own, need) for each, own in known if own]
    found += [_pool(None, rest, need)] if rest else []
    return tuple(sorted(found, key=lambda pool: (-pool.replicas, -pool.free, pool.name)))


def _pool(accelerator: AcceleratorClass | None, nodes: Sequence[NodeCapacity], need: Need) -> Pool:
    usable = tuple(node for node in nodes if _usable(node, need))
    left_out = tuple(node.node.name for node in nodes if not _usable(node, need))
    free = sum(node.free for node in usable)
    largest = max((node.free for node in usable), default=0)
    slots = sum(node.free // need.gpus for node in usable) if need.gpus > 0 else 0
    replicas = slots // max(1, need.pods)
    return Pool(
        accelerator,
        usable,
        left_out,
        free,
        largest,
        replicas,
        _sentence(need, usable, free, largest, slots),
    )


def _usable(node: NodeCapacity, need: Need) -> bool:
    here = need.ready is None or node.node.name in need.ready
    return here and all(node.node.labels.get(key) == value for key, value in need.labels.items())


def _sentence(
    need: Need, nodes: Sequence[NodeCapacity], free: int, largest: int, slots: int
) -> str:
    if not nodes:
        return "None of its nodes has the model and the labels that are asked for."
    if need.gpus <= 0:
        return "A replica asks for no GPUs."
    replicas = slots // max(1, need.pods)
    if replicas:
        return f"{replicas} {'replica' if replicas == 1 else 'replicas'} could start now; {_gpus(free)} free."
    if largest < need.gpus:
        whole = (
            f", but no node has {need.gpus}" if free >= need.gpus else f"; a pod needs {need.gpus}"
        )
        return f"{_gpus(free)} free{whole}."
    return f"There is room for {slots} of the {need.pods} pods of a replica."


def _gpus(count: int) -> str:
    return "1 GPU" if count == 1 else f"{count} GPUs"
