"""What the containers of the sandbox's pods printed: the last lines of each."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINES = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a log; `number` counts the lines of its container from 1."""

    number: int
    time: datetime
    text: str


@dataclass(frozen=True, slots=True)
class _Source:
    namespace: str
    pod: str
    container: str
    previous: bool


class PodLogs:
    """A bounded log per container, and one for its previous run. Safe in any thread."""

    def __init__(self, limit: int = LINES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._logs: dict[_Source, deque[Line]] = {}
        self._runs: dict[_Source, int] = {}
        self._callbacks: tuple[Callable[[str, str], None], ...] = ()

    def append(
        self, namespace: str, pod: str, container: str, line: str, *, previous: bool = False
    ) -> None:
        """Adds one line, printed now."""
        source = _Source(namespace, pod, container, previous)
        with self._lock:
            log = self._logs.setdefault(source, deque(maxlen=self._limit))
            number = log[-1].number + 1 if log else 1
            log.append(Line(number, datetime.now(UTC), line))
        self._tell(namespace, pod)

    def lines(
        self, namespace: str, pod: str, container: str, *, previous: bool = False, after: int = 0
    ) -> list[Line]:
        """The lines that are kept, oldest first, from the one after number `after`."""
        with self._lock:
            log = self._logs.get(_Source(namespace, pod, container, previous), ())
            return list(_newer(log, after)) if after else list(log)

    def has_previous(self, namespace: str, pod: str, container: str) -> bool:
        """Whether the container ran before and left a log."""
        return _Source(namespace, pod, container, True) in self._logs

    def restart(self, namespace: str, pod: str, container: str) -> None:
        """Makes the container's log that of its previous run, as a restart does."""
        source = _Source(namespace, pod, container, False)
        with self._lock:
            log = self._logs.pop(source, deque(maxlen=self._limit))
            self._logs[_Source(namespace, pod, container, True)] = log
            self._runs[source] = self._runs.get(source, 0) + 1
        self._tell(namespace, pod)

    def run(self, namespace: str, pod: str, container: str) -> int:
        """How often the container has started anew."""
        return self._runs.get(_Source(namespace, pod, container, False), 0)

    def drop(self, namespace: str, pod: str) -> None:
        """Forgets the logs of a pod that is gone."""
        with self._lock:
            gone = [item for item in self._logs if (item.namespace, item.pod) == (namespace, pod)]
            for source in gone:
                del self._logs[source]
                self._runs.pop(source, None)
        self._tell(namespace, pod)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._logs.clear()

    def subscribe(self, callback: Callable[[str, str], None]) -> Callable[[], None]:
        """Calls `callback(namespace, pod)` after every change; returns how to stop it."""
        with self._lock:
            self._callbacks = (*self._callbacks, callback)
        return lambda: self._unsubscribe(callback)

    def _unsubscribe(self, callback: Callable[[str, str], None]) -> None:
        with self._lock:
            self._callbacks = tuple(other for other in self._callbacks if other != callback)

    def _tell(self, namespace: str, pod: str) -> None:
        for callback in self._callbacks:
            callback(namespace, pod)


def _newer(log: "deque[Line] | tuple[()]", after: int) -> Iterator[Line]:
    newer: list[Line] = []
    for line in reversed(log):
        if line.number <= after:
            break
        newer.append(line)
    return reversed(newer)
