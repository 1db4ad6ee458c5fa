"""Kubernetes quantities as numbers."""

import math
import re
from decimal import ROUND_UP, Context, Decimal
from typing import Final

_WRITTEN: Final = re.compile(
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))"
    r"(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?[0-9]+))?"
)
_SUFFIXES: Final = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}
_FINEST: Final = Decimal("1e-9")
_LARGEST: Final = Decimal(2**63 - 1)
_EXACT: Final = Context(prec=1000, rounding=ROUND_UP)
_FAR: Final = 400  # an exponent beyond this is capped or rounded anyway


def quantity(value: object) -> Decimal | None:
    """The number a quantity stands for (`80Gi`, `500m`, `2`, `1e3`), or None where it is none.

    White space is none of it. What is finer than a billionth is rounded up and what is larger than
    2^63 - 1 is capped, in magnitude. Source: k8s.io/apimachinery, pkg/api/resource, ParseQuantity.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    written = _WRITTEN.fullmatch(str(value))
    if written is None or len(written[0]) > _FAR:
        return None
    number = Decimal(written["number"])
    if written["exponent"] is not None:
        exponent = max(-_FAR, min(_FAR, int(written["exponent"])))
        return _representable(_EXACT.scaleb(number, exponent))
    return _representable(
        _EXACT.multiply(number, _SUFFIXES.get(written["suffix"] or "", Decimal(1)))
    )


def count(value: object) -> int:
    """A whole number of things such as GPUs, a part of one counting as one; anything else reads as 0."""
    number = quantity(value)
    return math.ceil(number) if number is not None else 0


def _representable(number: Decimal) -> Decimal:
    size = min(_LARGEST, abs(number))
    finest = size if size == size.to_integral_value() else size.quantize(_FINEST, context=_EXACT)
    return finest.copy_sign(number) if finest else Decimal(0)
