"""Templates: a header that says what it is for and what may be chosen, and YAML with places to fill.

The first document of the text is the header, whatever follows is the body:

    template: name
    title: ...
    purpose: ...
    use: model
    parameters:
      - {name: name, title: Name, type: name, default: my-model, description: ...}
    ---
    apiVersion: ome.io/v1beta1
    ...
      name: ${name}

`type` is one of TYPES; `choices`, `minimum` and `maximum` narrow what is accepted. A place may stand in
values and comments, not in the names of fields.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ome_backend.errors import FieldProblem, Invalid
from ome_backend.resources.manifest import Manifest, items, text
from ome_backend.schema import yaml_text

TYPES = ("text", "name", "namespace", "number", "switch", "quantity", "uri", "secret")
USES = ("model", "runtime", "service", "accelerator", "benchmark", "access", "other")
PLACE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_-]*)\}")

LARGEST = 200_000

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?")
_PATTERNS = {
    "name": (r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", "lower-case letters, digits, - and ."),
    "namespace": (r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", "lower-case letters, digits and -"),
    "quantity": (r"[0-9]+(\.[0-9]+)?([kMGTPE]i?|m)?", "a quantity such as 80Gi"),
    "uri": (r"[a-z0-9]+://\S+", "an address such as hf://organisation/model"),
}
_SWITCH = ("true", "false")
_HEADER = {"template", "title", "purpose", "use", "parameters"}
_PARAMETER = {
    *("name", "title", "type", "default", "description"),
    *("choices", "minimum", "maximum"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something to choose. Values are text, as a person types them; `secret` ones are kept nowhere."""

    name: str
    title: str
    type: str = "text"
    default: str = ""
    description: str = ""
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    @property
    def literal(self) -> bool:
        """Whether it stands in the YAML as a number or a boolean rather than as text."""
        return self.type in ("number", "switch")

    def objection(self, value: str) -> str:
        """Why the value is not accepted; empty when it is."""
        if not value.strip():
            return "A value is needed."
        if self.choices and value not in self.choices:
            return f"It must be one of {', '.join(self.choices)}."
        if self.type == "switch" and value not in _SWITCH:
            return "It must be true or false."
        return self._number(value) if self.type == "number" else self._shape(value)

    def _number(self, value: str) -> str:
        if not re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", value):
            return "It must be a whole number."
        if self.minimum is not None and int(value) < self.minimum:
            return f"It must be {self.minimum} or more."
        if self.maximum is not None and int(value) > self.maximum:
            return f"It must be {self.maximum} or less."
        return ""

    def _shape(self, value: str) -> str:
        pattern, words = _PATTERNS.get(self.type, ("", ""))
        return f"It must be {words}." if pattern and not re.fullmatch(pattern, value) else ""


@dataclass(frozen=True)
class Template:
    """One template. `origin` says where it comes from, `version` changes with every letter of it."""

    name: str
    title: str
    purpose: str
    use: str
    parameters: tuple[Parameter, ...]
    body: str
    origin: str
    version: str = field(repr=False)
    kinds: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """`name@version`, as objects made from it carry it."""
        return f"{self.name}@{self.version}"

    def defaults(self) -> dict[str, str]:
        return {each.name: each.default for each in self.parameters}

    def objections(self, values: Mapping[str, str]) -> dict[str, str]:
        """What is wrong with the values, by parameter; a value that is missing counts as empty."""
        found = {each.name: each.objection(values.get(each.name, "")) for each in self.parameters}
        return {name: said for name, said in found.items() if said}


def read(written: str, origin: str) -> Template:
    """The template of a text. Raises Invalid, naming each problem with its line."""
    if len(written) > LARGEST:
        raise _unusable(origin, (FieldProblem("", f"it has more than {LARGEST:,} characters"),))
    parsed = yaml_text.parse(written)
    if parsed.problems:
        raise _unusable(origin, parsed.problems)
    if not parsed.documents or not text(parsed.documents[0].value, "template"):
        raise _unusable(origin, (FieldProblem("template", "the header is missing", 1),))
    if len(parsed.documents) < 2:
        raise _unusable(origin, (FieldProblem("", "there is nothing after the header", 1),))
    header, body = parsed.documents[0].value, parsed.documents[1:]
    problems = (*_header_problems(header), *_place_problems(header, written))
    if problems:
        raise _unusable(origin, problems)
    first = text(header, "template")
    return Template(
        first,
        text(header, "title"),
        " ".join(text(header, "purpose").split()),
        text(header, "use"),
        tuple(_parameter(each) for each in items(header, "parameters")),
        _after_header(written),
        origin,
        hashlib.sha256(written.encode()).hexdigest()[:12],
        tuple(dict.fromkeys(text(each.value, "kind") for each in body)),
    )


def _header_problems(header: Manifest) -> Iterable[FieldProblem]:
    for name in sorted(set(header) - _HEADER):
        yield FieldProblem(name, "a template's header has no such field")
    if not _NAME.fullmatch(text(header, "template")):
        yield FieldProblem("template", "lower-case letters, digits, - and . are expected")
    for name in ("title", "purpose"):
        if not text(header, name):
            yield FieldProblem(name, "Required value")
    if text(header, "use") not in USES:
        yield FieldProblem("use", f"it must be one of {', '.join(USES)}")
    for index, each in enumerate(items(header, "parameters")):
        yield from _parameter_problems(f"parameters[{index}]", each)


def _parameter_problems(path: str, raw: Any) -> Iterable[FieldProblem]:
    if not isinstance(raw, dict) or not PLACE.fullmatch(f"${{{text(raw, 'name')}}}"):
        yield FieldProblem(f"{path}.name", "letters, digits, - and _ are expected")
        return
    for name in sorted(set(raw) - _PARAMETER):
        yield FieldProblem(f"{path}.{name}", "a parameter has no such field")
    if text(raw, "type") and text(raw, "type") not in TYPES:
        yield FieldProblem(f"{path}.type", f"it must be one of {', '.join(TYPES)}")
    if not all(isinstance(raw.get(name, 0), int) for name in ("minimum", "maximum")):
        yield FieldProblem(path, "minimum and maximum must be whole numbers")
        return
    parameter = _parameter(raw)
    if parameter.type != "secret" and (said := parameter.objection(parameter.default)):
        yield FieldProblem(f"{path}.default", said)


def _place_problems(header: Manifest, written: str) -> Iterable[FieldProblem]:
    known = {text(each, "name") for each in items(header, "parameters") if isinstance(each, dict)}
    used: set[str] = set()
    offset = len(written) - len(_after_header(written))
    for match in PLACE.finditer(written, offset):
        used.add(match[1])
        if match[1] not in known:
            line = written.count("\n", 0, match.start()) + 1
            yield FieldProblem("", f"the header has no parameter {match[1]}", line)
    for name in sorted(known - used - {""}):
        yield FieldProblem("parameters", f"{name} is used nowhere")
    yield from _misplaced(written[offset:], written.count("\n", 0, offset))


def _misplaced(body: str, lines_before: int) -> Iterable[FieldProblem]:
    """Places that filling could not keep apart from the YAML around them."""
    before: yaml.Token | None = None
    for token in yaml.scan(body, Loader=yaml.SafeLoader):
        key = isinstance(before, yaml.KeyToken) and isinstance(token, yaml.ScalarToken)
        if key and PLACE.search(getattr(token, "value", "")):
            yield FieldProblem(
                "",
                "a place cannot stand in the name of a field",
                lines_before + token.start_mark.line + 1,
            )
        before = token


def _parameter(raw: Manifest) -> Parameter:
    return Parameter(
        text(raw, "name"),
        text(raw, "title") or text(raw, "name"),
        text(raw, "type") or "text",
        _typed(raw.get("default")),
        " ".join(text(raw, "description").split()),
        tuple(map(_typed, items(raw, "choices"))),
        raw.get("minimum"),
        raw.get("maximum"),
    )


def _typed(value: Any) -> str:
    """A value of the header as a person would type it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _after_header(written: str) -> str:
    """The text after the line that ends the first document."""
    started = False
    position = 0
    for line in written.splitlines(keepends=True):
        position += len(line)
        if line.rstrip() == "---" and started:
            break
        started = started or (bool(line.strip()) and not line.startswith(("#", "---", "%")))
    return written[position:]


def _unusable(origin: str, problems: Iterable[FieldProblem]) -> Invalid:
    return Invalid(
        f"The template from {origin} cannot be used.",
        hint="Correct it where it comes from; docs/templates.md explains the format.",
        problems=tuple(problems),
    )
