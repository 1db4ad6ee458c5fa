"""Finding objects the way OME does: in the namespace first, then cluster-wide."""

from collections.abc import Mapping
from typing import Protocol

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, text


class Lookup(Protocol):
    """Whatever objects can be read from: the store, or a controller's own copy of it."""

    def get(self, kind: Kind, key: Key) -> Manifest | None: ...

    def list(
        self, kind: Kind, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]: ...


def model(objects: Lookup, namespace: str, name: str) -> tuple[Manifest, Kind] | None:
    """A model by name, whatever kind the reference says (OME's `GetBaseModel`)."""
    return _nearest(objects, namespace, name, kinds.BASE_MODEL, kinds.CLUSTER_BASE_MODEL)


def runtime(objects: Lookup, namespace: str, name: str) -> tuple[Manifest, Kind] | None:
    """A runtime by name, whatever kind the reference says."""
    return _nearest(objects, namespace, name, kinds.SERVING_RUNTIME, kinds.CLUSTER_SERVING_RUNTIME)


def model_of(objects: Lookup, service: Manifest) -> tuple[Manifest, Kind] | None:
    """The model an InferenceService names, or None."""
    name = text(service, "spec", "model", "name")
    return model(objects, text(service, "metadata", "namespace"), name) if name else None


def _nearest(
    objects: Lookup, namespace: str, name: str, local: Kind, cluster: Kind
) -> tuple[Manifest, Kind] | None:
    for kind, key in ((local, Key(namespace, name)), (cluster, Key("", name))):
        found = objects.get(kind, key)
        if found is not None:
            return found, kind
    return None
