"""How OME weighs accelerator classes. Source: pkg/acceleratorclassselector/policy_helpers.go."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ome_backend.matching.accelerators_asked import Constraints
from ome_backend.resources.accelerator_class import AcceleratorClass

_GIB = 1 << 30

# What OME reads for a precision; any other one, such as bf16, counts 0.
MEASURES = MappingProxyType(
    {
        "fp32": "fp32Tflops",
        "fp16": "fp16Tflops",
        "int8": "int8Tops",
        "fp8": "int8Tops",
        "int4": "int4Tops",
    }
)


@dataclass(frozen=True, slots=True)
class Strength:
    """What MostCapable compares: operations in the wanted precision, memory and bandwidth."""

    operations: float
    memory: float
    bandwidth: float


def best_fit(accelerator: AcceleratorClass, wanted: Constraints) -> float:
    """The BestFit score, 0 to 1: memory as near above minMemory as possible, then performance."""
    return 0.70 * memory_fit(accelerator, wanted) + 0.30 * performance_fit(accelerator, wanted)


def memory_fit(accelerator: AcceleratorClass, wanted: Constraints) -> float:
    """1 for exactly the memory asked for, less the more there is beyond it, 0 below."""
    need = wanted.min_memory
    if need is None:
        return 1.0
    if accelerator.memory_bytes is None:
        return 0.0
    have = accelerator.memory_bytes / _GIB
    if have == need:
        return 1.0
    return 1.0 / (have / need) if have > need and have * need else 0.0


def performance_fit(accelerator: AcceleratorClass, wanted: Constraints) -> float:
    """How near it comes to the performance asked for, halved with every precision not found."""
    required = wanted.min_performance or 0
    if not wanted.precisions:
        fastest = max(map(accelerator.operations, set(MEASURES.values())))
        return share(max(fastest, 0), required)
    penalty = 1.0
    for precision in (*wanted.precisions, "fp16"):
        found = operations(accelerator, precision)
        if found > 0:
            return share(found, required) * penalty
        penalty *= 0.5
    return 0.0


def share(found: int, required: int) -> float:
    """`found` as a part of `required`, at most 1; anything is enough where nothing is required."""
    if found == 0:
        return 0.0
    return 1.0 if required == 0 else min(1.0, found / required)


def operations(accelerator: AcceleratorClass, precision: str) -> int:
    """Trillions of operations per second in `precision`; 0 for one that OME does not know."""
    measure = MEASURES.get(precision.lower())
    return accelerator.operations(measure) if measure else 0


def strength(accelerator: AcceleratorClass, precisions: Sequence[str]) -> Strength:
    """The raw numbers of a class, in the first of `precisions` it has; fp16 without any."""
    first, *others = precisions or ("fp16",)
    found = operations(accelerator, first)
    if found == 0:
        found = next((n for n in (operations(accelerator, one) for one in others) if n > 0), 0)
    memory = accelerator.memory_bytes or 0
    return Strength(float(found), memory / _GIB, float(accelerator.bandwidth))


def largest(strengths: Sequence[Strength]) -> Strength:
    """The greatest value of each, at least 0; what `capability` divides by."""
    return Strength(
        max((one.operations for one in strengths), default=0.0),
        max((one.memory for one in strengths), default=0.0),
        max((one.bandwidth for one in strengths), default=0.0),
    )


def capability(one: Strength, best: Strength) -> float:
    """The MostCapable score: half memory, then bandwidth, then operations, relative to `best`."""
    return (
        0.5 * _part(one.memory, best.memory)
        + 0.3 * _part(one.bandwidth, best.bandwidth)
        + 0.2 * _part(one.operations, best.operations)
    )


def _part(value: float, maximum: float) -> float:
    return value / maximum if maximum > 0 else 0.0
