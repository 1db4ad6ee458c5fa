"""Whether a value satisfies a structural schema, in the words of a Kubernetes API server.

The texts are those of `field.Error` in k8s.io/apimachinery and of the OpenAPI validator in
k8s.io/kube-openapi. Types, required fields, enums, limits, patterns, `allOf`/`anyOf`/`oneOf`/`not`,
uniqueness in list-type `set` and `map`, and the formats int32, int64 and date-time are checked; CEL
rules are left to the cluster.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.resources.manifest import Manifest
from ome_backend.schema import go_text
from ome_backend.schema.uniqueness import duplicates

_Schema = Mapping[str, Any]
_NOTHING: _Schema = {}
_TYPE_NAMES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
_INTEGER_RANGE = {"int32": 2**31, "int64": 2**63}
_GO_NAMES = {"boolean": "", "number": "float64"}
_LARGEST_WHOLE_FLOAT = 2**53 - 1
_INTEGER: _Schema = {"type": "integer"}


def problems(schema: _Schema, obj: Manifest) -> list[FieldProblem]:
    """Everything the API server would refuse, sorted by path; empty when the object is valid.

    Defaults are not applied and unknown fields are not reported: see `structural`.
    """
    found = [*_value(schema, obj, ""), *duplicates(schema, obj, "")]
    return sorted(found, key=lambda problem: problem.path)


def _value(schema: _Schema, value: Any, path: str) -> Iterator[FieldProblem]:
    if value is None and schema.get("nullable"):
        return
    yield from _type(schema, value, path)
    if isinstance(value, dict):
        yield from _object(schema, value, path)
    elif isinstance(value, list):
        yield from _list(schema, value, path)
    elif isinstance(value, str):
        yield from _string(schema, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number(schema, value, path)
    if "enum" in schema and value is not None and value not in schema["enum"]:
        supported = ", ".join(go_text.quote(go_text.plain(choice)) for choice in schema["enum"])
        detail = f"supported values: {supported}"
        yield FieldProblem(path, f"Unsupported value: {go_text.value(value)}: {detail}")
    yield from _combinations(schema, value, path)


def _type(schema: _Schema, value: Any, path: str) -> Iterator[FieldProblem]:
    wanted = _types(schema)
    name = _type_name(value)
    if not wanted or name in wanted:
        return
    if "number" in wanted and name == "integer":
        return
    if "integer" in wanted and name == "number" and _is_whole(value):
        return
    if schema.get("format") in _INTEGER_RANGE and name in _GO_NAMES:
        wanted, name = (schema["format"],), _GO_NAMES[name]
    detail = f'{path} in body must be of type {",".join(wanted)}: "{name}"'
    yield _invalid(path, name, detail)


def _type_name(value: Any) -> str:
    """The JSON type; a whole number that no int64 holds is a `number` to the server."""
    name = _TYPE_NAMES[type(value)]
    return "number" if name == "integer" and not -(2**63) <= value < 2**63 else name


def _is_whole(value: float) -> bool:
    return abs(value) <= _LARGEST_WHOLE_FLOAT and float(value).is_integer()


def _types(schema: _Schema) -> tuple[str, ...]:
    if schema.get("x-kubernetes-int-or-string"):
        return ("integer", "string")
    return (schema["type"],) if schema.get("type") else ()


def _object(schema: _Schema, value: Mapping[str, Any], path: str) -> Iterator[FieldProblem]:
    known, rest = schema.get("properties", _NOTHING), schema.get("additionalProperties")
    prefix = f"{path}." if path else ""
    for name in schema.get("required", ()):
        if name not in value:
            yield FieldProblem(prefix + name, "Required value")
    for name, child in value.items():
        child_schema = known.get(name) or rest
        if isinstance(child_schema, dict):
            yield from _value(child_schema, child, prefix + name)
    if len(value) < schema.get("minProperties", 0):
        least = schema["minProperties"]
        yield _invalid(path, value, f"{path} in body should have at least {least} properties")
    yield from _too_many(schema.get("maxProperties"), len(value), path)


def _list(schema: _Schema, value: list[Any], path: str) -> Iterator[FieldProblem]:
    items = schema.get("items", _NOTHING)
    for index, item in enumerate(value):
        yield from _value(items, item, f"{path}[{index}]")
    if len(value) < schema.get("minItems", 0):
        least = schema["minItems"]
        yield _invalid(path, len(value), f"{path} in body should have at least {least} items")
    yield from _too_many(schema.get("maxItems"), len(value), path)


def _too_many(most: int | None, length: int, path: str) -> Iterator[FieldProblem]:
    if most is not None and length > most:
        yield FieldProblem(path, f"Too many: {length}: must have at most {most} items")


def _string(schema: _Schema, value: str, path: str) -> Iterator[FieldProblem]:
    if len(value) < schema.get("minLength", 0):
        least = schema["minLength"]
        yield _invalid(path, value, f"{path} in body should be at least {least} chars long")
    if len(value) > schema.get("maxLength", len(value)):
        yield FieldProblem(path, f"Too long: may not be more than {schema['maxLength']} bytes")
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        yield _invalid(path, value, f"{path} in body should match '{schema['pattern']}'")
    if schema.get("format") == "date-time" and not _is_date_time(value):
        detail = f"{path} in body must be of type date-time: {go_text.quote(value)}"
        yield _invalid(path, value, detail)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A Go pattern: there `$` is the very end, here it would also match before a last newline."""
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern)


def _is_date_time(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[tT ]\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d:?\d\d)", text):
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _number(schema: _Schema, value: float, path: str) -> Iterator[FieldProblem]:
    limit = _INTEGER_RANGE.get(schema.get("format", ""))
    if limit and _fits(_INTEGER, value) and not -limit <= value < limit:
        kind = f"{schema['type']} with format {schema['format']}"
        yield _invalid(path, "", f"Checked value must be of type {kind} in {path}")
    if "minimum" in schema:
        least, open_end = schema["minimum"], schema.get("exclusiveMinimum")
        if value < least or (open_end and value == least):
            words = "greater than" if open_end else "greater than or equal to"
            yield _invalid(path, value, f"{path} in body should be {words} {go_text.plain(least)}")
    if "maximum" in schema:
        most, open_end = schema["maximum"], schema.get("exclusiveMaximum")
        if value > most or (open_end and value == most):
            words = "less than" if open_end else "less than or equal to"
            yield _invalid(path, value, f"{path} in body should be {words} {go_text.plain(most)}")
    factor = schema.get("multipleOf")
    if factor and value % factor:
        detail = f"{path} in body should be a multiple of {go_text.plain(factor)}"
        yield _invalid(path, value, detail)


def _combinations(schema: _Schema, value: Any, path: str) -> Iterator[FieldProblem]:
    if schema.get("x-kubernetes-int-or-string"):
        return
    for part in schema.get("allOf", ()):
        yield from _value(part, value, path)
    if "anyOf" in schema and not any(_fits(part, value) for part in schema["anyOf"]):
        yield _invalid(path, value, f'"{path}" must validate at least one schema (anyOf)')
    if "oneOf" in schema and sum(_fits(part, value) for part in schema["oneOf"]) != 1:
        yield _invalid(path, value, f'"{path}" must validate one and only one schema (oneOf)')
    if "not" in schema and _fits(schema["not"], value):
        yield _invalid(path, value, f'"{path}" must not validate the schema (not)')


def _fits(schema: _Schema, value: Any) -> bool:
    return next(_value(schema, value, ""), None) is None


def _invalid(path: str, value: Any, detail: str) -> FieldProblem:
    return FieldProblem(path, f"Invalid value: {go_text.value(value)}: {detail}")
