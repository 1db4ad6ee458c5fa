"""GPUs: what the nodes offer, what pods hold, and what is left for a new service."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod


@dataclass(frozen=True, slots=True)
class NodeCapacity:
    """GPUs of one node; a node that takes no new pods has none free."""

    node: Node
    total: int
    held: int

    @property
    def free(self) -> int:
        return max(0, self.total - self.held) if self.node.schedulable else 0


@dataclass(frozen=True, slots=True)
class ClassCapacity:
    """GPUs of the nodes that belong to an accelerator class; `largest` is the most that one node has free."""

    accelerator: AcceleratorClass
    total: int
    free: int
    largest: int


def node_capacity(nodes: Iterable[Node], pods: Iterable[Pod]) -> tuple[NodeCapacity, ...]:
    """Free and held GPUs of every node that has any, by name."""
    held: Counter[str] = Counter()
    for pod in pods:
        if pod.holds_gpus:
            held[pod.node] += pod.gpus
    found = (NodeCapacity(node, node.gpus, held[node.name]) for node in nodes)
    return tuple(sorted((each for each in found if each.total), key=lambda each: each.node.name))


def belongs(node: NodeCapacity, accelerator: AcceleratorClass) -> bool:
    """Whether every label of the class's discovery.nodeSelector is the node's; OME compares
    only those (`acceleratorclass/controller.go`)."""
    return all(
        node.node.labels.get(key) == value for key, value in accelerator.node_selector.items()
    )


def class_capacity(accelerator: AcceleratorClass, nodes: Iterable[NodeCapacity]) -> ClassCapacity:
    """What is there and free on the nodes that belong to the class."""
    own = [each for each in nodes if belongs(each, accelerator)]
    return ClassCapacity(
        accelerator,
        total=sum(each.total for each in own),
        free=sum(each.free for each in own),
        largest=max((each.free for each in own), default=0),
    )


def class_of_nodes(
    nodes: Iterable[NodeCapacity], classes: Iterable[AcceleratorClass]
) -> Mapping[str, AcceleratorClass]:
    """The class of each node by the node's name; where several fit, the first by name."""
    ordered = sorted(classes, key=lambda each: each.key.name)
    found = (
        (node, next((each for each in ordered if belongs(node, each)), None)) for node in nodes
    )
    return {node.node.name: each for node, each in found if each is not None}
