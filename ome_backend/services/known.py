"""The watch cache as what OME's admission rules look things up in."""

from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.kube.cache import Cache
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Cached:
    """The objects as last known; what it returns is shared and must not be changed."""

    cache: Cache

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        return self.cache.snapshot(kind).objects.get(key)

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]:
        """The objects of a kind, ordered by name."""
        held = self.cache.snapshot(kind).objects
        return [held[key] for key in sorted(held) if namespace in (None, key.namespace)]

    def sees(self, *kinds: Kind) -> bool:
        """Whether what is not here does not exist: all of these kinds are known and current."""
        return all(self.cache.snapshot(kind).state == "live" for kind in kinds)
