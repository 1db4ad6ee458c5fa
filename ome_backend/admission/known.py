"""What the rules may look up, and finding it the way OME does: in the namespace first, then cluster-wide."""

from collections.abc import Iterable
from typing import Protocol

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, text

Found = tuple[Manifest, Kind]


class Known(Protocol):
    """The objects of a cluster, whoever holds them: a store, a watch cache, a folder of files.

    The rules read what they get and never change it.
    """

    def get(self, kind: Kind, key: Key) -> Manifest | None: ...

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]: ...


def model(known: Known, namespace: str, name: str) -> Found | None:
    """A model by name, whatever kind the reference says (OME's `GetBaseModel`)."""
    places = ((kinds.BASE_MODEL, Key(namespace, name)), (kinds.CLUSTER_BASE_MODEL, Key("", name)))
    for kind, key in places:
        found = known.get(kind, key)
        if found is not None:
            return found, kind
    return None


def model_of(known: Known, service: Manifest) -> Found | None:
    """The model an InferenceService names, or None."""
    name = text(service, "spec", "model", "name")
    return model(known, text(service, "metadata", "namespace"), name) if name else None
