"""Objects from files: YAML or JSON, single, many or listed, each with the line it stands on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ome_backend.cli.json_text import parse_json
from ome_backend.cli.objects import flattened
from ome_backend.errors import FieldProblem, Invalid
from ome_backend.resources.manifest import text
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_text import Document, Parsed

STDIN = "-"
_ENDINGS = (".yaml", ".yml", ".json")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml")


@dataclass(frozen=True, slots=True)
class Placed:
    """One object and the file it stands in; its lines are those of the file."""

    file: str
    document: Document

    def where(self, path: str = "") -> str:
        """`file:line` of a field, or of the nearest around it."""
        return f"{self.file}:{self.document.line_of(path) or self.document.line}"


@dataclass(frozen=True, slots=True)
class Read:
    """What files hold; `problems` are whole sentences, each with file and line."""

    objects: tuple[Placed, ...]
    problems: tuple[str, ...]


def read(names: Iterable[str], stdin: BinaryIO) -> Read:
    """The objects of files and directories, in the order given, directories by name.

    Raises Invalid for a file that is not there or is not text.
    """
    objects: list[Placed] = []
    problems: list[str] = []
    for name, explicit in _files(names):
        content = decoded(name, stdin.read() if name == STDIN else contents(Path(name)))
        parsed = _parsed(name, content)
        problems += [sentence(name, each) for each in parsed.problems]
        for document in parsed.documents:
            objects += (Placed(name, one) for one in _single(document) if _meant(one, explicit))
    return Read(tuple(objects), tuple(problems))


def contents(path: Path) -> bytes:
    """The bytes of a file. Raises Invalid, naming it."""
    try:
        return path.read_bytes()
    except OSError as exc:
        raise Invalid(f"{path}: {exc.strerror}", hint="") from exc


def decoded(name: str, content: bytes) -> str:
    """The text of a file. Raises Invalid, naming it and the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        number = content.count(b"\n", 0, exc.start) + 1
        raise Invalid(f"{name}:{number}: this is not UTF-8 text", hint="") from exc


def sentence(file: str, problem: FieldProblem) -> str:
    """`file:line: path: message`, without a path where the whole text is meant."""
    path = f"{problem.path}: " if problem.path else ""
    return f"{file}:{problem.line or 1}: {path}{problem.message}"


def _files(names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The names of files, and whether each was named itself and not only its directory."""
    for name in names:
        if name == STDIN or not Path(name).is_dir():
            yield name, True
            continue
        found = [str(path) for path in sorted(Path(name).rglob("*")) if _wanted(path, Path(name))]
        if not found:
            raise Invalid(f"{name}: no *.yaml, *.yml or *.json file in this directory", hint="")
        yield from ((each, False) for each in found)


def _wanted(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    named = path.suffix in _ENDINGS and path.name not in _KUSTOMIZATIONS
    return named and not hidden and path.is_file()


def _parsed(name: str, content: str) -> Parsed:
    looks_like_json = name.endswith(".json") or content.lstrip()[:1] in ("{", "[")
    found = parse_json(content) if looks_like_json else None
    return yaml_text.parse(content) if found is None else found


def _meant(document: Document, explicit: bool) -> bool:
    """A directory may hold other things than objects, such as values for templates."""
    return explicit or bool(text(document.value, "kind") or text(document.value, "apiVersion"))


def _single(document: Document) -> Iterator[Document]:
    for prefix, value in flattened(document.value):
        if not prefix:
            yield document
        else:
            lines = _within(document.lines, prefix)
            yield Document(value, document.line_of(prefix.rstrip(".")) or document.line, lines)


def _within(lines: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {
        path.removeprefix(prefix): line for path, line in lines.items() if path.startswith(prefix)
    }
