"""What all GPUs of a class cost, and the part of it that nobody holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ome_backend.planning.amount import Estimate
from ome_backend.planning.capacity import NodeCapacity
from ome_backend.planning.cost import Prices, idle, per_hour, per_month, prices
from ome_backend.resources.accelerator_class import AcceleratorClass


@dataclass(frozen=True, slots=True)
class ClassCost:
    """The GPUs of one class: `held` by pods of the `total`; idle ones cost as much as busy ones."""

    accelerator: AcceleratorClass
    prices: Prices
    total: int
    held: int
    per_hour: Estimate
    idle_per_hour: Estimate

    @property
    def idle(self) -> int:
        return self.total - self.held

    @property
    def idle_per_month(self) -> Estimate:
        return per_month(self.idle_per_hour)


def class_costs(
    nodes: Iterable[NodeCapacity],
    classes: Iterable[AcceleratorClass],
    placed: Mapping[str, AcceleratorClass],
) -> tuple[ClassCost, ...]:
    """Every class that has GPUs, by name; `placed` is the class of each node, so that none counts twice.

    GPUs of nodes that take no new pods are idle as well: they are paid for.
    """
    own: dict[str, list[NodeCapacity]] = defaultdict(list)
    for node in nodes:
        if node.node.name in placed:
            own[placed[node.node.name].key.name].append(node)
    ordered = sorted(classes, key=lambda each: each.key.name)
    return tuple(_cost(each, own[each.key.name]) for each in ordered if own[each.key.name])


def _cost(accelerator: AcceleratorClass, nodes: list[NodeCapacity]) -> ClassCost:
    total = sum(node.total for node in nodes)
    held = sum(min(node.held, node.total) for node in nodes)
    known = prices(accelerator)
    hourly = per_hour(known.per_hour, total)
    return ClassCost(
        *(accelerator, known, total, held, hourly), idle(hourly, held / total if total else 0.0)
    )
