"""Accelerator classes: what GPUs a cluster has under a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text


@dataclass(frozen=True, slots=True)
class AcceleratorClass:
    """A read-only view of an AcceleratorClass."""

    raw: Manifest

    @property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def title(self) -> str:
        """Vendor and model, such as `NVIDIA H100`, or the name where neither is given."""
        spec = mapping(self.raw, "spec")
        words = (text(spec, "vendor"), text(spec, "model") or text(spec, "family"))
        return " ".join(word for word in words if word) or self.key.name

    @property
    def memory(self) -> str:
        """Memory of one accelerator as a Kubernetes quantity, empty when not declared."""
        declared = mapping(self.raw, "spec", "capabilities").get("memoryGB")
        return "" if declared is None else str(declared)

    @property
    def node_selector(self) -> Mapping[str, Any]:
        return mapping(self.raw, "spec", "discovery", "nodeSelector")

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes OME found for it."""
        return tuple(str(name) for name in items(self.raw, "status", "nodes"))
