"""What one move in a form does to an object, and to its text."""

from collections.abc import Callable
from typing import Any

import pytest

from ome_backend.editing.placing import appended, moved, placed, removed, renamed
from ome_backend.schema.yaml_edit import edit

Manifest = dict[str, Any]
CASES: dict[str, tuple[Manifest, Callable[[Manifest], Manifest], Manifest]] = {
    "a value": ({"a": 1}, lambda m: placed(m, ("a",), 2), {"a": 2}),
    "a value in parts that do not exist": (
        {},
        lambda m: placed(m, ("a", "b", "c"), 1),
        {"a": {"b": {"c": 1}}},
    ),
    "a value in an empty part": ({"a": None}, lambda m: placed(m, ("a", "b"), 1), {"a": {"b": 1}}),
    "an item": ({"a": [1, 2]}, lambda m: placed(m, ("a", 1), 3), {"a": [1, 3]}),
    "an item beyond the end": ({"a": [1]}, lambda m: placed(m, ("a", 5), 3), {"a": [1]}),
    "a value inside a text": ({"a": "x"}, lambda m: placed(m, ("a", "b"), 1), {"a": "x"}),
    "an entry taken away": ({"a": 1, "b": 2}, lambda m: removed(m, ("a",)), {"b": 2}),
    "an empty entry taken away": ({"a": None}, lambda m: removed(m, ("a",)), {}),
    "the last entry": ({"a": {"b": 1}}, lambda m: removed(m, ("a", "b")), {"a": {}}),
    "the last entry and its part": ({"a": {"b": 1}}, lambda m: removed(m, ("a", "b"), 1), {}),
    "an entry with others around": (
        {"a": {"b": 1, "c": 2}},
        lambda m: removed(m, ("a", "b"), 1),
        {"a": {"c": 2}},
    ),
    "what is not there": ({"a": 1}, lambda m: removed(m, ("b", "c")), {"a": 1}),
    "a first item": ({}, lambda m: appended(m, ("a",), 1), {"a": [1]}),
    "one more item": ({"a": [1]}, lambda m: appended(m, ("a",), 2), {"a": [1, 2]}),
    "an item moved down": ({"a": [1, 2, 3]}, lambda m: moved(m, ("a", 0), 1), {"a": [2, 1, 3]}),
    "the first item moved up": ({"a": [1, 2]}, lambda m: moved(m, ("a", 0), -1), {"a": [1, 2]}),
    "a name that is taken": ({"a": 1, "b": 2}, lambda m: renamed(m, ("a",), "b"), {"a": 1, "b": 2}),
}
TEXT = """\
# a model
metadata:
  labels:
    team: red # whose it is
    tier: gold
  name: m
"""


@pytest.mark.parametrize("case", CASES)
def test_a_move_makes_of_an_object(case: str) -> None:
    before, move, after = CASES[case]
    assert move(before) == after


def test_a_renamed_entry_keeps_its_place() -> None:
    assert list(renamed({"a": 1, "b": 2}, ("a",), "c")) == ["c", "b"]


def test_emptying_the_last_label_takes_the_labels_away_and_nothing_else() -> None:
    text = edit(TEXT, lambda m: removed(m, ("metadata", "labels", "team"), 1))
    text = edit(text, lambda m: removed(m, ("metadata", "labels", "tier"), 1))
    assert text == "# a model\nmetadata:\n  name: m\n"


def test_other_lines_and_comments_stay() -> None:
    text = edit(TEXT, lambda m: placed(m, ("metadata", "labels", "team"), "blue"))
    assert text == TEXT.replace("red", "blue")
