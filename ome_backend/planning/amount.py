"""Numbers that show how they came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ome_backend.resources.evidence import Evidence

GIB = float(2**30)


class Input(NamedTuple):
    """A number or word that went into an amount, and how well it is known."""

    name: str
    value: float | str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Amount:
    """A value with its unit (`GiB`, `B`, `B/token`, `tokens`, `/h`, ...), its formula and the formula's inputs."""

    value: float
    unit: str
    formula: str
    inputs: tuple[Input, ...] = ()
    evidence: Evidence = Evidence.COMPUTED

    def bytes(self) -> float:
        """The value in bytes, for amounts of memory in GiB or B."""
        return self.value * GIB if self.unit == "GiB" else self.value


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value, and why; `missing` names the fields that would help."""

    why: str
    missing: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        return Evidence.UNAVAILABLE


Estimate = Amount | Unknown


def declared(name: str, value: float | str) -> Input:
    """Something that a checkpoint, a manifest or an argument says."""
    return Input(name, value, Evidence.DECLARED)


def computed(name: str, value: float | str) -> Input:
    """Something worked out or assumed here."""
    return Input(name, value, Evidence.COMPUTED)


def memory(size: float, formula: str, inputs: Iterable[Input] = ()) -> Amount:
    """`size` bytes as an amount in GiB."""
    return Amount(size / GIB, "GiB", formula, tuple(inputs))
