"""Pod logs: the last lines, bounded, and the growing log, closable."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ome_backend.kube.stream import Stream
from ome_backend.kube.transport import Transport
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import POD

MOST_LINES = 10_000
MOST_BYTES = 8 * 1024 * 1024
READ_SILENCE = 30.0  # the kubelet may have to open a large or compressed file first
FOLLOW_SILENCE = 3600.0  # an idle engine logs nothing; keepalive finds dead peers much earlier


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which log. `previous` is the log of the container's run before this one, `since` a
    moment (RFC 3339) instead of `since_seconds`."""

    pod: Key
    container: str | None = None
    previous: bool = False
    tail: int | None = None
    since_seconds: int | None = None
    since: str = ""
    timestamps: bool = False

    @property
    def most(self) -> int:
        return MOST_LINES if self.tail is None else max(0, min(self.tail, MOST_LINES))


class LogLines:
    """The lines of a growing log. `close`, from any thread, ends them at once."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return _decoded(next(self._stream))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.__exit__(kind, error, trace)

    def close(self) -> None:
        self._stream.close()


def read(transport: Transport, wanted: Wanted) -> list[str]:
    """The newest lines, at most `wanted.most` and MOST_BYTES: older ones fall away. Since a moment, the first."""
    kept: deque[bytes] = deque()
    size = 0
    with _open(transport, wanted, {}, READ_SILENCE) as lines:
        for line in lines:
            kept.append(line)
            size += len(line)
            if wanted.since and (len(kept) >= wanted.most or size > MOST_BYTES):
                break
            while len(kept) > wanted.most or size > MOST_BYTES:
                size -= len(kept.popleft())
    return [_decoded(line) for line in kept]


def follow(transport: Transport, wanted: Wanted) -> LogLines:
    """The newest lines and then those that come."""
    return LogLines(_open(transport, wanted, {"follow": "true"}, FOLLOW_SILENCE))


def _open(transport: Transport, wanted: Wanted, query: dict[str, str], silence: float) -> Stream:
    if not wanted.since:
        query = query | {"tailLines": str(wanted.most)}
    if wanted.container:
        query["container"] = wanted.container
    if wanted.previous:
        query["previous"] = "true"
    if wanted.timestamps:
        query["timestamps"] = "true"
    if wanted.since:
        query["sinceTime"] = wanted.since
    elif wanted.since_seconds is not None:
        query["sinceSeconds"] = str(max(1, wanted.since_seconds))  # the server refuses 0
    path = POD.path(wanted.pod.namespace, wanted.pod.name, "log")
    return transport.stream(f"Reading the log of pod {wanted.pod}", path, query, silence)


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").removesuffix("\r")
