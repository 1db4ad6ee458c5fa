"""Objects from files: YAML or JSON, single, many or listed, each with the line it stands on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ome_backend.cli.json_text import parse_json
from ome_backend.cli.objects import listed
from ome_backend.errors import Invalid
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

    def remark(self, path: str, message: str, *, warning: bool = False) -> "Remark":
        """Something about a field; its line is that of the nearest field around it."""
        line = self.document.line_of(path) or self.document.line
        return Remark(self.file, line, path, message, warning)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about one object; a mere `warning` does not stand in the way.

    `file` names the object itself, and `line` is None, where it does not come from a file.
    """

    file: str
    line: int | None
    path: str
    message: str
    warning: bool = False

    @property
    def where(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        parts = (self.where, "warning" if self.warning else "", self.path, self.message)
        return ": ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Read:
    """What files hold, and what could not be read."""

    objects: tuple[Placed, ...]
    problems: tuple[Remark, ...]


def read(names: Iterable[str], stdin: BinaryIO) -> Read:
    """The objects of files and directories, in the order given, directories by name.

    Raises Invalid for a file that is not there or is not text.
    """
    objects: list[Placed] = []
    problems: list[Remark] = []
    for name, explicit in _files(names):
        content = decoded(name, stdin.read() if name == STDIN else contents(Path(name)))
        parsed = _parsed(name, content)
        problems += (
            Remark(name, each.line or 1, each.path, each.message) for each in parsed.problems
        )
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
    inside = listed(document.value)
    if inside is None:
        yield document
        return
    lines = _by_item(document.lines)
    for path, value in inside:
        line = document.lines.get(path, document.line)
        yield from _single(Document(value, line, lines.get(path, {})))


def _by_item(lines: Mapping[str, int]) -> Mapping[str, dict[str, int]]:
    """The lines of what is inside of each item, with the paths that they have there."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for path, line in lines.items():
        item, _, rest = path.partition(".")
        if rest:
            found[item][rest] = line
    return found
