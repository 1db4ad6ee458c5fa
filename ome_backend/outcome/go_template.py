"""The part of Go's text/template that host names and paths need: fields, and keys of maps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Values = Mapping[str, str | Mapping[str, str]]
_FIELDS: Final = re.compile(r"\.[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_ACTION: Final = re.compile(r"\{\{(?P<trim>- )?\s*(?P<fields>[^{}]*?)\s*(?P<after> -)?\}\}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, or why there is none: `parses` is False where not even the template is well-formed."""

    text: str
    problem: str = ""
    parses: bool = True


def render(template: str, values: Values, *, name: str, type_name: str) -> Rendered:
    """The template with `values` filled in; problems are told as Go tells them.

    `name` and `type_name` are what Go calls the template and the struct of its values.
    """
    said: list[str] = []
    position = 0
    while (start := template.find("{{", position)) >= 0:
        action = _ACTION.match(template, start)
        if action is None or not _FIELDS.fullmatch(action["fields"]):
            return Rendered("", _malformed(template, start, name), parses=False)
        path = action["fields"].removeprefix(".").split(".")
        if path[0] not in values:
            at = action.start("fields") - (template.rfind("\n", 0, start) + 1)
            return Rendered("", _unknown(template, start, at, path[0], name, type_name))
        said += [template[position:start], _value(values, path)]
        position = action.end()
    return Rendered("".join(said) + template[position:])


def _value(values: Values, path: list[str]) -> str:
    found = values[path[0]]
    if isinstance(found, str):
        return found
    return found.get(".".join(path[1:]), "<no value>")


def _malformed(template: str, start: int, name: str) -> str:
    where = f"template: {name}:{template.count(chr(10), 0, start) + 1}"
    end = template.find("}", start)
    if end < 0:
        return f"{where}: unclosed action"
    if template[end : end + 2] != "}}":
        return f"{where}: bad character U+007D '}}'"
    return f"{where}: {template[start : end + 2]} is more than this console can render"


def _unknown(template: str, start: int, column: int, field: str, name: str, type_name: str) -> str:
    line = template.count("\n", 0, start) + 1
    return (
        f'template: {name}:{line}:{column}: executing "{name}" at <.{field}>: '
        f"can't evaluate field {field} in type {type_name}"
    )
