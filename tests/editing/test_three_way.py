"""Two changes of the same object: both are kept, or the clash is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.editing.three_way import merge

BASE: dict[str, Any] = {"spec": {"min": 1, "max": 2, "args": ["a"], "env": [{"name": "A", "v": 1}]}}


def spec(**fields: Any) -> dict[str, Any]:
    return {"spec": BASE["spec"] | fields}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"min": 3}, {"max": 4}, {"min": 3, "max": 4}),
        ({"min": 3}, {"min": 3}, {"min": 3}),
        ({"new": {"a": 1}}, {"new": {"b": 2}}, {"new": {"a": 1, "b": 2}}),
        (
            {"env": [{"name": "A", "v": 2}]},
            {"env": [{"name": "A", "v": 1}, {"name": "B"}]},
            {"env": [{"name": "A", "v": 2}, {"name": "B"}]},
        ),
        (
            {"env": []},
            {"env": [{"name": "A", "v": 1}, {"name": "B"}]},
            {"env": [{"name": "B"}]},
        ),
    ],
    ids=["apart", "alike", "both add", "entries", "one removed, one added"],
)
def test_changes_apart_are_both_kept(mine: Any, theirs: Any, expected: Any) -> None:
    found = merge(BASE, spec(**mine), spec(**theirs))
    assert found.value == spec(**expected)
    assert found.clashes == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "path"),
    [
        ({"min": 3}, {"min": 4}, "spec.min"),
        ({"args": ["b"]}, {"args": ["c"]}, "spec.args"),
        ({"env": [{"name": "A", "v": 2}]}, {"env": [{"name": "A", "v": 3}]}, "spec.env[0].v"),
        ({"env": []}, {"env": [{"name": "A", "v": 3}]}, "spec.env[0]"),
    ],
    ids=["value", "list", "entry", "removed and changed"],
)
def test_a_clash_is_named_and_mine_stands(mine: Any, theirs: Any, path: str) -> None:
    found = merge(BASE, spec(**mine), spec(**theirs))
    assert [each.path for each in found.clashes] == [path]
    assert found.value == spec(**mine)


values = st.recursive(
    st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=6,
)
objects = st.dictionaries(st.sampled_from("pqr"), values)


@given(objects, objects)
def test_without_a_change_of_mine_the_result_is_theirs(base: Any, theirs: Any) -> None:
    assert merge(base, base, theirs).value == theirs


@given(objects, objects)
def test_without_a_change_of_theirs_the_result_is_mine(base: Any, mine: Any) -> None:
    found = merge(base, mine, base)
    assert found.value == mine
    assert found.clashes == ()


@given(objects, objects, objects)
def test_who_clashes_does_not_depend_on_the_side(base: Any, mine: Any, theirs: Any) -> None:
    one = {each.steps[:1] for each in merge(base, mine, theirs).clashes}
    other = {each.steps[:1] for each in merge(base, theirs, mine).clashes}
    assert one == other
