"""What is kept of earlier versions, and that it stays within bounds."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.editing.versions import Version, Versions, another, version
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from tests.support import builders

THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
REFS = [Ref(kinds.CLUSTER_BASE_MODEL, Key("", name)) for name in "abc"]


def model(**metadata: Any) -> Manifest:
    raw = builders.model()
    raw["metadata"] |= {"uid": "1", "generation": 1, "resourceVersion": "5"} | metadata
    return raw


def kept(size: int) -> Version:
    return Version({}, "1", 1, THEN, size)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda raw: raw["spec"].update(vendor="us"), True, id="its spec"),
        pytest.param(lambda raw: raw["metadata"].update(uid="2"), True, id="made anew"),
        pytest.param(lambda raw: raw.update(status={"state": "Ready"}), False, id="its status"),
        pytest.param(lambda raw: raw["metadata"].update(labels={"a": "b"}), False, id="a label"),
        pytest.param(lambda raw: raw["metadata"].update(resourceVersion="6"), False, id="nothing"),
    ],
)
def test_a_version_is_another_when_its_spec_is(change: Any, expected: bool) -> None:
    now = model()
    change(now)
    assert another(model(), now) is expected


def test_a_version_is_kept_without_its_status() -> None:
    raw = model() | {"status": {"state": "Ready"}}
    found = version(raw, THEN)
    assert (found.generation, found.resource_version, found.until) == (1, "5", THEN)
    assert found.manifest["spec"] == raw["spec"]
    assert "status" not in found.manifest
    assert found.size > 100


def test_the_newest_of_an_object_come_first_and_stay() -> None:
    versions = Versions(most=2)
    made = [kept(1), kept(2), kept(3)]
    for each in made:
        versions.add(REFS[0], each)
    assert versions.of(REFS[0]) == (made[2], made[1])
    assert versions.of(REFS[1]) == ()


def test_the_oldest_of_all_go_when_there_are_too_many_bytes() -> None:
    versions = Versions(most_bytes=10)
    versions.add(REFS[0], kept(4))
    versions.add(REFS[1], kept(4))
    versions.add(REFS[1], kept(5))
    assert versions.of(REFS[0]) == ()
    assert [each.size for each in versions.of(REFS[1])] == [5, 4]
    versions.add(REFS[2], kept(11))
    assert not any(versions.of(ref) for ref in REFS)


@given(st.lists(st.tuples(st.sampled_from(REFS), st.integers(0, 40))))
def test_bounds_hold_whatever_comes(added: list[tuple[Ref, int]]) -> None:
    versions = Versions(most=3, most_bytes=100)
    for ref, size in added:
        versions.add(ref, kept(size))
        held = [each for ref in REFS for each in versions.of(ref)]
        assert sum(each.size for each in held) == versions.bytes <= 100
        assert all(len(versions.of(ref)) <= 3 for ref in REFS)
        assert versions.of(ref)[0].size == size
