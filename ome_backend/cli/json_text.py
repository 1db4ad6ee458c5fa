"""JSON as files hold it: values by Python's own reader, which knows JSON better than YAML's does."""

from collections.abc import Iterator
from typing import Any

from ome_backend.cli.lines import STRICT
from ome_backend.errors import FieldProblem
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_text import Document, Parsed

_BLANK = " \t\r\n"
_NOT_A_MAPPING = "a document must be an object with fields"


def parse_json(text: str) -> Parsed | None:
    """The objects of a text of one or more JSON documents; None when it is something else.

    Text that begins like JSON may still be YAML in flow style: that is for the other reader.
    """
    try:
        found = tuple(_values(text))
    except (ValueError, RecursionError):
        return None
    documents, problems = [], []
    for value, part, first_line in found:
        if not isinstance(value, dict):
            problems.append(FieldProblem("", _NOT_A_MAPPING, first_line))
            continue
        document, noticed = _located(value, part, first_line)
        documents.append(document)
        problems += noticed
    return Parsed(tuple(documents), tuple(problems))


def _values(text: str) -> Iterator[tuple[Any, str, int]]:
    """Each document with its text and its first line."""
    at, line = 0, 1
    while at < len(text):
        start = next((i for i in range(at, len(text)) if text[i] not in _BLANK), len(text))
        line += text.count("\n", at, start)
        if start == len(text):
            return
        value, at = STRICT.raw_decode(text, start)
        yield value, text[start:at], line
        line += text.count("\n", start, at)


def _located(
    value: dict[str, Any], part: str, first_line: int
) -> tuple[Document, list[FieldProblem]]:
    """The lines, and keys given twice, as YAML's reader finds them.

    A tab in JSON is never part of a text, and YAML dislikes it everywhere else.
    """
    parsed = yaml_text.parse(part.replace("\t", " "))
    if len(parsed.documents) != 1:
        return Document(value, first_line, {}), []
    shift = first_line - 1
    lines = {path: line + shift for path, line in parsed.documents[0].lines.items()}
    noticed = [
        FieldProblem(each.path, each.message, (each.line or 1) + shift) for each in parsed.problems
    ]
    return Document(value, first_line, lines), noticed
