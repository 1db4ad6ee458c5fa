"""Strictly typed reading: what Go's json.Unmarshal makes of a configuration for one Go struct.

The structs are declared in a notation of their own:

    LLaVATextConfig = Dimensions + Tokens    a struct, and whose fields it repeats
      int: head_dim num_experts              its fields by type; more types on a line after `;`
      RopeScalingConfig: rope_scaling        another struct is a type, so are []int and map[string]any
    LlamaConfig.rope_scaling                 a dot: a struct without a name of its own in Go

A value of another JSON type than the field's, a fraction for an `int` too, makes the whole
configuration unreadable; null keeps the zero value; unknown keys are ignored and letter case is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ome_backend.facts.config_text import Number, Value
from ome_backend.facts.text_structs import TEXT_STRUCTS
from ome_backend.facts.vision_structs import VISION_STRUCTS

Fields = dict[str, Any]
_INT64: Final = 2**63
_MAP: Final = "map[string]"


@dataclass(frozen=True)
class Typed:
    """The fields that were set, under their declared names, and Go's first complaint, if any."""

    fields: Fields
    problem: str


@dataclass(frozen=True)
class _Place:
    """Where a value stands: the innermost Go struct around it and the keys that lead to it."""

    struct: str = ""
    keys: tuple[str, ...] = ()

    def mismatch(self, given: str, wanted: str) -> str:
        target = f"value of type {wanted}"
        if self.keys:
            owner = "" if "." in self.struct else self.struct
            target = f"struct field {owner}.{'.'.join(self.keys)} of type {wanted}"
        return f"json: cannot unmarshal {given} into Go {target}"


@cache
def structs() -> Mapping[str, Mapping[str, str]]:
    """Every declared struct: its fields with their types."""
    declared: dict[str, dict[str, str]] = {}
    repeats: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=\S)", (TEXT_STRUCTS + VISION_STRUCTS).strip()):
        head, _, body = block.partition("\n")
        name, _, others = head.partition(" = ")
        declared[name], repeats[name] = _declared(body), others.split(" + ") if others else []
    return {name: _with_repeated(name, declared, repeats) for name in declared}


def _declared(body: str) -> dict[str, str]:
    fields, kind = {}, ""
    for word in body.replace(";", " ").split():
        if word.endswith(":"):
            kind = word[:-1]
        else:
            fields[word] = kind
    return fields


def _with_repeated(
    name: str, declared: dict[str, dict[str, str]], repeats: dict[str, list[str]]
) -> dict[str, str]:
    fields: dict[str, str] = {}
    for other in repeats[name]:
        fields |= _with_repeated(other, declared, repeats)
    return fields | declared[name]


def read(value: Value, struct: str) -> Typed:
    """What Go would hold after unmarshalling `value` into a zero `struct`."""
    problems: list[str] = []
    fields = _decode(value, struct, _Place(), problems)
    return Typed(fields or {}, problems[0] if problems else "")


def whole(fields: Fields, path: str) -> int:
    """The integer at a dotted path; 0, Go's zero value, where it was not set."""
    found = _at(fields, path)
    return found if isinstance(found, int) else 0


def real(fields: Fields, path: str) -> float:
    """The number at a dotted path, or 0."""
    found = _at(fields, path)
    return found if isinstance(found, (int, float)) else 0.0


def word(fields: Fields, path: str) -> str:
    """The text at a dotted path, or the empty string."""
    found = _at(fields, path)
    return found if isinstance(found, str) else ""


def given(fields: Fields, path: str) -> bool:
    """Whether something other than null stands at a dotted path."""
    return _at(fields, path) is not None


def _at(fields: Fields, path: str) -> Any:
    found: Any = fields
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _decode(value: Value, kind: str, place: _Place, problems: list[str]) -> Any:
    if value is None or kind == "any":
        return value
    if kind.startswith("[]") and isinstance(value, list):
        return [_decode(each, kind[2:], place, problems) for each in value]
    if isinstance(value, dict):
        if kind.startswith(_MAP):
            inner = kind.removeprefix(_MAP)
            return {key: _decode(each, inner, place, problems) for key, each in value.items()}
        if kind in structs():
            return _struct(value, kind, place, problems)
    if kind in _SCALARS and isinstance(value, _SCALARS[kind]):
        return _scalar(value, kind, place, problems)
    problems.append(place.mismatch(_given(value), _go_type(kind)))
    return None


def _struct(value: dict[str, Value], kind: str, place: _Place, problems: list[str]) -> Fields:
    names = _folded(kind)
    fields: Fields = {}
    for key, each in value.items():
        name = names.get(key.casefold())
        if name is None or each is None:
            continue
        inner = _Place(kind, (*place.keys, name))
        fields[name] = _decode(each, structs()[kind][name], inner, problems)
    return fields


@cache
def _folded(kind: str) -> Mapping[str, str]:
    return {name.casefold(): name for name in structs()[kind]}


_SCALARS: Final[Mapping[str, type]] = {
    "string": str,
    "bool": bool,
    "int": Number,
    "float64": Number,
}


def _scalar(value: Value, kind: str, place: _Place, problems: list[str]) -> Any:
    if not isinstance(value, Number):
        return value
    number = _integer(value.literal) if kind == "int" else _float(value.literal)
    if number is None:
        problems.append(place.mismatch(f"number {value.literal}", kind))
    return number


def _integer(literal: str) -> int | None:
    if not re.fullmatch(r"-?[0-9]{1,19}", literal):
        return None
    number = int(literal)
    return number if -_INT64 <= number < _INT64 else None


def _float(literal: str) -> float | None:
    number = float(literal)
    return number if abs(number) != float("inf") else None


def _given(value: Value) -> str:
    names = {bool: "bool", str: "string", Number: "number", list: "array", dict: "object"}
    return names[type(value)]


def _go_type(kind: str) -> str:
    if kind == "any":
        return "interface {}"
    for prefix in ("[]", _MAP):
        if kind.startswith(prefix):
            return prefix + _go_type(kind.removeprefix(prefix))
    if "." in kind:
        return "struct"
    return f"modelconfig.{kind}" if kind in structs() else kind
