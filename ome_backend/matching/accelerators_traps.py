"""What is surprising about how OME reads the numbers of an accelerator class."""

import re
from collections.abc import Iterable, Iterator

from ome_backend.matching.accelerators_asked import Constraints
from ome_backend.matching.accelerators_eligible import gigabytes
from ome_backend.resources.accelerator_class import AcceleratorClass

_NUMERIC = re.compile(r"[0-9]+(\.[0-9]+)*")


def class_warnings(
    wanted: Constraints | None, compared: Iterable[AcceleratorClass]
) -> tuple[str, ...]:
    """The warnings about the classes of which one was to be chosen."""
    return tuple(
        text for one in compared for text in (*_memory(one), *_version(one, wanted)) if text
    )


def _memory(accelerator: AcceleratorClass) -> Iterator[str]:
    """A Kubernetes quantity, whatever the name of the field says."""
    written, size = accelerator.memory, gigabytes(accelerator)
    if size == 0:
        yield (
            f"memoryGB: {written} of class {accelerator.key.name} means {accelerator.memory_bytes} "
            f"bytes, which counts as 0 GB; write it with a unit, such as 80Gi."
        )
    elif size is not None and not written.endswith("i"):
        yield (
            f"memoryGB: {written} of class {accelerator.key.name} counts as {size} GB; write it in "
            "Gi to mean what it says."
        )


def _version(accelerator: AcceleratorClass, wanted: Constraints | None) -> Iterator[str]:
    has, wants = accelerator.compute_capability, wanted.min_version if wanted else None
    if not has or not wants:
        return
    ours, theirs = _numbers(has), _numbers(wants)
    taken = "passes" if has >= wants else "is refused"
    if ours is None or theirs is None:
        why = "" if has == wants else "one of them is not a version number"
    else:
        why = "" if (ours >= theirs) == (has >= wants) else "as numbers it is the other way round"
    if why:
        yield (
            f"minArchitectureVersion is compared as text: class {accelerator.key.name} with {has} "
            f"{taken} for {wants}, though {why}."
        )


def _numbers(text: str) -> tuple[int, ...] | None:
    """The parts of a version without trailing zeros; None where it is none."""
    if not _NUMERIC.fullmatch(text):
        return None
    parts = [int(part) for part in text.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
