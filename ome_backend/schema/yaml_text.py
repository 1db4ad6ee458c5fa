"""YAML text as a person typed it: objects, the line of each field, and what is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from ome_backend.errors import FieldProblem, Invalid
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import dump
from ome_backend.schema.yaml_tree import Tree

__all__ = [
    "LARGEST",
    "MOST_DOCUMENTS",
    "MOST_PROBLEMS",
    "Document",
    "Parsed",
    "dump",
    "parse",
    "with_column",
]

LARGEST: Final = 10_000_000
MOST_DOCUMENTS: Final = 5_000
MOST_PROBLEMS: Final = 1_000
_NOT_A_MAPPING: Final = "a document must be a mapping of fields to values"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_PREAMBLE = re.compile(r"([ \t\r]*+([#%].*)?\n)*+")
_KEY_IN_BRACKETS = re.compile(r"\[(?!\d+\])([^\]]*)\]")
_LAST_STEP = re.compile(r"(\.[^.\[]*|\[\d+\])$")
_NAME_OF = re.compile(r"[^.\[\]]+(?=(\[\d+\])*$)")
_TAB = re.compile(r" *\t")


@dataclass(frozen=True, slots=True)
class Document:
    """One object. `line` is where it begins; `lines` holds the 1-based line of each field by path:
    `spec.model.name`, `spec.items[0].x`, `metadata.annotations.ome.io/x`.
    """

    value: Manifest
    line: int
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int | None:
        """The line of a field, or of the nearest field around it; None when nothing of it is there.

        A map key may stand in brackets: `metadata.annotations[ome.io/x]`.
        """
        path = _KEY_IN_BRACKETS.sub(r".\1", path)
        while path and path not in self.lines:
            shorter = _LAST_STEP.sub("", path)
            path = shorter if shorter != path else ""
        return self.lines.get(path)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The objects of a text, in order, and what is wrong with it, by line: the first
    `MOST_PROBLEMS`.
    """

    documents: tuple[Document, ...]
    problems: tuple[FieldProblem, ...]


def parse(text: str) -> Parsed:
    """The documents of a text, empty ones left out; `LARGEST` bytes and `MOST_DOCUMENTS` at most.

    Never raises: what cannot be read is a problem, and the documents after it are read anyway.
    Values are JSON values: dates stay text, keys are text.
    """
    if too_much := _too_much(text):
        return Parsed((), (FieldProblem("", too_much, 1),))
    documents: list[Document] = []
    problems: list[FieldProblem] = []
    for part, first_line in _parts(text.removeprefix("\ufeff")):
        _read(part, first_line, documents, problems)
    in_order = sorted(problems, key=lambda one: one.line or 0)
    return Parsed(tuple(documents), tuple(in_order[:MOST_PROBLEMS]))


def _too_much(text: str) -> str:
    """Why the text is not read at all; empty when it is."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        return f"the text is larger than {LARGEST // 1_000_000} MB"
    if text.count("\n---") >= MOST_DOCUMENTS:
        return f"the text has more than {MOST_DOCUMENTS:,} documents"
    return ""


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """The text cut at its `---` lines, each part with its first line: one bad document spoils no
    other.
    """
    line, start = 1, 0
    for match in _SEPARATOR.finditer(text):
        if not _PREAMBLE.fullmatch(text, start, match.start()):
            yield text[start : match.start()], line
            line += text.count("\n", start, match.start())
            start = match.start()
    yield text[start:], line


def _read(
    part: str, first_line: int, documents: list[Document], problems: list[FieldProblem]
) -> None:
    try:
        documents.extend(_documents(part, first_line, problems))
    except yaml.MarkedYAMLError as exc:
        problems += _syntax_problems(exc, part, first_line)
    except yaml.reader.ReaderError as exc:
        line = first_line + part.encode()[: exc.position].count(b"\n")
        message = f"a character that YAML does not allow: {exc.reason}"
        problems.append(FieldProblem("", message, line))
    except UnicodeEncodeError as exc:
        line = first_line + part.count("\n", 0, exc.start)
        problems.append(FieldProblem("", "half a character: this text is not Unicode", line))
    except Invalid as exc:
        problems += exc.problems


def _documents(part: str, first_line: int, problems: list[FieldProblem]) -> Iterator[Document]:
    events = yaml.parse(part, Loader=_Loader)
    for event in events:
        if not isinstance(event, yaml.DocumentStartEvent):
            continue
        tree = Tree(events, first_line, problems)
        root: Any = next(events)
        line = first_line + root.start_mark.line
        value = tree.read(root)
        if isinstance(value, dict):
            yield Document(value, line, tree.lines)
        elif value is not None:
            problems.append(FieldProblem("", _NOT_A_MAPPING, line))


def _syntax_problems(exc: yaml.MarkedYAMLError, part: str, first_line: int) -> list[FieldProblem]:
    """What the parser stumbled over. Where that is a tab, every line that begins with one."""
    lines = part.rstrip().split("\n")
    at = min(exc.problem_mark.line if exc.problem_mark else 0, len(lines) - 1)
    if _TAB.match(lines[at]):
        tabs = [n for n, line in enumerate(lines) if n == at or line.startswith("\t")]
        return [FieldProblem("", "indent with spaces, not with tabs", first_line + n) for n in tabs]
    message = f"{exc.problem}, {exc.context}" if exc.context else str(exc.problem)
    if exc.context_mark and exc.context_mark.line < at:
        message += f" begun on line {first_line + exc.context_mark.line}"
    column = exc.problem_mark.column + 1 if exc.problem_mark else None
    return [FieldProblem("", message, first_line + at, column)]


def with_column(problem: FieldProblem, lines: Sequence[str]) -> FieldProblem:
    """The problem with where in its line the field's name begins, else where the line does."""
    if not problem.line or problem.column or problem.line > len(lines):
        return problem
    line = lines[problem.line - 1]
    name = _NAME_OF.search(_KEY_IN_BRACKETS.sub(r".\1", problem.path))
    written = (
        re.search(rf"(?<![\w.-])[\"']?{re.escape(name.group())}[\"']?\s*:", line) if name else None
    )
    first = len(line) - len(line.lstrip(" \t-"))
    return replace(problem, column=(written.start() if written else first) + 1)
