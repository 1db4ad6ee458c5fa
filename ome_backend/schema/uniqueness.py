"""No two alike in a list of type `set`, no two with the same keys in a list of type `map`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.schema import go_text

_NOTHING: Mapping[str, Any] = {}


def duplicates(schema: Mapping[str, Any], value: Any, path: str) -> Iterator[FieldProblem]:
    """A problem at the second occurrence of each value, at any depth; the third is not mentioned.

    Map entries are named `path[key]`, as the API server names them here and only here.
    """
    if isinstance(value, list):
        yield from _in_list(schema, value, path)
        items = schema.get("items", _NOTHING)
        for index, item in enumerate(value):
            yield from duplicates(items, item, f"{path}[{index}]")
    elif isinstance(value, dict):
        known, rest = schema.get("properties", _NOTHING), schema.get("additionalProperties")
        for key, child in value.items():
            if key in known:
                yield from duplicates(known[key], child, f"{path}.{key}" if path else key)
            elif isinstance(rest, dict):
                yield from duplicates(rest, child, f"{path}[{key}]")


def _in_list(schema: Mapping[str, Any], value: list[Any], path: str) -> Iterator[FieldProblem]:
    list_type = schema.get("x-kubernetes-list-type")
    if list_type == "set":
        yield from _repeated(value, path)
    elif list_type == "map":
        wrong = _not_an_object(value, path)
        keys = schema["x-kubernetes-list-map-keys"]
        yield from [wrong] if wrong else _repeated([_key(item, keys) for item in value], path)


def _not_an_object(value: list[Any], path: str) -> FieldProblem | None:
    for index, item in enumerate(value):
        if item is not None and not isinstance(item, dict):
            detail = "must be an object for an array of list-type map"
            return FieldProblem(
                f"{path}[{index}]", f"Invalid value: {go_text.value(item)}: {detail}"
            )
    return None


def _key(item: Mapping[str, Any] | None, keys: list[str]) -> dict[str, Any]:
    return {key: item[key] for key in keys if item and key in item}


def _repeated(values: list[Any], path: str) -> Iterator[FieldProblem]:
    times: dict[str, int] = {}
    for index, value in enumerate(values):
        same = json.dumps(value, sort_keys=True)
        times[same] = times.get(same, 0) + 1
        if times[same] == 2:
            yield FieldProblem(f"{path}[{index}]", f"Duplicate value: {go_text.value(value)}")
