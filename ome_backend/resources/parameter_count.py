"""Model sizes as people write them (`7B`, `539.47M`), read the way OME reads them."""

import math
import re
from functools import lru_cache

_MULTIPLIERS = {"T": 1e12, "B": 1e9, "M": 1e6}
_HEXADECIMAL = re.compile(
    r"[+-]?0x_?(?=[0-9a-f.])(?:[0-9a-f]+(?:_[0-9a-f]+)*)?(?:\.(?:[0-9a-f]+(?:_[0-9a-f]+)*)?)?"
    r"p[+-]?[0-9]+",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def parse(text: str) -> float:
    """The number of parameters `text` means to OME; 0 when it means nothing to it.

    Only one trailing upper-case T, B or M counts, so `7K`, `7b` and `7 B` are 0. The rest is read
    as Go's strconv.ParseFloat does: `inf` and `NaN` are numbers, a number too large is not.
    Source: pkg/runtimeselector/matcher.go, parseModelSize.
    """
    multiplier = _MULTIPLIERS.get(text[-1:], 0.0)
    if not multiplier:
        return _number(text)
    return _number(text[:-1]) * multiplier


def _number(text: str) -> float:
    if not text.isascii() or text != text.strip():
        return 0.0
    try:
        number = _hexadecimal(text) if "x" in text.lower() else float(text)
    except (ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) or _special(text) else 0.0


def _hexadecimal(text: str) -> float:
    if not _HEXADECIMAL.fullmatch(text):
        return 0.0
    return float.fromhex(text.replace("_", ""))


def _special(text: str) -> bool:
    """Whether Go takes `text` for infinity or not-a-number: the latter has no sign there."""
    word = text.lower()
    return word == "nan" or word.lstrip("+-") in ("inf", "infinity")
