"""Numbers as Go reads them from text."""

import math
import re

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_DECIMAL = re.compile(
    rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:e[+-]?{_DIGITS})?", re.IGNORECASE
)
_SPECIAL = re.compile(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE)


def float_problem(text: str) -> str:
    """What strconv.ParseFloat has against a decimal number; empty when it takes it."""
    if _SPECIAL.fullmatch(text):
        return ""
    if not _DECIMAL.fullmatch(text):
        return "invalid syntax"
    return "value out of range" if math.isinf(float(text)) else ""


def is_whole(text: str) -> bool:
    """Whether strconv.Atoi takes it."""
    return re.fullmatch(r"[+-]?[0-9]+", text) is not None
