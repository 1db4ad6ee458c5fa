"""Which nodes OME counts to an accelerator class. Only its status depends on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.manifest import dig
from ome_backend.resources.node import Node
from ome_backend.resources.quantity import quantity


@dataclass(frozen=True, slots=True)
class Discovery:
    """The names of the nodes in order, and what a person would not expect of the rule."""

    nodes: tuple[str, ...]
    warnings: tuple[str, ...]


def discover(accelerator: AcceleratorClass, nodes: Iterable[Node]) -> Discovery:
    """The nodes OME writes into the status of `accelerator`.

    Labels must equal the selector's (an empty value fits a missing label), and the node's system
    memory must reach the accelerator's. Affinity, PCI identifiers and resources are not looked at.
    Source: pkg/controller/v1beta1/acceleratorclass/controller.go, nodePassesDiscovery.
    """
    labelled = [node for node in nodes if _selected(accelerator, node)]
    found = sorted(node.name for node in labelled if _roomy(accelerator, node))
    small = sorted({node.name for node in labelled}.difference(found))
    return Discovery(tuple(found), (*everywhere(accelerator), *_small(accelerator, small)))


def everywhere(accelerator: AcceleratorClass) -> tuple[str, ...]:
    """The warning about a class that claims every node, if it does."""
    if accelerator.node_selector:
        return ()
    return (
        f"Accelerator class {accelerator.key.name} has no discovery.nodeSelector: it matches every "
        "node, and pods that use it are not kept to its nodes. Affinity and PCI identifiers do not "
        "count in discovery.",
    )


def _selected(accelerator: AcceleratorClass, node: Node) -> bool:
    wanted = accelerator.node_selector
    return all(node.labels.get(name, "") == value for name, value in wanted.items())


def _roomy(accelerator: AcceleratorClass, node: Node) -> bool:
    needed = accelerator.memory_quantity
    return needed is None or needed <= (
        quantity(dig(node.raw, "status", "capacity", "memory")) or 0
    )


def _small(accelerator: AcceleratorClass, names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return (
        f"OME compares memoryGB ({accelerator.memory}) with the system memory of a node, not with "
        f"its GPU memory; therefore {', '.join(names)} does not count although the labels fit.",
    )
