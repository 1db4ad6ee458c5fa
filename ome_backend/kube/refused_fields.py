"""The fields that the API server names in a refusal, in the several ways it has to name them."""

import re
from collections.abc import Mapping
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.resources import manifest

_STRICT = re.compile(r'(unknown|duplicate) field "((?:[^"\\]|\\.)*)"')
_DECODING = "strict decoding error: "
_TYPED = re.compile(r"failed to create typed patch object \([^)]*\): (?:errors:\n)?(.*)", re.DOTALL)
_TYPED_LINE = re.compile(r"\s*\.(\S+?): (.+)")
_NOT_FIELDS = ("", "patch")
"""What stands for a field in causes that have none; in `patch` it is the whole object."""
_NAMELESS = "<nil>"
_NAMED_IN_TEXT = re.compile(r'Checked value must be of type .* in (\S+)$|"(\S+)" must ')


def problems(status: Mapping[str, Any], reason: str) -> tuple[FieldProblem, ...]:
    """One problem per field and complaint, in the server's order; none when it names no field."""
    return tuple(_causes(status) or _strict(reason) or _typed(reason))


def _causes(status: Mapping[str, Any]) -> list[FieldProblem]:
    """The causes, without a second complaint about a field whose name stands in the text only."""
    found = [
        FieldProblem(
            manifest.text(cause, "field").removeprefix("."), manifest.text(cause, "message")
        )
        for cause in manifest.items(status, "details", "causes")
        if manifest.text(cause, "field") not in _NOT_FIELDS
    ]
    named = {problem.path for problem in found}
    completed = (_named_in_text(problem) for problem in found)
    return [
        problem
        for before, problem in zip(found, completed, strict=True)
        if before.path != _NAMELESS or problem.path not in named
    ]


def _named_in_text(problem: FieldProblem) -> FieldProblem:
    match = _NAMED_IN_TEXT.search(problem.message) if problem.path == _NAMELESS else None
    return FieldProblem(match[1] or match[2], problem.message) if match else problem


def _strict(reason: str) -> list[FieldProblem]:
    """What strict validation refuses; a patch's refusal shows the object first, which may say anything."""
    said = reason.rpartition(_DECODING)[2]
    return [FieldProblem(path, f"{word} field") for word, path in _STRICT.findall(said)]


def _typed(reason: str) -> list[FieldProblem]:
    """What server-side apply cannot read as an object of its kind."""
    found = _TYPED.search(reason)
    lines = found[1].splitlines() if found else []
    matches = filter(None, map(_TYPED_LINE.fullmatch, lines))
    return [FieldProblem(match[1], _WORDS.get(match[2], match[2])) for match in matches]


_WORDS = {"field not declared in schema": "unknown field"}
