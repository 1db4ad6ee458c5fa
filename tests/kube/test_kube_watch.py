"""The list-watch loop against a server that misbehaves in every way real ones do."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from ome_backend.errors import Expired, Forbidden, Unreachable
from ome_backend.kube.client import Client
from ome_backend.kube.snapshot import Changed, Failed, Listed, News, Seen
from ome_backend.kube.watch import Pace, Watch, Watched
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import CONFIG_MAP, INFERENCE_SERVICE
from tests.kube.conftest import Serve
from tests.support.scripted import Asked, Reply, Script, ScriptedServer
from tests.support.waiting import eventually

QUICK = Pace(first=0.01, most=0.05, lasting=0.02, proven=5.0)
GONE = {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"}
NEVER = threading.Event()


def item(name: str, version: int = 1) -> dict[str, Any]:
    return {"metadata": {"namespace": "demo", "name": name, "resourceVersion": str(version)}}


def listing(version: int, *names: str, cont: str = "") -> Reply:
    metadata = {"resourceVersion": str(version), "continue": cont}
    return Reply(200, {"metadata": metadata, "items": [item(name) for name in names]})


def event(word: str, body: dict[str, Any]) -> bytes:
    return json.dumps({"type": word, "object": body}).encode() + b"\n"


def quiet(*events: bytes) -> Reply:
    """A watch that tells these events and then nothing more."""

    def chunks() -> Iterator[bytes]:
        yield from events
        NEVER.wait(20)

    return Reply(chunks=chunks())


def scripted(lists: Iterable[Reply], watches: Iterable[Reply]) -> Script:
    """Lists and watches answered in turn; then every list is empty and every watch quiet."""
    listed, watched = iter(lists), iter(watches)

    def answer(asked: Asked) -> Reply:
        if "watch" in asked.query:
            return next(watched, None) or quiet()
        return next(listed, None) or listing(99)

    return answer


class Recorder:
    """A watch that runs in a thread, and its news so far."""

    def __init__(self, client: Client, watched: Watched) -> None:
        self.news: list[News] = []
        self.watch = Watch(client, watched, self.news.append, QUICK)
        self.thread = threading.Thread(target=self.watch.run)

    def of(self, *kinds: type[News]) -> list[Any]:
        return [one for one in list(self.news) if isinstance(one, kinds)]


Follow = Callable[[Script], tuple[Recorder, ScriptedServer]]


@pytest.fixture
def follow(serve: Serve, client_of: Callable[..., Client]) -> Iterator[Follow]:
    """Follow inference services of a scripted server until the test ends."""
    running: list[Recorder] = []

    def start(script: Script) -> tuple[Recorder, ScriptedServer]:
        server = serve(script)
        recorder = Recorder(client_of(server.kubeconfig), Watched(INFERENCE_SERVICE))
        running.append(recorder)
        recorder.thread.start()
        return recorder, server

    yield start
    for recorder in running:
        recorder.watch.stop()
        recorder.thread.join(2)
        assert not recorder.thread.is_alive()


def test_a_list_is_read_page_by_page(follow: Follow) -> None:
    recorder, server = follow(scripted([listing(5, "a", cont="next"), listing(5, "b")], []))
    (listed,) = eventually(lambda: recorder.of(Listed))
    assert set(listed.objects) == {Key("demo", "a"), Key("demo", "b")}
    assert [asked.query.get("continue") for asked in server.asked[:2]] == [None, "next"]
    assert server.asked[0].query["limit"] == "500"


def test_a_list_whose_pages_expire_is_read_whole(follow: Follow) -> None:
    script = scripted([listing(5, "a", cont="next"), Reply(410, GONE), listing(6, "c")], [])
    recorder, server = follow(script)
    (listed,) = eventually(lambda: recorder.of(Listed))
    assert set(listed.objects) == {Key("demo", "c")}
    assert "limit" not in server.asked[2].query


def test_a_watch_goes_on_where_the_last_one_ended(follow: Follow) -> None:
    ended = Reply(chunks=[event("ADDED", item("a", 7)), event("BOOKMARK", item("", 9))])
    recorder, server = follow(scripted([listing(5)], [ended]))
    eventually(lambda: server.count(watch="true") == 2)
    versions = [asked.query["resourceVersion"] for asked in server.asked if "watch" in asked.query]
    assert versions == ["5", "9"]
    assert [one.key.name for one in recorder.of(Changed)] == ["a"]
    assert server.asked[1].query["allowWatchBookmarks"] == "true"
    assert recorder.of(Failed) == []


def test_a_broken_watch_is_resumed_without_a_new_list(follow: Follow) -> None:
    def breaks() -> Iterator[bytes]:
        yield event("ADDED", item("a", 7))
        raise ConnectionResetError

    recorder, server = follow(scripted([listing(5)], [Reply(chunks=breaks())]))
    eventually(lambda: server.count(watch="true", resourceVersion="7"))
    assert recorder.watch.counters.relists == 0
    assert recorder.of(Failed) == []


def test_credentials_renewed_in_time_go_unnoticed(follow: Follow) -> None:
    ended = Reply(chunks=[event("ADDED", item("a", 7))])
    gone = Reply(chunks=[event("ADDED", item("b", 8)), event("ERROR", {"code": 401})])
    recorder, server = follow(scripted([listing(5)], [ended, gone]))
    eventually(lambda: server.count(watch="true", resourceVersion="8"))
    assert recorder.watch.counters.relists == 0
    assert recorder.of(Failed) == []


EXPIRIES = {
    "as an event": Reply(chunks=[event("ERROR", GONE)]),
    "as a status": Reply(410, GONE),
}


@pytest.mark.parametrize("name", EXPIRIES)
def test_an_expired_version_leads_to_a_new_list_at_once(name: str, follow: Follow) -> None:
    ended = Reply(chunks=[event("ADDED", item("a", 7))])
    script = scripted([listing(5), listing(8, "b")], [ended, EXPIRIES[name]])
    recorder, _ = follow(script)
    eventually(lambda: len(recorder.of(Listed)) == 2)
    assert set(recorder.of(Listed)[1].objects) == {Key("demo", "b")}
    assert recorder.of(Failed) == []


def test_a_version_that_expires_straight_after_a_list_is_waited_for(follow: Follow) -> None:
    recorder, _ = follow(scripted([listing(5), listing(6)], [Reply(410, GONE), Reply(410, GONE)]))
    eventually(lambda: len(recorder.of(Listed)) == 3)
    assert [type(one.error) for one in recorder.of(Failed)] == [Expired, Expired]


def test_a_server_that_ends_every_watch_at_once_is_not_hammered(follow: Follow) -> None:
    recorder, _ = follow(scripted([listing(5)], [Reply(chunks=[]) for _ in range(3)]))
    eventually(lambda: len(recorder.of(Failed)) == 3)
    assert {type(one.error) for one in recorder.of(Failed)} == {Unreachable}


def test_a_truncated_event_is_read_again(follow: Follow) -> None:
    recorder, _ = follow(scripted([listing(5)], [Reply(chunks=[b'{"type": "ADD'])]))
    eventually(lambda: recorder.of(Failed) and len(recorder.of(Seen)) == 2)
    assert "not from a Kubernetes" in recorder.of(Failed)[0].error.message


def test_a_bug_does_not_end_the_watch(follow: Follow, caplog: pytest.LogCaptureFixture) -> None:
    strange = Reply(chunks=[event("ERROR", {"code": "four hundred"})])
    recorder, _ = follow(scripted([listing(5), listing(6)], [strange]))
    eventually(lambda: len(recorder.of(Listed)) == 2)
    assert "tripped over a bug" in caplog.text


def test_permission_is_asked_for_again_and_again(follow: Follow) -> None:
    body = {"code": 403, "message": 'User "console" cannot list resource "inferenceservices"'}
    recorder, _ = follow(scripted([Reply(403, body), Reply(403, body), listing(5, "a")], []))
    eventually(lambda: recorder.of(Listed))
    assert [type(one.error) for one in recorder.of(Failed)] == [Forbidden, Forbidden]
    assert recorder.of(Failed)[0].error.reason == body["message"]


def test_bulk_that_nobody_reads_is_dropped_on_the_way_in(follow: Follow) -> None:
    bulky = item("a", 7)
    bulky["metadata"] |= {
        "managedFields": [{}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
    }
    page = Reply(200, {"metadata": {"resourceVersion": "5"}, "items": [bulky]})
    recorder, _ = follow(scripted([page], [quiet(event("MODIFIED", bulky))]))
    (changed,) = eventually(lambda: recorder.of(Changed))
    (listed,) = recorder.of(Listed)
    assert set(changed.manifest["metadata"]) == {"namespace", "name", "resourceVersion"}
    assert listed.objects[changed.key] == changed.manifest


def test_part_of_a_kind_can_be_followed(serve: Serve, client_of: Callable[..., Client]) -> None:
    server = serve(scripted([], []))
    recorder = Recorder(client_of(server.kubeconfig), Watched(CONFIG_MAP, "ome", "a=b"))
    recorder.thread.start()
    eventually(lambda: server.count(watch="true"))
    recorder.watch.stop()
    assert {asked.path for asked in server.asked} == {"/api/v1/namespaces/ome/configmaps"}
    assert server.count(labelSelector="a=b") == 2


@pytest.mark.parametrize("seconds", [0.4, 30.0])
def test_waits_double_up_to_a_limit(seconds: float) -> None:
    pace = Pace(first=0.5, most=seconds)
    waits = [pace.delay(Unreachable("x"), failed) for failed in range(40)]
    assert all(wait <= seconds for wait in waits)
    assert waits[-1] >= 0.8 * seconds


def test_a_server_that_asks_for_patience_gets_it() -> None:
    assert Pace().delay(Unreachable("x", retry_after=12), 0) == 12
