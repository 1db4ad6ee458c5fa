"""Counting parameters from the weights themselves, which OME prefers to any formula.

A safetensors file begins with a JSON header naming the shape of each tensor; the index beside
sharded files adds up their bytes. Source: pkg/hfutil/modelconfig/safetensors.go.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.facts import config_text
from ome_backend.facts.config_text import Number
from ome_backend.facts.failure import Failure
from ome_backend.facts.go_integers import int64
from ome_backend.resources.manifest import dig


@dataclass(frozen=True)
class Weights:
    """What an index says of all weights together; None where it says nothing."""

    parameters: int | None
    bytes: int | None


def counted(headers: Iterable[str]) -> int | Failure:
    """All elements of all tensors; tensors without a shape and `__metadata__` do not count."""
    total = 0
    for header in headers:
        tensors = config_text.parse(header)
        if isinstance(tensors, Failure):
            return Failure(f"failed to parse JSON header: {tensors.text}")
        total += sum(_elements(dig(tensors, name, "shape")) for name in tensors or {})
    return int64(total)


def weights(index_text: str) -> Weights:
    """What the `metadata` of a model.safetensors.index.json adds up to."""
    index = config_text.parse(index_text)
    found = index if isinstance(index, dict) else {}
    return Weights(
        _number(dig(found, "metadata", "total_parameters")),
        _number(dig(found, "metadata", "total_size")),
    )


def _elements(shape: object) -> int:
    sizes = [_number(size) or 0 for size in shape] if isinstance(shape, list) else []
    return int64(math.prod(sizes)) if sizes else 0


def _number(value: object) -> int | None:
    """Tools write whole numbers with a fraction too: 16060522496.0."""
    if not isinstance(value, Number) or len(value.literal) > 30:
        return None
    number = float(value.literal)
    return int(number) if 0 < number < 2**63 else None
