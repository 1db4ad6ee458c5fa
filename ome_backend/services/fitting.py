"""On which accelerator classes a checkpoint fits, and with how many GPUs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ome_backend.planning.amount import Estimate
from ome_backend.planning.capacity import ClassCapacity, NodeCapacity, belongs
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.plan import ModelFacts, Plan, gpu_memory, plan
from ome_backend.resources.accelerator_class import AcceleratorClass

REMEMBERED = 1024
Answer = Literal["yes", "tight", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether it fits on GPUs of a class on one node, with its whole context for one sequence.

    `gpus` is the fewest that do; None where none do or it is not known. `there` is the most that a
    node of the class has, `free` the most that one has free now.
    """

    accelerator: str
    answer: Answer
    gpus: int | None
    there: int
    free: int

    @property
    def fits(self) -> bool:
        return self.answer in ("yes", "tight")


def fits(
    config: str,
    parameters: Mapping[str, int],
    classes: Iterable[ClassCapacity],
    nodes: Iterable[NodeCapacity],
    size: str = "",
) -> tuple[Fit, ...]:
    """An answer for each class that has nodes: those on which it fits first, with the fewest GPUs.

    `config` is the text of a config.json, `parameters` the Hub's count by data type, `size` what
    stands for it where the Hub tells none.
    """
    known = tuple(nodes)
    counts = tuple(sorted(parameters.items()))
    found = [_fit(config, counts, size, each, _most(each.accelerator, known)) for each in classes]
    there = [each for each in found if each.there]
    return tuple(sorted(there, key=lambda each: (not each.fits, each.gpus or 0, each.accelerator)))


def _most(accelerator: AcceleratorClass, nodes: Iterable[NodeCapacity]) -> int:
    return max((node.total for node in nodes if belongs(node, accelerator)), default=0)


def _fit(
    config: str, counts: tuple[tuple[str, int], ...], size: str, of: ClassCapacity, there: int
) -> Fit:
    answer, gpus = _smallest(config, counts, size, gpu_memory(of.accelerator), there)
    return Fit(of.accelerator.key.name, answer, gpus, there, of.largest)


@lru_cache(REMEMBERED)
def _smallest(
    config: str, counts: tuple[tuple[str, int], ...], size: str, gpu: Estimate, most: int
) -> tuple[Answer, int | None]:
    """The smallest number of GPUs with which it fits even in the bad case, else in the typical one."""
    value = json.loads(config) if config else {}
    facts = ModelFacts(
        value if isinstance(value, dict) else {}, hub_parameters=dict(counts), size=size
    )
    found = plan(facts, EngineArgs(), gpu)
    return _sized(found, most) or _single(found)


def _sized(found: Plan, most: int) -> tuple[Answer, int | None] | None:
    """None where nothing is known of any size."""
    options = [each for each in found.tensor_sizes if each.tensor.size <= most]
    safe = next((each.tensor.size for each in options if each.pessimistic), None)
    if safe is not None:
        return "yes", safe
    typical = next((each.tensor.size for each in options if each.typical), None)
    if typical is not None:
        return "tight", typical
    known = [each for each in options if each.typical is not None]
    return ("no", None) if known else None


def _single(found: Plan) -> tuple[Answer, int | None]:
    match found.fits:
        case "yes":
            return "yes", 1
        case "tight":
            return "tight", 1
        case _:
            return "unknown", None
