"""How news change what is known of a kind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ome_backend.errors import Forbidden, NotInstalled, Unreachable
from ome_backend.kube.snapshot import (
    Changed,
    Failed,
    Listed,
    News,
    Seen,
    Snapshot,
    State,
    advance,
    merged,
)
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=9)
A, B = Key("demo", "a"), Key("demo", "b")


def item(key: Key, version: int = 1) -> Manifest:
    metadata = {"namespace": key.namespace, "name": key.name, "uid": key.name}
    return {"metadata": metadata | {"resourceVersion": str(version)}}


def after(*news: News) -> Snapshot:
    return advance(Snapshot(INFERENCE_SERVICE), news, 1)[0]


LIVE = after(Listed({A: item(A)}, NOW))


def test_nothing_is_known_before_the_first_list() -> None:
    snapshot = Snapshot(INFERENCE_SERVICE)
    assert (snapshot.state, snapshot.synced_at, dict(snapshot.objects)) == ("loading", None, {})


def test_an_empty_list_is_not_loading() -> None:
    assert (after(Listed({}, NOW)).state, after(Listed({}, NOW)).synced_at) == ("live", NOW)


def test_a_change_leaves_the_old_snapshot_alone() -> None:
    new, changes = advance(LIVE, [Changed(B, item(B), LATER)], 2)
    assert (set(LIVE.objects), set(new.objects)) == ({A}, {A, B})
    assert (changes, new.version, new.synced_at) == ((B,), 2, LATER)


def test_snapshots_cannot_be_written_to() -> None:
    with pytest.raises(TypeError):
        LIVE.objects[B] = item(B)  # type: ignore[index]


def test_a_sign_of_life_changes_only_the_age() -> None:
    new, changes = advance(LIVE, [Seen(LATER)], 2)
    assert (changes, new.version, new.synced_at) == ((), 1, LATER)
    assert new.objects is LIVE.objects


REPEATED = {
    "the same again": Changed(A, item(A), LATER),
    "gone already": Changed(B, None, LATER),
}


@pytest.mark.parametrize("name", REPEATED)
def test_news_that_are_known_change_nothing(name: str) -> None:
    new, changes = advance(LIVE, [REPEATED[name]], 2)
    assert (changes, new.version, dict(new.objects)) == ((), 1, dict(LIVE.objects))


def test_a_burst_is_one_version_with_every_key() -> None:
    burst = [Changed(A, item(A, 2), LATER), Changed(B, item(B), LATER), Changed(A, None, LATER)]
    new, changes = advance(LIVE, burst, 2)
    assert set(new.objects) == {B}
    assert set(changes) == {A, B}


def test_what_was_deleted_while_away_vanishes_with_a_new_list() -> None:
    new, changes = advance(LIVE, [Listed({B: item(B)}, LATER)], 2)
    assert set(new.objects) == {B}
    assert changes == (None,)


def test_what_did_not_change_is_kept_by_a_new_list() -> None:
    new, _ = advance(LIVE, [Listed({A: item(A), B: item(B)}, LATER)], 2)
    assert new.objects[A] is LIVE.objects[A]


Failures = dict[str, tuple[Failed, str, set[Key], datetime | None]]

FAILURES: Failures = {
    "connection lost": (Failed(Unreachable("x"), LATER), "stale", {A}, NOW),
    "permission lost": (Failed(Forbidden("x"), LATER), "forbidden", set(), None),
    "definition deleted": (Failed(NotInstalled("x"), LATER), "not-installed", set(), None),
    "refused by a restart": (Failed(Forbidden("x"), LATER, passing=True), "stale", {A}, NOW),
    "unknown to a restart": (Failed(NotInstalled("x"), LATER, passing=True), "stale", {A}, NOW),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_says_why_and_when_it_is_tried_again(name: str) -> None:
    failed, state, kept, synced_at = FAILURES[name]
    new, changes = advance(LIVE, [failed], 2)
    assert (new.state, set(new.objects), changes) == (state, kept, (None,))
    assert (new.last_error, new.retry_at, new.synced_at) == (failed.error, LATER, synced_at)


REFUSALS = {"forbidden": Forbidden("x"), "not-installed": NotInstalled("x")}


@pytest.mark.parametrize("state", REFUSALS)
def test_what_was_refused_is_not_old_when_the_server_goes_away(state: str) -> None:
    away = Unreachable("x")
    refused, _ = advance(LIVE, [Failed(REFUSALS[state], LATER)], 2)
    new, _ = advance(refused, [Failed(away, LATER)], 3)
    assert (new.state, new.last_error, dict(new.objects)) == (state, away, {})


def test_a_cluster_that_was_never_reached_stays_loading() -> None:
    snapshot = after(Failed(Unreachable("x"), LATER))
    assert (snapshot.state, snapshot.retry_at) == ("loading", LATER)


def test_recovery_is_a_change_of_the_whole_kind() -> None:
    stale, _ = advance(LIVE, [Failed(Unreachable("x"), LATER)], 2)
    new, changes = advance(stale, [Seen(LATER)], 3)
    assert (new.state, new.last_error, new.retry_at, changes) == ("live", None, None, (None,))


def part(state: State, *keys: Key, version: int = 1) -> Snapshot:
    error = None if state == "live" else Forbidden(state)
    objects = {key: item(key) for key in keys}
    return Snapshot(INFERENCE_SERVICE, objects, state, NOW, version, error, None)


WORST: dict[str, tuple[list[State], State]] = {
    "all live": (["live", "live"], "live"),
    "one forbidden": (["live", "forbidden"], "forbidden"),
    "one not read yet": (["forbidden", "loading"], "loading"),
    "old and forbidden": (["forbidden", "stale", "live"], "stale"),
}


@pytest.mark.parametrize("name", WORST)
def test_a_kind_in_parts_is_as_good_as_the_worst(name: str) -> None:
    states, worst = WORST[name]
    whole = merged([part(state) for state in states])
    said = "" if whole.last_error is None else whole.last_error.message
    assert (whole.state, said) == (worst, "" if worst == "live" else worst)


def test_a_kind_in_parts_has_the_objects_of_all() -> None:
    whole = merged([part("live", A, version=7), part("forbidden", version=3), part("live", B)])
    assert (set(whole.objects), whole.version) == ({A, B}, 7)


def test_a_kind_in_parts_is_as_old_as_the_oldest() -> None:
    newer = replace(part("live"), synced_at=LATER)
    never = replace(part("forbidden"), synced_at=None)
    assert merged([newer, part("live"), never]).synced_at == NOW
