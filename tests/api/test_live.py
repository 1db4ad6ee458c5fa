"""The socket that tells open pages what changed."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from ome_backend.api.live import QUIET, WATCHED, live_route
from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.support import builders
from tests.support.backends import connected
from tests.support.waiting import eventually

SERVICES = kinds.INFERENCE_SERVICE.plural
Listen = Callable[[], ClientConnection]


@pytest.fixture
def cache(sandbox: Sandbox, tmp_path: Path) -> Iterator[Cache]:
    """The cache of a sandbox with one service."""
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service())
    with connected(sandbox.kubeconfig(), tmp_path) as backend:
        yield backend.cache


@contextmanager
def served(cache: Cache | None, **limits: Any) -> Iterator[str]:
    """The route on a server of its own; yields its address."""
    app = Starlette(routes=[live_route("/events", lambda: cache, **limits)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"ws://127.0.0.1:{port}/events"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def listen(cache: Cache) -> Iterator[Listen]:
    """Open connections to the route on `cache`."""
    with served(cache) as address:
        yield lambda: connect(address, proxy=None)


@pytest.fixture
def readers(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The callbacks subscribed to the cache now."""
    subscribed: list[object] = []
    subscribe = cache.subscribe

    def counted(callback: Callable[[object], None]) -> Callable[[], None]:
        end = subscribe(callback)
        subscribed.append(callback)

        def unsubscribe() -> None:
            end()
            subscribed.remove(callback)

        return unsubscribe

    monkeypatch.setattr(cache, "subscribe", counted)
    return subscribed


def heard(socket: ClientConnection) -> Manifest:
    """The next message."""
    message: Manifest = json.loads(socket.recv(timeout=10))
    return message


def heard_until(socket: ClientConnection, plural: str, version: int) -> list[Manifest]:
    """The messages up to the one that tells at least `version` of a kind."""
    messages = [heard(socket)]
    while messages[-1]["versions"].get(plural, 0) < version:
        messages.append(heard(socket))
    return messages


def touch(sandbox: Sandbox, label: str = "yes") -> None:
    """Change the service."""

    def edit(service: Manifest) -> None:
        service["metadata"]["labels"] = {"touched": label}

    sandbox.objects.change(kinds.INFERENCE_SERVICE, Key("demo", "chat"), edit)


def test_the_first_message_tells_where_every_kind_stands(listen: Listen, cache: Cache) -> None:
    with listen() as socket:
        hello = heard(socket)
    assert hello["versions"] == {kind.plural: cache.snapshot(kind).version for kind in WATCHED}
    assert hello["versions"][SERVICES] > 0


def test_a_change_is_told_with_a_higher_version_of_its_kind_alone(
    listen: Listen, sandbox: Sandbox
) -> None:
    with listen() as socket:
        hello = heard(socket)
        touch(sandbox)
        news = heard(socket)
    assert set(news["versions"]) == {SERVICES}
    assert news["versions"][SERVICES] > hello["versions"][SERVICES]
    assert news["state"] == hello["state"]


def test_a_change_made_before_listening_is_in_the_first_message(
    listen: Listen, cache: Cache, sandbox: Sandbox
) -> None:
    before = cache.snapshot(kinds.INFERENCE_SERVICE).version
    touch(sandbox)
    eventually(lambda: cache.snapshot(kinds.INFERENCE_SERVICE).version > before)
    with listen() as socket:
        assert heard(socket)["versions"][SERVICES] > before


def test_a_run_of_changes_becomes_few_messages_and_the_last_of_it_is_told(
    listen: Listen, cache: Cache, sandbox: Sandbox
) -> None:
    with listen() as socket:
        heard(socket)
        started = time.monotonic()
        for number in range(60):
            touch(sandbox, str(number))
            last = eventually(lambda: labelled(cache, str(number)))  # noqa: B023
        messages = heard_until(socket, SERVICES, last)
        took = time.monotonic() - started
    assert len(messages) <= took / QUIET + 1


def labelled(cache: Cache, label: str) -> int | None:
    """The version of the services once the service has this label."""
    seen = cache.snapshot(kinds.INFERENCE_SERVICE)
    held = seen.objects[Key("demo", "chat")]["metadata"].get("labels", {})
    return seen.version if held.get("touched") == label else None


def test_a_lost_and_found_server_is_told_as_a_state(listen: Listen, sandbox: Sandbox) -> None:
    with listen() as socket:
        state = heard(socket)["state"]
        sandbox.stop()
        lost = eventually(lambda: (now := heard(socket)["state"]) > state and now)
        sandbox.start()
        assert eventually(lambda: heard(socket)["state"] > lost, timeout=30)


def test_a_reader_that_leaves_takes_its_subscription_along_and_harms_nobody(
    cache: Cache, readers: list[object], listen: Listen, sandbox: Sandbox
) -> None:
    with listen() as stays:
        with listen() as leaves:
            assert heard(stays)
            assert heard(leaves)
            assert len(readers) == 2
        eventually(lambda: len(readers) == 1)
        touch(sandbox)
        assert set(heard(stays)["versions"]) == {SERVICES}
    eventually(lambda: readers == [])


def test_a_reader_that_vanishes_in_the_middle_of_a_burst_harms_nobody(
    cache: Cache, readers: list[object], listen: Listen, sandbox: Sandbox
) -> None:
    with listen() as stays:
        heard(stays)
        vanishes = listen()
        for number in range(50):
            touch(sandbox, str(number))
        vanishes.socket.close()
        last = eventually(lambda: labelled(cache, "49"))
        assert heard_until(stays, SERVICES, last)
        eventually(lambda: len(readers) == 1)


def test_what_a_reader_says_is_ignored(listen: Listen, sandbox: Sandbox) -> None:
    with listen() as socket:
        heard(socket)
        socket.send("words")
        socket.send(b"\x00")
        touch(sandbox)
        assert set(heard(socket)["versions"]) == {SERVICES}


def test_without_a_cluster_the_socket_is_closed_with_try_again_later() -> None:
    with served(None) as address, connect(address, proxy=None) as socket:
        assert closed(socket) == (1013, "no cluster")


def closed(socket: ClientConnection) -> tuple[int, str]:
    """How the other side ended the connection."""
    with pytest.raises(ConnectionClosed) as ended:
        socket.recv(timeout=10)
    assert ended.value.rcvd is not None
    return ended.value.rcvd.code, ended.value.rcvd.reason


def test_one_reader_too_many_is_sent_away_until_another_leaves(
    cache: Cache, readers: list[object]
) -> None:
    with served(cache, most_readers=1) as address:
        with connect(address, proxy=None) as first, connect(address, proxy=None) as second:
            assert heard(first)
            assert closed(second) == (1013, "too many readers")
        eventually(lambda: readers == [])
        with connect(address, proxy=None) as third:
            assert heard(third)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
def test_pages_of_other_origins_are_refused_before_anything_is_told(
    origin: Origin, cache: Cache, readers: list[object]
) -> None:
    with served(cache) as address, pytest.raises(InvalidStatus) as refused:
        connect(address, proxy=None, origin=origin)
    assert refused.value.response.status_code == 403
    assert readers == []


def test_the_own_origin_is_let_in_by_an_allowed_name_only(cache: Cache) -> None:
    with served(cache, hosts=["127.0.0.1"]) as address:
        own = Origin(address.replace("ws:", "http:").removesuffix("/events"))
        with connect(address, proxy=None, origin=own) as socket:
            assert heard(socket)
        with pytest.raises(InvalidStatus) as refused:
            connect(address.replace("127.0.0.1", "localhost"), proxy=None)
    assert refused.value.response.status_code == 403
