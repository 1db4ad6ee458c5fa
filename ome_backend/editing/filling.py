"""Filling a template: values go into its text, comments stay, and no value can break the YAML."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from ome_backend.editing.templates import PLACE, Parameter, Template
from ome_backend.errors import FieldProblem, Invalid
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.schema import yaml_scalar, yaml_text
from ome_backend.schema.yaml_edit import edit

MARK = "ome-console/template"
PARAMETERS = "ome-console/template-parameters"

_PLAIN = re.compile(r"[A-Za-z0-9_./~-][A-Za-z0-9_./@+~=;-]*(:[A-Za-z0-9_./@+~=;-]+)*")
_INDICATOR = re.compile(r"[-?:](\s|$)|[-.]{3}")


class _Word(NamedTuple):
    """A scalar of the text: where it stands, what it says, and whether it has no quotes."""

    start: int
    end: int
    says: str
    bare: bool


def filled(template: Template, values: Mapping[str, str]) -> str:
    """The body with the values in their places, each quoted where YAML needs it.

    Raises Invalid, naming the parameters, when a value is not accepted.
    """
    objections = template.objections(values)
    if objections:
        problems = tuple(FieldProblem(name, said) for name, said in objections.items())
        raise Invalid("The template cannot be filled in with these values.", problems=problems)
    known = {each.name: each for each in template.parameters}
    parts, reached = [], 0
    for word in _words(template.body):
        parts.append(_in_comments(template.body[reached : word.start], values))
        parts.append(_written(word, template.body, known, values))
        reached = word.end
    parts.append(_in_comments(template.body[reached:], values))
    return "".join(parts)


def marked(manifests: str, template: Template, values: Mapping[str, str]) -> str:
    """The filled text with what leads back from each object to the template and its values.

    Secret values are left out.
    """
    secret = {each.name for each in template.parameters if each.type == "secret"}
    kept = {name: value for name, value in sorted(values.items()) if name not in secret}
    notes = {MARK: template.mark, PARAMETERS: json.dumps(kept, ensure_ascii=False)}

    def note(manifest: Manifest) -> Manifest:
        metadata = mapping(manifest, "metadata")
        annotations = mapping(metadata, "annotations") | notes
        return manifest | {"metadata": metadata | {"annotations": annotations}}

    for index in range(len(yaml_text.parse(manifests).documents)):
        manifests = edit(manifests, note, index)
    return manifests


def unmarked(manifest: Manifest) -> Manifest:
    """The object without what `marked` adds."""
    metadata = mapping(manifest, "metadata")
    notes = mapping(metadata, "annotations")
    kept = {name: value for name, value in notes.items() if name not in (MARK, PARAMETERS)}
    without = {name: value for name, value in metadata.items() if name != "annotations"}
    return manifest | {"metadata": without | ({"annotations": kept} if kept else {})}


def origin(manifest: Manifest) -> tuple[str, str, dict[str, str]] | None:
    """Name and version of the template an object was made from, and the values; None for others."""
    name, at, version = text(manifest, "metadata", "annotations", MARK).rpartition("@")
    if not at:
        return None
    try:
        values: Any = json.loads(text(manifest, "metadata", "annotations", PARAMETERS) or "{}")
    except ValueError:
        values = {}
    held = values if isinstance(values, dict) else {}
    return name, version, {key: each for key, each in held.items() if isinstance(each, str)}


def _words(body: str) -> Iterator[_Word]:
    """The scalars that have places to fill, in order."""
    for token in yaml.scan(body, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken) and PLACE.search(token.value):
            yield _Word(
                token.start_mark.index, token.end_mark.index, token.value, bool(token.plain)
            )


def _written(
    word: _Word, body: str, known: Mapping[str, Parameter], values: Mapping[str, str]
) -> str:
    whole = PLACE.fullmatch(word.says)
    if whole and word.bare and known[whole[1]].literal:
        return values[whole[1]]
    said = PLACE.sub(lambda match: values[match[1]], word.says)
    if word.bare and _stays_itself(said):
        return said
    quoted = '"' + "".join(map(_escaped, said)) + '"'
    return f"{quoted}\n" if body[word.start] in "|>" else quoted


def _stays_itself(said: str) -> bool:
    """Whether the words need no quotes to be read back as that very text."""
    return bool(_PLAIN.fullmatch(said)) and not _INDICATOR.match(said) and _is_text(said)


def _is_text(said: str) -> bool:
    try:
        return yaml_scalar.resolve(said) == said
    except ValueError:
        return False


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def _in_comments(between: str, values: Mapping[str, str]) -> str:
    """What is not a scalar has places in comments only; there a value stays on its line."""
    return PLACE.sub(lambda match: _one_line(values.get(match[1], match[0])), between)


def _one_line(value: str) -> str:
    return "".join(each if each.isprintable() else " " for each in value)
