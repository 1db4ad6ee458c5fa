"""Defaulting, pruning and validation as an API server does them."""

import json
from pathlib import Path
from typing import Any

import pytest

from ome_backend.schema import crds, structural
from ome_backend.schema.notation import Schema

VECTORS = Path(__file__).resolve().parents[3] / "shared/ome/vectors/oracle-crd.json"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "format": "int32", "minimum": 1}
PORT: Schema = {
    "type": "object",
    "properties": {"port": NUMBER, "protocol": {"type": "string", "default": "TCP"}},
    "required": ["port"],
}
SPEC: Schema = {
    "text": TEXT | {"minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$"},
    "choice": TEXT | {"enum": ["a", "b"]},
    "count": NUMBER,
    "share": {"type": "number", "maximum": 1, "exclusiveMaximum": True},
    "either": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, TEXT]},
    "when": TEXT | {"format": "date-time"},
    "labels": {"type": "object", "additionalProperties": TEXT},
    "words": {"type": "array", "items": TEXT, "maxItems": 3, "x-kubernetes-list-type": "set"},
    "ports": {
        "type": "array",
        "items": PORT,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["port", "protocol"],
    },
    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    "level": {"type": "integer", "default": 5},
    "maybe": TEXT | {"nullable": True},
    "closed": {"type": "object"},
}
SCHEMA: Schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": SPEC}}}

MISTAKES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "none": ({"text": "abc", "count": 1, "share": 0.5, "either": "50%", "words": ["a"]}, []),
    "whole float for an integer": ({"count": 2.0}, []),
    "text for an integer": (
        {"count": "x"},
        ['spec.count: Invalid value: "string": '
         'spec.count in body must be of type integer: "string"'],
    ),
    "integer for text": (
        {"choice": 1},
        ['spec.choice: Invalid value: "integer": '
         'spec.choice in body must be of type string: "integer"',
         'spec.choice: Unsupported value: 1: supported values: "a", "b"'],
    ),
    "below minimum": (
        {"count": 0},
        ["spec.count: Invalid value: 0: "
         "spec.count in body should be greater than or equal to 1"],
    ),
    "above 32 bits": (
        {"count": 2**31},
        ['spec.count: Invalid value: "": Checked value must be of type integer with format int32 '
         "in spec.count"],
    ),
    "at an open maximum": (
        {"share": 1},
        ["spec.share: Invalid value: 1: spec.share in body should be less than 1"],
    ),
    "too short": (
        {"text": ""},
        ['spec.text: Invalid value: "": spec.text in body should be at least 1 chars long'],
    ),
    "too long": ({"text": "abcd"}, ["spec.text: Too long: may not be more than 3 bytes"]),
    "another pattern": (
        {"text": "A"},
        ["spec.text: Invalid value: \"A\": spec.text in body should match '^[a-z]*$'"],
    ),
    "pattern and a last newline": (
        {"text": "a\n"},
        ["spec.text: Invalid value: \"a\\n\": spec.text in body should match '^[a-z]*$'"],
    ),
    "another choice": (
        {"choice": "c"},
        ['spec.choice: Unsupported value: "c": supported values: "a", "b"'],
    ),
    "neither integer nor text": (
        {"either": 0.5},
        ['spec.either: Invalid value: "number": '
         'spec.either in body must be of type integer,string: "number"'],
    ),
    "no date": (
        {"when": "2024-13-01T00:00:00Z"},
        ['spec.when: Invalid value: "2024-13-01T00:00:00Z": '
         'spec.when in body must be of type date-time: "2024-13-01T00:00:00Z"'],
    ),
    "a label that is not text": (
        {"labels": {"a/b": True}},
        ['spec.labels.a/b: Invalid value: "boolean": '
         'spec.labels.a/b in body must be of type string: "boolean"'],
    ),
    "required in a list": ({"ports": [{}]}, ["spec.ports[0].port: Required value"]),
    "null in a list": (
        {"words": [None]},
        ['spec.words[0]: Invalid value: "null": '
         'spec.words[0] in body must be of type string: "null"'],
    ),
    "too many": (
        {"words": ["a", "b", "c", "d"]},
        ["spec.words: Too many: 4: must have at most 3 items"],
    ),
    "the same word three times": (
        {"words": ["a", "a", "a"]},
        ['spec.words[1]: Duplicate value: "a"'],
    ),
    "the same keys": (
        {"ports": [{"port": 80, "protocol": "TCP"}, {"port": 80, "protocol": "TCP"}]},
        ['spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}'],
    ),
}  # fmt: skip
DEFAULTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "absent": ({}, {"level": 5}),
    "given": ({"level": 6}, {"level": 6}),
    "null": ({"level": None}, {"level": 5}),
    "null without a default goes": ({"text": None}, {"level": 5}),
    "null where it is allowed stays": ({"maybe": None}, {"maybe": None, "level": 5}),
    "inside a list": ({"ports": [{"port": 1}]}, {"ports": [{"port": 1, "protocol": "TCP"}]}),
}
UNKNOWN: dict[str, tuple[dict[str, Any], list[str]]] = {
    "none": ({"text": "a"}, []),
    "several, sorted": ({"z": 1, "a": 2}, ["spec.a", "spec.z"]),
    "in a list": ({"ports": [{"port": 1}, {"prot": 2}]}, ["spec.ports[1].prot"]),
    "inside free text": ({"free": {"a": {"b": 1}}}, []),
    "inside an empty object": ({"closed": {"a": 1}}, ["spec.closed.a"]),
    "map entries are known": ({"labels": {"anything": "x"}}, []),
}


def texts(schema: Schema, obj: dict[str, Any]) -> list[str]:
    return sorted(f"{one.path}: {one.message}" for one in structural.problems(schema, obj))


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_in_the_api_servers_words(name: str) -> None:
    spec, expected = MISTAKES[name]
    assert texts(SCHEMA, {"spec": spec}) == expected


@pytest.mark.parametrize("name", DEFAULTS)
def test_defaults_are_filled_in(name: str) -> None:
    spec, expected = DEFAULTS[name]
    assert structural.default(SCHEMA, {"spec": spec})["spec"] == {"level": 5} | expected


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_fields_are_named_by_path(name: str) -> None:
    spec, expected = UNKNOWN[name]
    assert structural.unknown_fields(SCHEMA, {"spec": spec}) == expected


def test_unknown_fields_go_and_the_original_stays() -> None:
    original = {"kind": "X", "metadata": {"any": 1}, "spec": {"z": 1, "text": "a"}}
    kept = structural.prune(SCHEMA, original)
    assert kept == {"kind": "X", "metadata": {"any": 1}, "spec": {"text": "a"}}
    assert original["spec"] == {"z": 1, "text": "a"}


def test_a_changed_default_does_not_reach_the_schema() -> None:
    schema = {"properties": {"a": {"type": "object", "default": {"b": []}}}}
    structural.default(schema, {})["a"]["b"].append(1)
    assert schema["properties"]["a"]["default"] == {"b": []}


@pytest.mark.parametrize(
    ("word", "value", "valid"),
    [
        ("anyOf", 1, True),
        ("anyOf", 1.5, False),
        ("oneOf", 1, True),
        ("oneOf", 1.5, False),
        ("allOf", 1, False),
    ],
)
def test_combinations_are_checked(word: str, value: float, valid: bool) -> None:
    schema = {"properties": {"a": {word: [{"type": "integer"}, {"type": "string"}]}}}
    assert (not structural.problems(schema, {"a": value})) is valid


def vectors() -> list[Any]:
    """Recorded cases. The recorder read numbers as floats, so they say "number" of integers."""
    if not VECTORS.exists():
        return []
    cases: list[Any] = json.loads(VECTORS.read_text("utf-8"), parse_int=float)["cases"]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.skipif(not VECTORS.exists(), reason=f"recorded cases are not there: {VECTORS}")
@pytest.mark.parametrize("case", vectors())
def test_recorded_cases_come_out_as_on_an_api_server(case: dict[str, Any]) -> None:
    obj, expected = case["input"], case["expected"]
    schema = crds.CRDS[obj["kind"]].schema
    stored = structural.default(schema, structural.prune(schema, obj))
    assert stored == expected["object"]
    assert structural.unknown_fields(schema, obj) == (expected["unknownFields"] or [])
    # Uniqueness in lists was not part of the recording.
    told = [text for text in texts(schema, stored) if "Duplicate value" not in text]
    assert told == sorted(expected["errors"])


def test_benchmark_scenarios_are_unique() -> None:
    job = {"spec": {"numConcurrency": [1, 2, 1]}}
    told = texts(crds.CRDS["BenchmarkJob"].schema, job)
    assert "spec.numConcurrency[2]: Duplicate value: 1" in told
