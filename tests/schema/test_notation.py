"""Each sign of the notation and what it expands to."""

from typing import Any

import pytest

from ome_backend.schema.notation import Types

FIELDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "int64 >= 1": {"type": "integer", "format": "int64", "minimum": 1},
    "string = TCP": {"type": "string", "default": "TCP"},
    'string = ""': {"type": "string", "default": ""},
    "bool = false": {"type": "boolean", "default": False},
    "string length 1..": {"type": "string", "minLength": 1},
    "string length ..9 matching ^a|b$": {"type": "string", "maxLength": 9, "pattern": "^a|b$"},
    '"a" | "" = a': {"type": "string", "enum": ["a", ""], "default": "a"},
    "string  -- a note": {"type": "string", "description": "a note"},
    "{string}": {"type": "object", "additionalProperties": {"type": "string"}},
    "object": {"type": "object"},
    "json": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    "Size": {"type": "integer"},
}
LISTS: dict[str, dict[str, Any]] = {
    "[string]": {"x-kubernetes-list-type": "atomic"},
    "[string] set": {"x-kubernetes-list-type": "set"},
    "[string] untracked": {},
    "[Pair] by key, value": {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["key", "value"],
    },
}
DECLARED = """
# a comment
Size = int

Pair
  key*   string
  value  string

Loose atomic
  ...Pair
  key    int
"""


@pytest.mark.parametrize("text", FIELDS)
def test_a_field_expands_to_its_schema(text: str) -> None:
    types = Types(f"{DECLARED}\nThing\n  field  {text}\n")
    assert types["Thing"]["properties"] == {"field": FIELDS[text]}


@pytest.mark.parametrize("text", LISTS)
def test_a_list_carries_its_list_type(text: str) -> None:
    field = Types(f"{DECLARED}\nThing\n  field  {text}\n")["Thing"]["properties"]["field"]
    assert field == {"type": "array", "items": field["items"], **LISTS[text]}


def test_a_star_makes_a_field_required() -> None:
    assert Types(DECLARED)["Pair"]["required"] == ["key"]


def test_a_later_line_replaces_a_field_of_another_type() -> None:
    loose = Types(DECLARED)["Loose"]
    assert loose["x-kubernetes-map-type"] == "atomic"
    assert "required" not in loose
    assert loose["properties"] == {"key": {"type": "integer"}, "value": {"type": "string"}}


def test_a_name_may_go_on_after_a_bar() -> None:
    assert Types('Long = "a"\n  | "b"\n')["Long"]["enum"] == ["a", "b"]


def test_a_line_that_is_not_notation_is_refused() -> None:
    with pytest.raises(ValueError, match="string roughly"):
        Types("Thing\n  field  string roughly\n")["Thing"]
