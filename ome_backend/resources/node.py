"""Nodes, as far as they carry GPUs and models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.resources.condition import condition
from ome_backend.resources.gpu import gpus
from ome_backend.resources.manifest import Manifest, dig, mapping, text


@dataclass(frozen=True, slots=True)
class Node:
    """A read-only view of a node."""

    raw: Manifest

    @property
    def name(self) -> str:
        return text(self.raw, "metadata", "name")

    @property
    def labels(self) -> Mapping[str, Any]:
        return mapping(self.raw, "metadata", "labels")

    @property
    def ready(self) -> bool:
        found = condition(self.raw, "Ready")
        return found is not None and found.true

    @property
    def trouble(self) -> str:
        """Why it is not ready, in the kubelet's words; empty while it is."""
        if self.ready:
            return ""
        found = condition(self.raw, "Ready")
        said = found.message if found is not None else "it reports no condition"
        return f"The node is not ready: {said}"

    @property
    def schedulable(self) -> bool:
        """New pods may land here."""
        return self.ready and dig(self.raw, "spec", "unschedulable") is not True

    @property
    def gpus(self) -> int:
        """Allocatable GPUs."""
        return gpus(mapping(self.raw, "status", "allocatable"))
