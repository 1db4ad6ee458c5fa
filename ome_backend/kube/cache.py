"""The cluster as last known: a snapshot per kind, kept current by watches, and news of changes."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue

from ome_backend.config import Settings
from ome_backend.errors import Unauthenticated, Unreachable
from ome_backend.kube.client import Client
from ome_backend.kube.snapshot import Change, News, Snapshot, advance, merged
from ome_backend.kube.watch import Counters, Pace, Watch, Watched
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind

DOWNLOAD_REPORTS = "models.ome/basemodel-status=true"
LONGEST_PAUSE = 0.05  # seconds between two publications while news pour in
STOP_SECONDS = 0.8
COMMON = (Unreachable, Unauthenticated)  # what ails one watch for such a reason ails them all

Subscriber = Callable[[Change], None]
Batch = dict[Watched, list[News]]

log = logging.getLogger(__name__)


def watched_kinds(settings: Settings) -> tuple[Watched, ...]:
    """Everything the console follows: in the whole cluster, or namespace by namespace where some are named.

    Of config maps only the model agents' download reports.
    """
    whole = [
        kind for kind in (*kinds.OME_KINDS, *kinds.KUBERNETES_KINDS) if kind != kinds.CONFIG_MAP
    ]
    named = settings.namespaces or (None,)
    return (
        *(
            Watched(kind, place)
            for kind in whole
            for place in (named if kind.namespaced else (None,))
        ),
        Watched(kinds.CONFIG_MAP, settings.ome_namespace, DOWNLOAD_REPORTS),
    )


class Cache:
    """Follows every kind of one cluster. Reading costs nothing, takes no lock and never waits.

    Watches put their news in one queue; a single thread makes them into snapshots and tells the
    subscribers. A kind that is followed in several namespaces has a watch and a snapshot for each,
    and one made of these to be read. When it is quiet an event is published at once. In a burst the
    publisher rests nine times as long as publishing took, LONGEST_PAUSE at most, and takes together
    what came.
    """

    def __init__(self, client: Client, settings: Settings, pace: Pace | None = None) -> None:
        self._news: SimpleQueue[tuple[Watched, News] | None] = SimpleQueue()
        self._watches = {
            watched: Watch(client, watched, partial(self._enqueue, watched), pace or Pace())
            for watched in watched_kinds(settings)
        }
        self._parts = {watched: Snapshot(watched.kind) for watched in self._watches}
        self._snapshots = {watched.kind: Snapshot(watched.kind) for watched in self._watches}
        self._version = 0
        self._subscribers: tuple[Subscriber, ...] = ()
        self._subscribing = threading.Lock()
        self._synced = threading.Event()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def version(self) -> int:
        """Grows with every change of anything."""
        return self._version

    def start(self) -> None:
        """Begin to follow; returns at once. A cache is started once."""
        runs = [("publish", self._publish_until_stopped)]
        runs += [(f"watch-{part.kind.plural}", watch.run) for part, watch in self._watches.items()]
        for name, run in runs:
            thread = threading.Thread(target=run, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End all watches; returns within a second. The snapshots stay readable."""
        self._stopped.set()
        for watch in self._watches.values():
            watch.stop()
        self._news.put(None)
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def snapshot(self, kind: Kind) -> Snapshot:
        """What is known of a kind now. Raises KeyError for a kind that is not followed."""
        return self._snapshots[kind]

    def follows(self, kind: Kind) -> bool:
        """Whether the kind is watched at all."""
        return kind in self._snapshots

    def wait_synced(self, timeout: float) -> bool:
        """Whether every kind is known, or known to be out of reach, within `timeout` seconds."""
        return self._synced.wait(timeout)

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call back after every change, from the publishing thread; returns how to end that.

        The callback must return quickly: news wait for it. What it raises is logged and ignored.
        """
        with self._subscribing:
            self._subscribers = (*self._subscribers, callback)
        return partial(self._unsubscribe, callback)

    def retry_now(self, kind: Kind | None = None) -> None:
        """Let the watches of `kind`, or all, try at once, however long they were to wait and why."""
        for watched, watch in self._watches.items():
            if kind in (None, watched.kind):
                watch.hurry()

    def counters(self, kind: Kind) -> Counters:
        """What the watches of a kind have been through so far, taken together."""
        each = [watch.counters for part, watch in self._watches.items() if part.kind == kind]
        return Counters(
            sum(one.relists for one in each),
            sum(one.restarts for one in each),
            sum(one.events for one in each),
        )

    def _unsubscribe(self, callback: Subscriber) -> None:
        with self._subscribing:
            self._subscribers = tuple(one for one in self._subscribers if one is not callback)

    def _enqueue(self, watched: Watched, news: News) -> None:
        self._news.put((watched, news))

    def _publish_until_stopped(self) -> None:
        rest = 0.0
        while (batch := self._next_batch(rest)) is not None:
            started = time.perf_counter()
            self._tell(self._publish(batch))
            rest = min(LONGEST_PAUSE, 9 * (time.perf_counter() - started))

    def _next_batch(self, rest: float) -> Batch | None:
        """All news there are, at least one; None after the stop."""
        if self._stopped.wait(rest):
            return None
        batch: Batch = {}
        item = self._news.get()
        while item is not None:
            watched, news = item
            batch.setdefault(watched, []).append(news)
            try:
                item = self._news.get_nowait()
            except Empty:
                return batch
        return None

    def _publish(self, batch: Batch) -> Sequence[Change]:
        changes: list[Change] = []
        version = self._version
        for watched, news in batch.items():
            old = self._parts[watched]
            new, keys = advance(old, news, version + 1)
            self._parts[watched] = new
            version = max(version, new.version)
            changes += [Change(watched.kind, key, new.version) for key in keys]
            if isinstance(old.last_error, COMMON) and new.state == "live":
                self._wake_the_others()
        for kind in {watched.kind for watched in batch}:
            self._snapshots[kind] = merged(
                [part for watched, part in self._parts.items() if watched.kind == kind]
            )
        self._version = version
        if not self._synced.is_set() and self._is_synced():
            self._synced.set()
        return changes

    def _tell(self, changes: Sequence[Change]) -> None:
        for callback in self._subscribers:
            for change in changes:
                try:
                    callback(change)
                except Exception:
                    log.exception("a subscriber failed on %s", change)

    def _is_synced(self) -> bool:
        return all(snapshot.state != "loading" for snapshot in self._snapshots.values())

    def _wake_the_others(self) -> None:
        """One kind reached the server again: the others need not wait out their turn."""
        for watched, part in self._parts.items():
            if isinstance(part.last_error, COMMON):
                self._watches[watched].hurry()
