"""A WebSocket that says which kinds changed, so that an open page refreshes what it shows."""

import asyncio
from collections.abc import Callable, Collection

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ome_backend.api.origin import admitted
from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Change
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import KUBERNETES_KINDS, OME_KINDS

MOST_READERS = 500  # each costs a callback per change; a console that serves a company has fewer
WATCHED = (*OME_KINDS, *KUBERNETES_KINDS)
QUIET = 0.1  # seconds between two messages: a burst of changes becomes a few


def live_route(
    path: str,
    cache: Callable[[], Cache | None],
    hosts: Collection[str] = (),
    most_readers: int = MOST_READERS,
) -> WebSocketRoute:
    """The route: sends `{"versions": {plural: number}, "state": number}` at once and after changes.

    `state` is the version at which a kind last became reachable or unreachable, or was read anew.
    `cache` must answer at once. Pages of other origins and addresses that are not in `hosts` get a
    403; without a cache, or beyond `most_readers`, the socket is closed with 1013, try again later.
    """
    readers: set[WebSocket] = set()

    async def live(socket: WebSocket) -> None:
        if not admitted(socket.headers, hosts):
            await socket.close(code=1008)
            return
        await socket.accept()
        watched = cache()
        if watched is None or len(readers) >= most_readers:
            await socket.close(code=1013, reason="too many readers" if watched else "no cluster")
            return
        readers.add(socket)
        try:
            await _tell(socket, watched)
        finally:
            readers.remove(socket)

    return WebSocketRoute(path, live)


class _News:
    """The newest versions since the last message, gathered on the event loop."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._state = 0

    def greet(self, cache: Cache) -> None:
        """Begin with where everything stands."""
        for kind in WATCHED:
            self.note(Change(kind, Key("", ""), cache.snapshot(kind).version))

    def note(self, change: Change) -> None:
        plural = change.kind.plural
        self._versions[plural] = max(change.version, self._versions.get(plural, 0))
        if change.key is None:
            self._state = max(change.version, self._state)
        self.woken.set()

    def take(self) -> dict[str, object]:
        """The message; what comes later goes into the next."""
        taken = {"versions": self._versions, "state": self._state}
        self._versions = {}
        self.woken.clear()
        return taken


async def _tell(socket: WebSocket, cache: Cache) -> None:
    news, loop = _News(), asyncio.get_running_loop()
    unsubscribe = cache.subscribe(lambda change: _wake(loop, news, change))
    news.greet(cache)
    sending = asyncio.create_task(_send(socket, news))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        unsubscribe()
        sending.cancel()


def _wake(loop: asyncio.AbstractEventLoop, news: _News, change: Change) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(news.note, change)


async def _send(socket: WebSocket, news: _News) -> None:
    try:
        while True:
            await news.woken.wait()
            await socket.send_json(news.take())
            await asyncio.sleep(QUIET)
    except (WebSocketDisconnect, RuntimeError):
        return  # the reader left between two messages; receiving ends the connection
