"""What the command line writes: lines, tables and JSON to standard output, complaints beside it."""

import dataclasses
import json
import math
import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

_GAP = "  "


def line(text: str = "") -> None:
    """One line; control characters are shown, not sent to the terminal."""
    sys.stdout.write(f"{_visible(text)}\n")


def complain(text: str) -> None:
    """One or several lines for a person, beside the data."""
    sys.stdout.flush()  # where both go to one place, they stay in order
    for each in text.splitlines():
        sys.stderr.write(f"{_visible(each)}\n")


def document(value: Any) -> None:
    """One JSON document, indented."""
    sys.stdout.write(f"{json.dumps(value, indent=2)}\n")


def record(value: Any) -> None:
    """One line of JSON, sent off at once: somebody may wait for it."""
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they must be, indented by two; the last one as long as it is."""
    shown = [[_visible(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[at]) for row in shown) for at in range(len(heads))]
    for row in shown:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(f"{_GAP}{_GAP.join(cells).rstrip()}\n")


def plain(value: Any) -> Any:
    """The JSON value of what the rooms pass around: objects for dataclasses and named tuples.

    Numbers that JSON does not have become null.
    """
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
