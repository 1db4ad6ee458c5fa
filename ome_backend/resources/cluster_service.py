"""Kubernetes Services, as far as OME makes them for an InferenceService."""

from dataclasses import dataclass
from functools import cached_property

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text
from ome_backend.resources.pod import SERVICE_LABEL


@dataclass(frozen=True)
class ClusterService:
    """A read-only view of a Service of the core API."""

    raw: Manifest

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @cached_property
    def service(self) -> Key:
        """The InferenceService it belongs to, by label, else by owner; an empty name when to none."""
        labelled = mapping(self.raw, "metadata", "labels").get(SERVICE_LABEL)
        owners = items(self.raw, "metadata", "ownerReferences")
        owned = (text(each, "name") for each in owners if text(each, "kind") == "InferenceService")
        return Key(self.key.namespace, str(labelled or next(owned, "")))

    @property
    def address(self) -> str:
        """`type name:port`, as a person would reach it."""
        ports = ",".join(str(port.get("port", "")) for port in items(self.raw, "spec", "ports"))
        return f"{text(self.raw, 'spec', 'type') or 'ClusterIP'} {self.key.name}:{ports}"
