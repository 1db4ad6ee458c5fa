"""Logs of several containers at once, merged by time: followed while somebody looks, and bounded always."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from ome_backend.errors import NotFound, OmeError
from ome_backend.kube.client import Client
from ome_backend.kube.pod_logs import LogLines
from ome_backend.resources.kind import Key
from ome_backend.resources.log_line import LogLine, log_line

MOST_LINES = 10_000
MOST_BYTES = 8 * 1024 * 1024
MOST_SOURCES = 20
LEASE = 20.0  # seconds after which nobody looks any more
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)  # before a stream that ended is opened again

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One container of one pod."""

    pod: Key
    container: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of each source the newest `tail` lines, not older than `since_seconds`."""

    sources: tuple[Source, ...]
    tail: int = 1_000
    since_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """`lines` by time. `arrived` counts all that came, those that fell away included. `silent` says of a
    source why nothing comes from it now."""

    lines: tuple[LogLine, ...]
    arrived: int = 0
    silent: Mapping[Source, OmeError] | None = None

    @property
    def dropped(self) -> int:
        """How many older lines fell away."""
        return self.arrived - len(self.lines)


class Tail:
    """A thread a source fills one bounded store; whoever reads it keeps it alive."""

    def __init__(self, client: Client, wanted: Wanted, clock: Callable[[], float]) -> None:
        self.wanted = wanted
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._lines: deque[LogLine] = deque()
        self._bytes = self._arrived = 0
        self._silent: dict[Source, OmeError] = {}
        self._streams: dict[Source, LogLines] = {}
        self._closed = threading.Event()
        self._read_at = clock()
        for source in wanted.sources[:MOST_SOURCES]:
            name = f"log {source.pod} {source.container}"
            threading.Thread(target=self._follow, args=(source,), name=name, daemon=True).start()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def idle(self) -> bool:
        """Nobody has read it for longer than LEASE."""
        return self._clock() - self._read_at > LEASE

    def read(self) -> Seen:
        """What there is now."""
        self._read_at = self._clock()
        with self._lock:
            lines, arrived, silent = list(self._lines), self._arrived, dict(self._silent)
        return Seen(tuple(sorted(lines, key=lambda line: line.at)), arrived, silent)

    def close(self) -> None:
        """End every stream at once."""
        self._closed.set()
        with self._lock:
            streams = list(self._streams.values())
        for stream in streams:
            stream.close()

    def _follow(self, source: Source) -> None:
        """Open the log again whenever it ends, from where it ended: a container may start anew."""
        last = ""
        tries = 0
        while not self.closed:
            before = last
            try:
                last = self._followed(source, last) or last
            except OmeError as failure:
                self._fell_silent(source, failure)
                if isinstance(failure, NotFound):
                    return
            tries = 0 if last != before else min(tries + 1, len(PAUSES) - 1)
            self._closed.wait(PAUSES[tries])

    def _followed(self, source: Source, after: str) -> str:
        """Take the lines until the stream ends; returns the stamp of the last."""
        stream = self._client.follow_logs(
            source.pod,
            container=source.container,
            tail=None if after else self.wanted.tail,
            since_seconds=None if after else self.wanted.since_seconds,
            since=after,
            timestamps=True,
        )
        last, newest = after, log_line("", "", after).at
        with stream, self._registered(source, stream):
            for raw in stream:
                line = log_line(source.pod.name, source.container, raw)
                if after and line.at <= newest:
                    continue  # what the stream before brought already
                last = line.stamp or last
                self._keep(source, line)
        return last

    def _registered(self, source: Source, stream: LogLines) -> "_Registered":
        return _Registered(self, source, stream)

    def enter(self, source: Source, stream: LogLines) -> None:
        """The stream is to be closed with the rest."""
        with self._lock:
            self._streams[source] = stream
            self._silent.pop(source, None)
        if self.closed:
            stream.close()

    def leave(self, source: Source) -> None:
        """The stream has ended."""
        with self._lock:
            self._streams.pop(source, None)

    def _keep(self, source: Source, line: LogLine) -> None:
        with self._lock:
            self._lines.append(line)
            self._arrived += 1
            self._bytes += len(line.text)
            while len(self._lines) > MOST_LINES or self._bytes > MOST_BYTES:
                self._bytes -= len(self._lines.popleft().text)

    def _fell_silent(self, source: Source, failure: OmeError) -> None:
        log.info("the log of %s %s is not read: %s", source.pod, source.container, failure)
        with self._lock:
            self._silent[source] = failure


@dataclass(frozen=True, slots=True)
class _Registered:
    """While a stream is open, closing the tail closes it."""

    tail: Tail
    source: Source
    stream: LogLines

    def __enter__(self) -> None:
        self.tail.enter(self.source, self.stream)

    def __exit__(self, *_: object) -> None:
        self.tail.leave(self.source)


class Logs:
    """One tail for each who looks; those that nobody reads any more are ended by themselves."""

    def __init__(self, client: Client, clock: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._tails: dict[str, Tail] = {}
        self._ended = threading.Event()
        self._sweeper: threading.Thread | None = None

    def follow(self, owner: str, wanted: Wanted) -> Tail:
        """The tail of `owner`; a new one when something else is wanted."""
        with self._lock:
            held = self._tails.get(owner)
            if held is not None and not held.closed and held.wanted == wanted:
                return held
            made = self._tails[owner] = Tail(self._client, wanted, self._clock)
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep, name="logs", daemon=True)
                self._sweeper.start()
        if held is not None:
            held.close()
        return made

    def read(self, wanted: Wanted, *, previous: bool = False, since: str = "") -> Seen:
        """The lines there are, without following them: of the run before, or from a moment on."""
        found: list[LogLine] = []
        silent: dict[Source, OmeError] = {}
        for source in wanted.sources[:MOST_SOURCES]:
            try:
                found += self._once(source, wanted, previous, since)
            except OmeError as failure:
                silent[source] = failure
        lines = sorted(found, key=lambda line: line.at)[-MOST_LINES:]
        return Seen(tuple(lines), len(found), silent)

    def release(self, owner: str) -> None:
        """Nobody looks any more."""
        with self._lock:
            held = self._tails.pop(owner, None)
        if held is not None:
            held.close()

    def close(self) -> None:
        """End all."""
        self._ended.set()
        for owner in list(self._tails):
            self.release(owner)

    def drop_idle(self) -> None:
        """End those that nobody reads any more."""
        with self._lock:
            idle = [owner for owner, tail in self._tails.items() if tail.idle()]
        for owner in idle:
            log.info("nobody reads the logs of %s any more", owner)
            self.release(owner)

    def open(self) -> int:
        """How many are followed."""
        return len(self._tails)

    def _once(
        self, source: Source, wanted: Wanted, previous: bool, since: str
    ) -> Iterable[LogLine]:
        lines = self._client.logs(
            source.pod,
            container=source.container,
            previous=previous,
            tail=None if since else wanted.tail,
            since_seconds=None if since else wanted.since_seconds,
            since=since,
            timestamps=True,
        )
        return [log_line(source.pod.name, source.container, each) for each in lines]

    def _sweep(self) -> None:
        while not self._ended.wait(LEASE / 4):
            self.drop_idle()
