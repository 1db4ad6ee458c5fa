"""Namespaces as OME's users see them: what of OME lives in each, and whether it is on its way out."""

from collections import Counter
from dataclasses import dataclass

from ome_backend.config import Settings
from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.condition import Condition, conditions
from ome_backend.resources.health import Health, Level
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.services.listing import Listing

_KINDS = tuple(kind for kind in kinds.OME_KINDS if kind.namespaced)


@dataclass(frozen=True, slots=True)
class NamespaceView:
    """A namespace and how many objects of each of OME's kinds it holds."""

    raw: Manifest
    counts: dict[Kind, int]
    protected: bool

    @property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(kinds.NAMESPACE, self.key)

    @property
    def health(self) -> Health:
        if text(self.raw, "status", "phase") != "Terminating":
            return Health(Level.GOOD, "Active", "Objects can be made in it.")
        left = (each.message for each in conditions(self.raw) if _holds_up(each))
        words = " ".join(("It is being deleted with all that is in it.", *left))
        return Health(Level.WAITING, "Terminating", words)


class Namespaces:
    """Answers from the watch cache."""

    def __init__(self, cache: Cache, settings: Settings) -> None:
        self._cache = cache
        self._protected = settings.protected_namespaces

    def all(self) -> Listing[NamespaceView]:
        """Every namespace, by name."""
        seen = self._cache.snapshot(kinds.NAMESPACE)
        held = {kind: self._cache.snapshot(kind) for kind in _KINDS}
        counted = {
            kind: Counter(key.namespace for key in each.objects) for kind, each in held.items()
        }
        rows = (
            NamespaceView(
                seen.objects[key],
                {kind: counted[kind][key.name] for kind in _KINDS},
                key.name in self._protected,
            )
            for key in sorted(seen.objects)
        )
        return Listing(tuple(rows), (seen, *held.values()))

    def get(self, name: str) -> NamespaceView | None:
        """One of them; None when there is none, as far as can be seen."""
        return next((each for each in self.all() if each.key.name == name), None)


def _holds_up(condition: Condition) -> bool:
    """Kubernetes says so of what is left of a namespace, and of what could not be deleted."""
    return condition.status == "True" and bool(condition.message)
