"""Watches: what a client sees happen, as on any API server."""

from collections.abc import Iterator

import pytest

from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest
from tests.support.cluster import ClusterUnderTest, service

pytestmark = pytest.mark.cluster


def _revision(cluster: ClusterUnderTest) -> str:
    listed = cluster.request("GET", cluster.path(INFERENCE_SERVICE))
    revision: str = listed.body["metadata"]["resourceVersion"]
    return revision


def _watch(cluster: ClusterUnderTest, **params: str) -> Iterator[Manifest]:
    return cluster.watch(cluster.path(INFERENCE_SERVICE), **params)


def _seen(event: Manifest) -> tuple[str, str]:
    return event["type"], event["object"]["metadata"]["name"]


def _create(cluster: ClusterUnderTest, name: str, **metadata: object) -> None:
    body = service(name, **metadata)
    assert cluster.request("POST", cluster.path(INFERENCE_SERVICE), body).status == 201


def _label(cluster: ClusterUnderTest, name: str, value: str | None) -> None:
    patch = {"metadata": {"labels": {"tier": value}}}
    assert cluster.request("PATCH", cluster.path(INFERENCE_SERVICE, name), patch).status == 200


def test_a_watch_tells_what_happened_since_its_revision(cluster: ClusterUnderTest) -> None:
    start = _revision(cluster)
    _create(cluster, "a")
    _label(cluster, "a", "x")
    cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a"))
    events = _watch(cluster, resourceVersion=start)
    assert [_seen(next(events)) for _ in range(3)] == [
        ("ADDED", "a"),
        ("MODIFIED", "a"),
        ("DELETED", "a"),
    ]


def test_a_watch_tells_what_happens_while_it_is_open(cluster: ClusterUnderTest) -> None:
    _create(cluster, "first")
    events = _watch(cluster)
    assert _seen(next(events)) == ("ADDED", "first")
    _create(cluster, "second")
    assert _seen(next(events)) == ("ADDED", "second")


def test_what_nothing_held_was_never_terminating(cluster: ClusterUnderTest) -> None:
    _create(cluster, "a")
    start = _revision(cluster)
    cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a"))
    event = next(_watch(cluster, resourceVersion=start))
    assert event["type"] == "DELETED"
    assert "deletionTimestamp" not in event["object"]["metadata"]
    assert event["object"]["metadata"]["generation"] == 1


def test_a_deletion_is_told_at_a_later_revision(cluster: ClusterUnderTest) -> None:
    _create(cluster, "a")
    start = _revision(cluster)
    cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a"))
    event = next(_watch(cluster, resourceVersion=start))
    assert event["type"] == "DELETED"
    assert int(event["object"]["metadata"]["resourceVersion"]) > int(start)


def test_a_change_that_changes_nothing_is_not_told(cluster: ClusterUnderTest) -> None:
    _create(cluster, "a")
    start = _revision(cluster)
    cluster.request("PATCH", cluster.path(INFERENCE_SERVICE, "a"), {})
    _create(cluster, "b")
    assert _seen(next(_watch(cluster, resourceVersion=start))) == ("ADDED", "b")


def test_objects_enter_and_leave_a_selection(cluster: ClusterUnderTest) -> None:
    start = _revision(cluster)
    _create(cluster, "a")
    _label(cluster, "a", "x")
    _label(cluster, "a", "y")
    events = _watch(cluster, resourceVersion=start, labelSelector="tier=x")
    assert _seen(next(events)) == ("ADDED", "a")
    left = next(events)
    assert _seen(left) == ("DELETED", "a")
    assert left["object"]["metadata"]["labels"] == {"tier": "x"}


def test_one_object_can_be_watched(cluster: ClusterUnderTest) -> None:
    start = _revision(cluster)
    _create(cluster, "a")
    _create(cluster, "b")
    events = _watch(cluster, resourceVersion=start, fieldSelector="metadata.name=b")
    assert _seen(next(events)) == ("ADDED", "b")


def test_other_namespaces_are_out_of_sight(cluster: ClusterUnderTest) -> None:
    start = _revision(cluster)
    _create(cluster, "a")
    elsewhere = cluster.watch(
        INFERENCE_SERVICE.path("default"), resourceVersion=start, timeoutSeconds="1"
    )
    assert [event for event in elsewhere if event["object"]["metadata"]["name"] == "a"] == []


def test_a_watch_ends_when_its_time_is_up(cluster: ClusterUnderTest) -> None:
    events = _watch(cluster, resourceVersion=_revision(cluster), timeoutSeconds="1")
    assert list(events) == []


def test_a_bookmark_tells_the_revision_before_the_end(cluster: ClusterUnderTest) -> None:
    start = _revision(cluster)
    _create(cluster, "a")
    bookmarks = {"allowWatchBookmarks": "true", "timeoutSeconds": "5"}
    only_a = {"fieldSelector": "metadata.name=a"}
    events = _watch(cluster, resourceVersion=start, **bookmarks, **only_a)
    assert _seen(next(events)) == ("ADDED", "a")
    # A real server tells only a revision beyond what the watch has seen.
    _create(cluster, "b")
    mark = next(event["object"] for event in events if event["type"] == "BOOKMARK")
    assert mark["kind"] == "InferenceService"
    assert int(mark["metadata"]["resourceVersion"]) > int(start)
    assert "name" not in mark["metadata"]


def test_an_initial_list_can_be_streamed(cluster: ClusterUnderTest) -> None:
    _create(cluster, "a")
    events = _watch(
        cluster,
        sendInitialEvents="true",
        resourceVersionMatch="NotOlderThan",
        allowWatchBookmarks="true",
    )
    assert _seen(next(events)) == ("ADDED", "a")
    end = next(events)
    assert end["type"] == "BOOKMARK"
    assert end["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_a_revision_too_old_is_expired(cluster: ClusterUnderTest) -> None:
    _create(cluster, "a")
    event = next(_watch(cluster, resourceVersion="1"))
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")
    assert "too old resource version: 1" in event["object"]["message"]
