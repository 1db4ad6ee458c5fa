"""JSON Lines: one question a line, one answer a line, in order, as soon as it is known."""

import json
from collections.abc import Callable
from typing import Any, BinaryIO, Final, NoReturn

from ome_backend.cli import output
from ome_backend.errors import Invalid

BAD_LINES: Final = 2


def _refuse(word: str) -> NoReturn:
    """Python reads NaN and Infinity; JSON does not have them."""
    raise ValueError(f"{word} is not a number that JSON can hold")


STRICT: Final = json.JSONDecoder(parse_constant=_refuse)


def answered(stdin: BinaryIO, answer: Callable[[str], Any]) -> int:
    """Answer every line that is not blank; returns the exit code, 2 where lines could not be read.

    Those (`answer` raises Invalid) get `{"error": "..."}` in their place.
    """
    bad = 0
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        try:
            output.record(answer(_text(line)))
        except Invalid as exc:
            bad += 1
            output.record({"error": f"line {number}: {exc.message}"})
    if bad:
        output.complain(f"Lines that could not be read: {bad}.")
    return BAD_LINES if bad else 0


def value(line: str, *, lenient: bool = False) -> Any:
    """The JSON value of a line; `lenient` lets pass the special numbers that Python's tools write.

    Raises Invalid.
    """
    try:
        return json.loads(line) if lenient else STRICT.decode(line)
    except json.JSONDecodeError as exc:
        raise Invalid(f"column {exc.colno}: {exc.msg}") from exc
    except (ValueError, RecursionError) as exc:
        raise Invalid(str(exc)) from exc


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise Invalid("this is not UTF-8 text") from exc
