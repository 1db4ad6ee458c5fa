"""A WebSocket that says which kinds changed, so that an open page refreshes what it shows."""

import asyncio
from collections.abc import Callable

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Change

QUIET = 0.1  # seconds in which a burst of changes becomes one message


def live_route(path: str, cache: Callable[[], Cache | None]) -> WebSocketRoute:
    """The route: sends `{"kinds": [...]}` after changes, nothing else, until the reader goes away."""

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        watched = await asyncio.to_thread(cache)
        if watched is None:
            await socket.close(code=1013, reason="no cluster")
            return
        await _tell(socket, watched)

    return WebSocketRoute(path, live)


async def _tell(socket: WebSocket, cache: Cache) -> None:
    changed: set[str] = set()
    woken, loop = asyncio.Event(), asyncio.get_running_loop()

    def note(change: Change) -> None:
        changed.add(change.kind.plural)
        woken.set()

    unsubscribe = cache.subscribe(lambda change: _wake(loop, note, change))
    sending = asyncio.create_task(_send(socket, changed, woken))
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        unsubscribe()
        sending.cancel()


def _wake(loop: asyncio.AbstractEventLoop, note: Callable[[Change], None], change: Change) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(note, change)


async def _send(socket: WebSocket, changed: set[str], woken: asyncio.Event) -> None:
    try:
        while True:
            await woken.wait()
            await asyncio.sleep(QUIET)
            woken.clear()
            kinds = sorted(changed)
            changed.clear()
            await socket.send_json({"kinds": kinds})
    except (WebSocketDisconnect, RuntimeError):
        return  # the reader left between two messages; receiving ends the connection
