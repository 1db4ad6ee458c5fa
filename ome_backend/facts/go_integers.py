"""Whole numbers as Go computes them: 64 bits that wrap around, division towards zero."""


def int64(number: int) -> int:
    """The number as a 64-bit integer of Go holds it."""
    return (number + 2**63) % 2**64 - 2**63


def int32(number: int) -> int:
    """The number as a 32-bit integer of Go holds it."""
    return (number + 2**31) % 2**32 - 2**31


def divided(number: int, by: int) -> int:
    """The quotient without its fraction. Raises ZeroDivisionError where Go panics."""
    quotient = abs(number) // abs(by)
    return quotient if (number < 0) == (by < 0) else -quotient


def truncated(number: float) -> int:
    """A float as a 64-bit integer; one out of range becomes the smallest, as on amd64."""
    return int(number) if abs(number) < 2**63 else -(2**63)
