"""Rows together with what is known about how complete and how fresh they are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Snapshot
from ome_backend.resources.kind import Kind

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """`rows` as of `sources`: a kind that is loading, forbidden or missing is never just an empty list."""

    rows: tuple[Row, ...]
    sources: tuple[Snapshot, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Memo(Generic[Row]):
    """Rows computed once per version of the kinds they are made from."""

    def __init__(
        self,
        cache: Cache,
        kinds: Iterable[Kind],
        compute: Callable[[], Iterable[Row]],
        era: Callable[[], int] = lambda: 0,
    ) -> None:
        """`era` is a number that changes when time alone makes the rows outdated."""
        self._cache = cache
        self._kinds = tuple(kinds)
        self._compute = compute
        self._era = era
        self._held: tuple[tuple[int, ...], tuple[Row, ...]] | None = None

    def rows(self) -> tuple[Row, ...]:
        """The rows for what the cache holds now; computed by whoever asks first."""
        versions = (self._era(), *(self._cache.snapshot(kind).version for kind in self._kinds))
        held = self._held
        if held is None or held[0] != versions:
            held = self._held = (versions, tuple(self._compute()))
        return held[1]

    def listing(self, *sources: Kind) -> Listing[Row]:
        """The rows with the state of the kinds a reader of this list must know about."""
        return Listing(self.rows(), tuple(self._cache.snapshot(kind) for kind in sources))
