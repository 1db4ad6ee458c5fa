"""Whether the PodMonitor kind is there, and which ones exist: looked up now and then, never by a page view."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ome_backend.errors import Forbidden, NotFound, NotInstalled, OmeError
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import CUSTOM_RESOURCE_DEFINITION, POD_MONITOR
from ome_backend.resources.manifest import key_of

OME_GROUP = "ome.io"
FRESH = 300.0  # seconds
AGAIN = 30.0  # seconds after a failure
MOST = 500  # of the objects only the first page is read

_PENDING = "it is still being looked up."


@dataclass(frozen=True, slots=True)
class Monitoring:
    """`definitions` are the names of OME's and the PodMonitor's definitions that are served, `monitors` the
    PodMonitors; `unseen` says of a kind why that is not known."""

    definitions: frozenset[str] = frozenset()
    monitors: frozenset[Key] = frozenset()
    unseen: Mapping[Kind, str] = field(default_factory=dict)


_UNKNOWN = Monitoring(unseen={CUSTOM_RESOURCE_DEFINITION: _PENDING, POD_MONITOR: _PENDING})


class Monitors:
    """Safe for use from many threads; whoever asks gets what was found last, and never waits."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._held = (0, _UNKNOWN)
        self._due = float("-inf")
        self._looking = threading.Lock()

    def now(self) -> tuple[int, Monitoring]:
        """What is known, and a number that changes with it."""
        if self._clock() >= self._due and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, name="monitors", daemon=True).start()
        return self._held

    def _look(self) -> None:
        """Called with the lock held, which it lets go."""
        try:
            found = look(self._client)
            if found != self._held[1]:
                self._held = (self._held[0] + 1, found)
            self._due = self._clock() + (
                AGAIN if CUSTOM_RESOURCE_DEFINITION in found.unseen else FRESH
            )
        finally:
            self._looking.release()


def look(client: Client) -> Monitoring:
    """Ask once: discovery, which every account may, then the objects where their kind is served."""
    try:
        served = {
            f"{plural}.{group}"
            for group in (OME_GROUP, POD_MONITOR.group)
            for plural in client.plurals(group)
        }
    except OmeError as failure:
        why = f"the API server does not say which kinds it serves: {failure.reason or failure.message}"
        return Monitoring(unseen={CUSTOM_RESOURCE_DEFINITION: why, POD_MONITOR: why})
    if POD_MONITOR.resource not in served:
        return Monitoring(frozenset(served))  # without the kind there are none
    return _listed(client, frozenset(served))


def _listed(client: Client, served: frozenset[str]) -> Monitoring:
    try:
        page = client.list(POD_MONITOR, limit=MOST)
    except (Forbidden, NotFound, NotInstalled) as failure:
        why = (
            f"this console may not list {POD_MONITOR.resource}: {failure.reason or failure.message}"
        )
        return Monitoring(served, unseen={POD_MONITOR: why})
    except OmeError as failure:
        return Monitoring(served, unseen={POD_MONITOR: failure.message})
    if page.cont:
        return Monitoring(
            served, unseen={POD_MONITOR: f"there are more than {MOST} {POD_MONITOR.resource}."}
        )
    return Monitoring(served, frozenset(key_of(each) for each in page.items))
