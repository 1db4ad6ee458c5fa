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
_LONGEST_INTEGER: Final = 80
_LARGEST_WHOLE_FLOAT: Final = 1e21


def resolve(text: str) -> Scalar:
    """The value of an unquoted word; ValueError for numbers that JSON cannot hold."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _NOT_JSON.fullmatch(text):
        raise ValueError(f"{text} is not a number that JSON can hold")
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits) and len(digits) <= _LONGEST_INTEGER:
        return _integer(digits)
    return _float(digits) if _FLOAT.fullmatch(digits) else text


def _integer(text: str) -> int:
    octal = _OCTAL.fullmatch(text)
    return int(octal[1] + octal[2], 8) if octal else int(text, 0)


def _float(text: str) -> int | float:
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(f"{text} is not a number that JSON can hold")
    whole = number.is_integer() and abs(number) < _LARGEST_WHOLE_FLOAT
    return int(number) if whole else number
