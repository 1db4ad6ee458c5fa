"""The accelerator classes a new service may ask for, and what speaks against each for its model and runtime."""

from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.planning.capacity import ClassCapacity, NodeCapacity, belongs
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Option:
    """One class with its GPUs. Pods run only where the model is ready, and OME takes only runtimes that list
    the class: without either the class is of no use."""

    capacity: ClassCapacity
    has_model: bool
    listed: bool

    @property
    def name(self) -> str:
        return self.capacity.accelerator.key.name

    @property
    def useful(self) -> bool:
        return self.has_model and self.listed


def options(
    classes: Iterable[ClassCapacity],
    nodes: Iterable[NodeCapacity],
    model: Model,
    runtime: Runtime | None,
) -> tuple[Option, ...]:
    """Useful classes first, then by name; where no runtime is named nothing is said of its list.

    Source for the list: pkg/runtimeselector/matcher.go, accelerator classes.
    """
    ready = [node for node in nodes if node.node.name in model.nodes_ready]
    listed = runtime.accelerator_classes if runtime is not None else None
    found = (
        Option(
            each,
            has_model=any(belongs(node, each.accelerator) for node in ready),
            listed=listed is None or each.accelerator.key.name in listed,
        )
        for each in classes
    )
    return tuple(sorted(found, key=lambda each: (not each.useful, each.name)))
