"""The watch cache as what OME's admission rules look things up in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ome_backend.kube.cache import Cache
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Cached:
    """The objects as last known, and those in `beside`, which are about to be written.

    What it returns is shared and must not be changed.
    """

    cache: Cache
    beside: Mapping[Ref, Manifest] = field(default_factory=dict)

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        found = self.beside.get(Ref(kind, key))
        return self.cache.snapshot(kind).objects.get(key) if found is None else found

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]:
        """The objects of a kind, ordered by name."""
        own = {ref.key: manifest for ref, manifest in self.beside.items() if ref.kind == kind}
        held = self.cache.snapshot(kind).objects
        held = {**held, **own} if own else held
        return [held[key] for key in sorted(held) if namespace in (None, key.namespace)]

    def sees(self, *kinds: Kind) -> bool:
        """Whether what is not here does not exist: all of these kinds are known and current."""
        return all(self.cache.snapshot(kind).state == "live" for kind in kinds)
