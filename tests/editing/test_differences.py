"""What differs between two objects, and what the texts look like beside each other."""

from typing import Any

import pytest

from ome_backend.editing.differences import ABSENT, differences, side_by_side, unified

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


def test_a_unified_diff_is_empty_for_the_same_text() -> None:
    assert unified("a: 1\n", "a: 1\n") == ""
    assert "-a: 1\n+a: 2\n" in unified("a: 1\n", "a: 2\n")


def test_texts_beside_each_other_fold_what_is_the_same() -> None:
    before = "".join(f"line {n}\n" for n in range(20))
    after = before.replace("line 10\n", "line ten\nmore\n")
    rows = side_by_side(before, after, context=1)
    assert [row.mark for row in rows] == ["folded", "same", "changed", "added", "same", "folded"]
    assert rows[0].left == "9 unchanged lines"
    assert (rows[2].left, rows[2].right, rows[2].left_line) == ("line 10", "line ten", 11)
    assert (rows[3].left_line, rows[3].right_line) == (None, 12)


def test_texts_that_are_the_same_have_no_rows() -> None:
    assert side_by_side("a\n", "a\n") == ()
