"""Reading JSON as Go's encoding/json does, down to the words of its complaints.

OME's agent reads configurations written by Python tools, which may hold `Infinity` and `NaN`: the
part that finds the model type replaces them, the loaders of single model types do not.
Source: pkg/hfutil/modelconfig/interface.go, SanitizeJSONBytes.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from ome_backend.facts.failure import Failure

Value = Any
_SPECIAL: Final = {"Infinity": "1e308", "-Infinity": "-1e308", "NaN": "null"}
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_LITERALS: Final = {"t": "true", "f": "false", "n": "null"}
_ESCAPES: Final = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "'": r"\'", "\\": r"\\"}


@dataclass(frozen=True)
class Number:
    """A number as it was written: whether it fits is decided by the field it goes to."""

    literal: str


def sanitized(text: str) -> str:
    """The text with Python's special floats replaced where OME replaces them."""
    for word, replacement in _SPECIAL.items():
        text = re.sub(rf"([:,\[]\s*){word}(\s*[,\]}}])", rf"\g<1>{replacement}\g<2>", text)
    return text


def parse(text: str) -> Value | Failure:
    """None, bool, str, Number, list or dict; a Failure with Go's message for anything but JSON."""
    try:
        value = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=_no_such_constant
        )
        return _whole_characters(value) if _HALF.search(text) else value
    except json.JSONDecodeError as error:
        return Failure(_complaint(error.doc, error.msg, error.pos))
    except RecursionError:
        return Failure("exceeded max depth")


def _whole_characters(value: Value) -> Value:
    """The value with halves of characters replaced, which Go does not keep."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, list):
        return [_whole_characters(each) for each in value]
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(each) for key, each in value.items()}
    return value


def _no_such_constant(word: str) -> NoReturn:
    raise json.JSONDecodeError("Expecting value", word, 0)


def _complaint(text: str, message: str, position: int) -> str:
    if message.startswith("Expecting value"):
        return _no_value(text, position)
    if "trailing comma" in message:
        position = _next(text, position + 1)
        wanted = "object key string" if text[position : position + 1] == "}" else "value"
        return _invalid(text, position, f"looking for beginning of {wanted}")
    if message.startswith("Unterminated string"):
        return _invalid(text, len(text), "")
    if message.startswith("Invalid \\u"):
        wrong = re.compile(r"\\u[0-9a-fA-F]{0,3}([^0-9a-fA-F])").search(text, max(0, position - 2))
        return _invalid(text, wrong.start(1) if wrong else len(text), _PLACES["Invalid \\u"])
    if message.startswith("Invalid \\"):
        return _invalid(text, position + 1, "in string escape code")
    if message.startswith("Expecting ',' delimiter"):
        return _invalid(text, position, f"after {_inside(text[:position])}")
    place = next((said for start, said in _PLACES.items() if message.startswith(start)), "")
    return _invalid(text, position, place)


_PLACES: Final = {
    "Expecting property name": "looking for beginning of object key string",
    "Expecting ':'": "after object key",
    "Extra data": "after top-level value",
    "Invalid control": "in string literal",
    "Invalid \\u": r"in \u hexadecimal character escape",
    "Unexpected UTF-8 BOM": "looking for beginning of value",
}


def _no_value(text: str, position: int) -> str:
    first = text[position : position + 1]
    if first == "-":
        return _invalid(text, position + 1, "in numeric literal")
    word = _LITERALS.get(first, "")
    for offset, expected in enumerate(word):
        if text[position + offset : position + offset + 1] != expected:
            place = f"in literal {word} (expecting {_quoted(expected)})"
            return _invalid(text, position + offset, place)
    return _invalid(text, _next(text, position), "looking for beginning of value")


def _invalid(text: str, position: int, place: str) -> str:
    if position >= len(text):
        return "unexpected end of JSON input"
    return f"invalid character {_quoted(text[position])} {place}"


def _quoted(character: str) -> str:
    """Go complains about bytes: of a character beyond ASCII it shows the first one."""
    byte = chr(character.encode("utf-8", "replace")[0])
    hidden = f"\\x{ord(byte):02x}" if byte < " " else byte
    return f"'{_ESCAPES.get(byte, hidden)}'"


def _next(text: str, position: int) -> int:
    """Where the next character stands that is not blank."""
    blank = re.compile(r"[ \t\r\n]*").match(text, position)
    return blank.end() if blank else position


def _inside(text: str) -> str:
    """What has just been read at the end of `text`: a member of an object or of an array."""
    still_open: list[str] = []
    for token in re.finditer(r'"(?:\\.|[^"\\])*"|[\[\]{}]', text):
        if token[0] in ("{", "["):
            still_open.append(token[0])
        elif token[0] in ("}", "]"):
            still_open.pop()
    return "object key:value pair" if still_open[-1:] == ["{"] else "array element"
