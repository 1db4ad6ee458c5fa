"""Problems as the editors mark them: at a line, with the words a person reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ome_backend.errors import FieldProblem

MOST = 200  # marks; a text with more of them needs another kind of help


@dataclass(frozen=True, slots=True)
class Mark:
    """One problem; `line` and `column` are 1-based."""

    line: int
    column: int
    severity: Literal["error", "warning"]
    text: str


def marks(problems: Iterable[FieldProblem], warnings: Iterable[FieldProblem]) -> tuple[Mark, ...]:
    """The marks of everything that has a line, errors first."""
    return (*_marks(problems, "error"), *_marks(warnings, "warning"))[:MOST]


def _marks(
    problems: Iterable[FieldProblem], severity: Literal["error", "warning"]
) -> Iterable[Mark]:
    for problem in problems:
        if problem.line:
            said = f"{problem.path}: {problem.message}" if problem.path else problem.message
            yield Mark(problem.line, problem.column or 1, severity, said)
