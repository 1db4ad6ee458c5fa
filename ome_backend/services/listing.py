"""Rows together with what is known about how complete and how fresh they are."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Snapshot
from ome_backend.resources.kind import Kind

T = TypeVar("T")

_HIDDEN = {
    "loading": "{} are still being read.",
    "forbidden": "this console may not list {}.",
    "not-installed": "{} are not installed on this cluster.",
}


def hidden(seen: Snapshot) -> str:
    """Why a kind's objects cannot be seen, as the end of a sentence; empty while they can, however old."""
    return _HIDDEN.get(seen.state, "").format(seen.kind.resource)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """`rows` as of `sources`: a kind that is loading, forbidden or missing is never just an empty list."""

    rows: tuple[T, ...]
    sources: tuple[Snapshot, ...]

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Memo(Generic[T]):
    """Something worked out from the cache, once per version of the kinds it is made from."""

    def __init__(
        self,
        cache: Cache,
        kinds: Iterable[Kind],
        compute: Callable[[], T],
        era: Callable[[], int] = lambda: 0,
    ) -> None:
        """`era` is a number that changes when time alone makes the value outdated."""
        self._cache = cache
        self._kinds = tuple(kinds)
        self._compute = compute
        self._era = era
        self._held: tuple[tuple[int, ...], T] | None = None
        self._computing = threading.Lock()

    def value(self) -> T:
        """The value for what the cache holds now; computed by whoever asks first, the others wait."""
        versions = self._versions()
        held = self._held
        if held is not None and held[0] == versions:
            return held[1]
        with self._computing:
            versions = self._versions()
            if self._held is None or self._held[0] != versions:
                self._held = (versions, self._compute())
            return self._held[1]

    def _versions(self) -> tuple[int, ...]:
        return (self._era(), *(self._cache.snapshot(kind).version for kind in self._kinds))
