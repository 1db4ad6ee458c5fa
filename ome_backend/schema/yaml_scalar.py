"""What an unquoted YAML word means to Kubernetes.

Kubernetes reads YAML 1.1 through sigs.k8s.io/yaml: `yes`, `on` and `y` are booleans, `0777` is
octal, and `1.0` becomes the integer 1 on its way through JSON. Dates and `12:30` stay text.
"""

import re
from typing import Final

Scalar = str | int | float | bool | None

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **{
        spelling: value
        for words, value in (("y yes true on", True), ("n no false off", False))
        for word in words.split()
        for spelling in (word, word.capitalize(), word.upper())
    },
}
_INTEGER = re.compile(r"[-+]?(0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)")
_OCTAL = re.compile(r"([-+]?)0o?([0-7]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_INT64: Final = range(-(2**63), 2**63)
_LONGEST_INTEGER: Final = 80  # characters, with room for the sign and for 64 binary digits
_LONGEST_SHOWN: Final = 40


def resolve(text: str) -> Scalar:
    """The value of an unquoted word; ValueError for numbers that JSON or Kubernetes cannot hold."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NOT_JSON.fullmatch(text):
        raise ValueError(f"{text} is not a number that JSON can hold")
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        return _integer(digits)
    return _float(digits) if _FLOAT.fullmatch(digits) else text


def _integer(text: str) -> int:
    """Kubernetes holds 64 bits. Python would read a text of any length, in quadratic time."""
    octal = _OCTAL.fullmatch(text)
    if len(text) <= _LONGEST_INTEGER:
        number = int(octal[1] + octal[2], 8) if octal else int(text, 0)
        if number in _INT64:
            return number
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    raise ValueError(f"{shown} does not fit in 64 bits; text needs quotes")


def _float(text: str) -> int | float:
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(f"{text} is not a number that JSON can hold")
    return int(number) if number.is_integer() and int(number) in _INT64 else number
