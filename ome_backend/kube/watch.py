"""List-watch: one thread that follows one kind for as long as the console runs."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ome_backend.errors import (
    Expired,
    Forbidden,
    NotFound,
    NotInstalled,
    OmeError,
    RateLimited,
    ServerFailed,
    Unauthenticated,
    Unreachable,
)
from ome_backend.kube import failures
from ome_backend.kube.client import Client, complete, place
from ome_backend.kube.snapshot import Changed, Failed, Listed, News, Seen
from ome_backend.kube.stream import Stream
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, mapping, text

PAGE_SIZE = 500
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
PASSING = (Unreachable, RateLimited, ServerFailed, Unauthenticated)  # resuming may still succeed
LASTING = (Forbidden, NotFound, NotInstalled)
RESUMPTIONS = 5  # after so many failures in a row the kind is listed anew
REFUSALS = 3  # so many 403 and 404 in a row may be a restart's, and more within `Pace.patience`

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between attempts: doubling from `first` to `most`; `lasting` after 403 and 404.

    A watch that lived for `proven` seconds, or said something, was no failure. An API server that
    starts answers 403 before it knows its rules and 404 before its definitions: a kind that was
    readable is refused for good only after `patience` seconds.
    """

    first: float = 0.5
    most: float = 30.0
    lasting: float = 60.0
    proven: float = 5.0
    patience: float = 10.0

    def delay(self, error: OmeError, failed: int, *, passing: bool = True) -> float:
        """How long to wait after the `failed`th failure in a row, with jitter of a fifth."""
        if not passing:
            return self.lasting * random.uniform(0.8, 1.0)
        doubled = min(self.most, self.first * 2.0 ** min(failed, 16))
        return max(doubled * random.uniform(0.8, 1.0), error.retry_after or 0.0)


@dataclass(frozen=True, slots=True)
class Watched:
    """What to follow: a kind, or the part of it in one namespace with certain labels."""

    kind: Kind
    namespace: str | None = None
    labels: str = ""

    def __str__(self) -> str:
        return place(self.kind, self.namespace)


@dataclass(slots=True)
class Counters:
    """What a watch has been through. `relists` leaves out the first list."""

    relists: int = -1
    restarts: int = -1
    events: int = 0


@dataclass
class Watch:
    """Follows one kind, or part of it, and tells `report` everything: lists, changes, signs of life, failures."""

    client: Client
    watched: Watched
    report: Callable[[News], None]
    pace: Pace = field(default_factory=Pace)
    counters: Counters = field(default_factory=Counters)
    _version: str = ""
    _failed: int = 0
    _refused: int = 0  # 403 and 404 in a row
    _refused_at: float = 0.0  # the first of them
    _known: bool = False  # objects were listed, and not refused for good since
    _proven: bool = False  # this watch has said something, or lived long enough
    _fresh: bool = False  # no watch was proven since the last list
    _stream: Stream | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)
    _awake: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Follow the kind until `stop`. Whatever fails is reported and tried again."""
        while not self._stopped.is_set():
            try:
                self._turn()
            except OmeError as error:
                self._recover(error)
            except Exception as error:
                log.exception("the watch of %s tripped over a bug", self.watched)
                self._version = ""
                self._recover(OmeError(f"{self._doing} failed.", reason=repr(error)))

    def stop(self) -> None:
        """End at once, also in the middle of waiting for an event."""
        self._stopped.set()
        self._awake.set()
        stream = self._stream
        if stream is not None:
            stream.close()

    def hurry(self) -> None:
        """Try again now instead of at the end of a wait."""
        self._awake.set()

    @property
    def _doing(self) -> str:
        return f"Watching {self.watched}"

    def _turn(self) -> None:
        if not self._version:
            self._list()
        self._follow()
        if not self._proven and not self._stopped.is_set():
            raise Unreachable(f"{self._doing} failed: the server ends it at once.")
        self._go_on()

    def _recover(self, error: OmeError) -> None:
        if self._stopped.is_set():
            return
        if not isinstance(error, PASSING) or self._failed >= RESUMPTIONS:
            self._version = ""
        if self._proven or (isinstance(error, Expired) and not self._fresh):
            self._go_on()  # it worked until now: the first new attempt waits for nothing
            return
        if not self._failed:  # once per outage, not once per attempt
            log.warning("%s %s", error.message, error.reason)
        passing = self._is_passing(error)
        # A server that refuses answers again: its failures to answer do not lengthen the wait.
        failed = self._refused - 1 if self._refused else self._failed
        delay = self.pace.delay(error, failed, passing=passing)
        self._failed += 1
        self._awake.clear()
        self.report(Failed(error, datetime.now(UTC) + timedelta(seconds=delay), passing))
        if not self._stopped.is_set():
            self._awake.wait(delay)

    def _is_passing(self, error: OmeError) -> bool:
        """Whether what is known may be kept: the error is no refusal, or one like a restart's."""
        if not isinstance(error, LASTING):
            self._refused = 0
            return True
        now = time.monotonic()
        if not self._refused:
            self._refused_at = now
        self._refused += 1
        is_early = self._refused <= REFUSALS or now - self._refused_at < self.pace.patience
        self._known = self._known and is_early
        return self._known

    def _go_on(self) -> None:
        self._proven, self._failed = False, 0

    def _list(self) -> None:
        objects, version = list_all(self.client, self.watched)
        if self._stopped.is_set():
            return
        self.counters.relists += 1
        self.report(Listed(objects, datetime.now(UTC)))
        self._version, self._fresh, self._known = version, True, True

    def _follow(self) -> None:
        kind, namespace = self.watched.kind, self.watched.namespace
        with self.client.watch(
            kind, namespace, self._version, labels=self.watched.labels
        ) as stream:
            self._stream = stream
            if self._stopped.is_set():
                return
            self.counters.restarts += 1
            self.report(Seen(datetime.now(UTC)))
            opened = time.monotonic()
            try:
                for line in stream:
                    self._take(self._event(line))
            finally:
                if time.monotonic() - opened >= self.pace.proven:
                    self._prove()

    def _event(self, line: bytes) -> Manifest:
        try:
            event: Manifest = orjson.loads(line)
        except orjson.JSONDecodeError as exc:
            raise failures.not_json(self._doing, line) from exc
        return event

    def _prove(self) -> None:
        self._proven, self._fresh, self._failed, self._refused = True, False, 0, 0

    def _take(self, event: Manifest) -> None:
        what, raw = text(event, "type"), mapping(event, "object")
        if what == "ERROR":
            code: Any = raw.get("code")
            raise failures.from_status(self._doing, int(code or 500), raw)
        self._version = text(raw, "metadata", "resourceVersion")
        self._prove()
        now = datetime.now(UTC)
        if what == "BOOKMARK":
            self.report(Seen(now))
            return
        self.counters.events += 1
        manifest = None if what == "DELETED" else trimmed(complete(self.watched.kind, raw))
        self.report(Changed(key_of(raw), manifest, now))


def list_all(client: Client, watched: Watched) -> tuple[dict[Key, Manifest], str]:
    """All objects, trimmed, and the version to watch from: in pages, whole when pages expire."""
    try:
        return _list(client, watched, PAGE_SIZE)
    except Expired:
        return _list(client, watched, None)


def _list(client: Client, watched: Watched, limit: int | None) -> tuple[dict[Key, Manifest], str]:
    objects: dict[Key, Manifest] = {}
    cont = ""
    while True:
        page = client.list(
            watched.kind, watched.namespace, labels=watched.labels, limit=limit, cont=cont
        )
        objects.update((key_of(item), trimmed(item)) for item in page.items)
        cont = page.cont
        if not cont:
            return objects, page.resource_version


def trimmed(item: Manifest) -> Manifest:
    """The object without what nobody reads and what makes up half of it. Changes its argument."""
    metadata = mapping(item, "metadata")
    metadata.pop("managedFields", None)
    annotations = mapping(metadata, "annotations")
    if annotations.pop(LAST_APPLIED, None) is not None and not annotations:
        del metadata["annotations"]
    return item
