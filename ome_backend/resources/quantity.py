"""Kubernetes quantities as numbers."""

from decimal import Decimal, InvalidOperation

_SUFFIXES = {
    "": Decimal(1),
    "m": Decimal("0.001"),
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


def quantity(value: object) -> Decimal | None:
    """The number a quantity stands for (`80Gi`, `500m`, `2`), or None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    written = str(value).strip()
    digits = written.rstrip("mkMGTPEi")
    try:
        number = Decimal(digits) * _SUFFIXES[written[len(digits) :]]
    except (InvalidOperation, KeyError):
        return None
    return number if number.is_finite() else None


def count(value: object) -> int:
    """A whole number of things such as GPUs; anything else reads as 0."""
    number = quantity(value)
    return int(number) if number is not None else 0
