"""Waking coroutines from any thread: how a change reaches the watches without a busy loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class Bell:
    """One event per listener and topic. A closed bell rings for everybody until it is opened."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, set[Listener]] = {}
        self.closed = False

    @contextmanager
    def listener(self, topic: str) -> Iterator["Listener"]:
        """A listener in the running event loop, while the block lasts."""
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.setdefault(topic, set()).add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def ring(self, topic: str) -> None:
        """Wakes who listens to the topic."""
        with self._lock:
            listeners = tuple(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.wake()

    def open(self) -> None:
        """Lets listeners stay again after `close`."""
        self.closed = False

    def close(self) -> None:
        """Wakes everybody; they are to look at `closed` and leave."""
        self.closed = True
        with self._lock:
            topics = tuple(self._listeners)
        for topic in topics:
            self.ring(topic)


class Listener:
    """One coroutine's ear. Look for news first, then `wait`: a ring in between is not lost."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Makes the current or next `wait` return. From any thread."""
        if not self._event.is_set():
            # The loop closes with the server; then nobody waits.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Returns when woken, or when the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0)):
                await self._event.wait()

    def clear(self) -> None:
        """Call before looking for news."""
        self._event.clear()
