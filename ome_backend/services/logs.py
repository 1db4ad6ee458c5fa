"""Logs of several containers at once, merged by time: followed while somebody looks, and bounded always."""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic

from ome_backend.errors import OmeError
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
        self._client = client
        self._clock = clock
        self._wanted = wanted
        self._lock = threading.Lock()
        self._lines: deque[tuple[LogLine, int]] = deque()
        self._bytes = self._arrived = 0
        self._followers: dict[Source, _Follower] = {}
        self._closed = False
        self._read_at = clock()
        self.want(wanted.sources)

    @property
    def closed(self) -> bool:
        return self._closed

    def serves(self, wanted: Wanted) -> bool:
        """Whether it can go on for this wish: sources come and go, and what they wrote stays."""
        same = replace(wanted, sources=()) == replace(self._wanted, sources=())
        return same and not self.closed

    def want(self, sources: Iterable[Source]) -> None:
        """Follow these from now on; the lines of others stay, as those of a pod that has died."""
        wanted = dict.fromkeys(list(sources)[:MOST_SOURCES])
        with self._lock:
            if self._closed:
                wanted = {}
            gone = [self._followers.pop(each) for each in [*self._followers] if each not in wanted]
            new = [each for each in wanted if each not in self._followers]
            for source in new:
                self._followers[source] = _Follower(self._client, source, self._wanted, self._keep)
            begun = [self._followers[each] for each in new]
        for follower in gone:
            follower.close()
        for follower in begun:
            follower.start()

    def idle(self) -> bool:
        """Nobody has read it for longer than LEASE."""
        return self._clock() - self._read_at > LEASE

    def read(self) -> Seen:
        """What there is now."""
        self._read_at = self._clock()
        with self._lock:
            lines, arrived = [line for line, _ in self._lines], self._arrived
            followed = list(self._followers.items())
        silent = {source: each.silent for source, each in followed if each.silent is not None}
        return Seen(tuple(sorted(lines, key=lambda line: line.at)), arrived, silent)

    def close(self) -> None:
        """End every stream at once."""
        self._closed = True
        self.want(())

    def _keep(self, line: LogLine) -> None:
        size = len(line.text.encode())
        with self._lock:
            self._lines.append((line, size))
            self._arrived += 1
            self._bytes += size
            while len(self._lines) > MOST_LINES or self._bytes > MOST_BYTES:
                self._bytes -= self._lines.popleft()[1]


class _Follower:
    """Reads one source until it is closed. A stream that ends, or breaks, is opened again from the last line's
    moment, and what came already is left out."""

    def __init__(
        self, client: Client, source: Source, wanted: Wanted, keep: Callable[[LogLine], None]
    ) -> None:
        self.silent: OmeError | None = None
        self._client = client
        self._source = source
        self._wanted = wanted
        self._keep = keep
        self._closed = threading.Event()
        self._stream: LogLines | None = None
        self._last: LogLine | None = None
        self._at_last = Counter[str]()  # the texts of the newest moment: lines may share it
        self._arrived = 0

    def start(self) -> None:
        name = f"log {self._source.pod} {self._source.container}"
        threading.Thread(target=self._follow, name=name, daemon=True).start()

    def close(self) -> None:
        """End it, also while it waits for the next line."""
        self._closed.set()
        stream = self._stream
        if stream is not None:
            stream.close()

    def _follow(self) -> None:
        tries = 0
        while not self._closed.is_set():
            before = self._arrived
            try:
                self._read()
            except OmeError as failure:
                log.info("the log of %s is not read: %s", self._source, failure)
                self.silent = failure
            except Exception as failure:
                log.exception("the log of %s cannot be read", self._source)
                self.silent = OmeError("The log cannot be read.", reason=repr(failure))
            tries = 0 if self._arrived != before else min(tries + 1, len(PAUSES) - 1)
            self._closed.wait(PAUSES[tries])

    def _read(self) -> None:
        """Take the lines until the stream ends. Raises OmeError when it cannot be opened, or breaks."""
        since = self._last.stamp if self._last is not None else ""
        stream = self._client.follow_logs(
            self._source.pod,
            container=self._source.container,
            tail=self._wanted.tail,
            since_seconds=self._wanted.since_seconds,
            since=since,
            timestamps=True,
        )
        with stream:
            self._stream = stream
            if self._closed.is_set():
                return
            self.silent = None
            newest = self._last.at if self._last is not None else 0
            known = self._at_last.copy()
            for raw in stream:
                line = log_line(self._source.pod.name, self._source.container, raw)
                if not _repeated(line, newest, known):
                    self._take(line)

    def _take(self, line: LogLine) -> None:
        if self._last is None or line.at != self._last.at:
            self._at_last.clear()
        self._at_last[line.text] += 1
        self._last = line
        self._arrived += 1
        self._keep(line)


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
            serves = held is not None and held.serves(wanted)
        if held is not None and serves:
            held.want(wanted.sources)
            return held
        with self._lock:
            made = self._tails[owner] = Tail(self._client, wanted, self._clock)
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep, name="logs", daemon=True)
                self._sweeper.start()
        if held is not None:
            held.close()
        return made

    def read(self, wanted: Wanted, *, previous: bool = False, since: str = "") -> Seen:
        """The lines there are, without following them: of the run before, or the first from a moment on."""
        found: list[LogLine] = []
        silent: dict[Source, OmeError] = {}
        for source in wanted.sources[:MOST_SOURCES]:
            try:
                found += self._once(source, wanted, previous, since)
            except OmeError as failure:
                silent[source] = failure
        begin = log_line("", "", since).at  # the server counts whole seconds
        lines = sorted((line for line in found if line.at >= begin), key=lambda line: line.at)
        kept = lines[:MOST_LINES] if since else lines[-MOST_LINES:]
        return Seen(tuple(kept), len(lines), silent)

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


def _repeated(line: LogLine, newest: int, known: Counter[str]) -> bool:
    """The stream before brought it: it is older than that one's newest moment, or among its lines, `known`."""
    if line.at == newest and known[line.text]:
        known[line.text] -= 1
        return True
    return line.at < newest
