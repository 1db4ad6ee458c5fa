"""The causes that only the API server adds to what is wrong with an object.

Its validator complains twice about some values, and where the second complaint has no field of its
own, it names the field `<nil>`.
"""

import re
from collections.abc import Iterable, Iterator

from ome_backend.errors import FieldProblem

_NO_FIELD = "<nil>"
_CHECKED = "Checked value must be of type"
_WRONG_TYPE = re.compile(r'in body must be of type (integer|int32|int64|integer,string): "(\w*)"$')
_FORMATS = {"integer": "integer (default format)"} | {
    name: f"integer with format {name}" for name in ("int32", "int64")
}


def complete(problems: Iterable[FieldProblem], *, status: bool) -> list[FieldProblem]:
    """All that the server says; under /status it counts fields from the status on."""
    return [
        _within_status(said) if status else said for problem in problems for said in _said(problem)
    ]


def _said(problem: FieldProblem) -> Iterator[FieldProblem]:
    if _CHECKED in problem.message:
        yield FieldProblem(_NO_FIELD, problem.message)
        return
    yield problem
    found = _WRONG_TYPE.search(problem.message)
    if found and found[1] == "integer,string":
        yield from _of_neither_type(problem.path, found[2])
    elif found and found[2] in ("number", "float64"):
        yield _unchecked(problem.path, found[1])


def _of_neither_type(path: str, name: str) -> Iterator[FieldProblem]:
    why = f'"{path}" must validate at least one schema (anyOf)'
    yield FieldProblem(_NO_FIELD, f'Invalid value: "": {why}')
    detail = f'{path} in body must be of type integer: "{name}"'
    yield FieldProblem(path, f'Invalid value: "{name}": {detail}')
    if name == "number":
        yield _unchecked(path, "integer")


def _unchecked(path: str, wanted: str) -> FieldProblem:
    return FieldProblem(_NO_FIELD, f'Invalid value: "": {_CHECKED} {_FORMATS[wanted]} in {path}')


def _within_status(problem: FieldProblem) -> FieldProblem:
    whole = f"{problem.path} in body"
    part = f"{problem.path.removeprefix('status').lstrip('.')} in body"
    return FieldProblem(problem.path, problem.message.replace(whole, part))
