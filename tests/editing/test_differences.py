"""What differs between two objects."""

from typing import Any

import pytest

from ome_backend.editing.differences import ABSENT, differences

MAP_LIST = {
    "properties": {
        "taints": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["key", "effect"],
            "items": {"type": "object"},
        }
    }
}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, [("a.b", 1, 2), ("a.c", ABSENT, 3)]),
        ({"a": None}, {}, [("a", None, ABSENT)]),
        ({"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])]),
        (
            {"metadata": {"labels": {"ome.io/x": "a"}}},
            {"metadata": {"labels": {"ome.io/x": "b"}}},
            [("metadata.labels[ome.io/x]", "a", "b")],
        ),
        (
            {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
            {"env": [{"name": "C"}, {"name": "A", "value": "9"}]},
            [
                ("env[0]", ABSENT, {"name": "C"}),
                ("env[1].value", "1", "9"),
                ("env[1]", {"name": "B", "value": "2"}, ABSENT),
            ],
        ),
    ],
    ids=["number", "truth", "nested", "null", "order", "label", "by name"],
)
def test_fields_that_differ(before: Any, after: Any, expected: list[Any]) -> None:
    found = [(each.path, each.before, each.after) for each in differences(before, after)]
    assert found == expected


def test_entries_moved_alone_are_a_difference_of_the_list() -> None:
    one, other = {"name": "A"}, {"name": "B"}
    (found,) = differences({"env": [one, other]}, {"env": [other, one]})
    assert found.path == "env"


def test_the_schema_says_what_identifies_an_entry() -> None:
    before = {"taints": [{"key": "a", "effect": "x", "v": 1}, {"key": "a", "effect": "y", "v": 1}]}
    after = {"taints": [{"key": "a", "effect": "x", "v": 1}, {"key": "a", "effect": "y", "v": 2}]}
    (found,) = differences(before, after, MAP_LIST)
    assert found.path == "taints[1].v"
