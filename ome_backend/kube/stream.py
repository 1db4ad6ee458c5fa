"""Answers that go on: watches and followed logs, as lines that another thread can end."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.exceptions import HTTPError

from ome_backend.kube import failures

LONGEST_LINE = 4 * 1024 * 1024  # etcd takes no object over 1.5 MB; a longer line is no event


class Stream:
    """The lines of an answer that goes on, without their line ends.

    `close` may be called from another thread; the lines then end at once. They also end when the
    server ends them; OmeError is raised when the connection breaks or falls silent for too long.
    """

    def __init__(self, doing: str, server: str, response: Any) -> None:
        self._doing = doing
        self._server = server
        self._response = response
        self._closed = threading.Event()
        self._lines = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        self._release()

    def close(self) -> None:
        """End the lines at once, also for a thread that is waiting for the next one."""
        self._closed.set()
        # Closing a socket does not wake a reader of it; shutting it down does.
        with suppress(OSError, ValueError, RuntimeError, AttributeError):
            self._response.shutdown()

    def _read(self) -> Iterator[bytes]:
        rest = b""
        try:
            while block := self._block():
                *lines, rest = (rest + block).split(b"\n")
                yield from lines
                if len(rest) > LONGEST_LINE:
                    yield rest
                    rest = b""
            if rest and not self._closed.is_set():
                yield rest
        finally:
            self._release()

    def _release(self) -> None:
        with suppress(HTTPError, OSError, ValueError):
            self._response.close()

    def _block(self) -> bytes:
        if self._closed.is_set():
            return b""
        try:
            return bytes(self._response.read1(64 * 1024))
        except (HTTPError, OSError, ValueError, AttributeError) as exc:
            if self._closed.is_set():
                return b""
            raise failures.from_exception(self._doing, self._server, exc) from exc
