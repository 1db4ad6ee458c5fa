"""Accelerator classes: what GPUs a cluster has under a name of its own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.resources.optional import optional_number, texts
from ome_backend.resources.quantity import quantity


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
    def vendor(self) -> str:
        return text(self.raw, "spec", "vendor")

    @property
    def family(self) -> str:
        return text(self.raw, "spec", "family")

    @property
    def memory_quantity(self) -> Decimal | None:
        """Memory of one accelerator as OME reads it: `80` is 80 bytes; None when not declared."""
        return quantity(dig(self.raw, "spec", "capabilities", "memoryGB"))

    @property
    def memory_bytes(self) -> int | None:
        """Memory of one accelerator in whole bytes, rounded up; None when not declared."""
        declared = self.memory_quantity
        return None if declared is None else math.ceil(declared)

    @property
    def bandwidth(self) -> int:
        """memoryBandwidthGBps as a whole number; 0 when not declared."""
        declared = quantity(dig(self.raw, "spec", "capabilities", "memoryBandwidthGBps"))
        return 0 if declared is None else math.ceil(declared)

    @property
    def compute_capability(self) -> str:
        return text(self.raw, "spec", "capabilities", "computeCapability")

    @property
    def features(self) -> tuple[str, ...]:
        return texts(self.raw, "spec", "capabilities", "features")

    def operations(self, measure: str) -> int:
        """Trillions of operations per second by `measure` (such as `fp16Tflops`); 0 if unknown."""
        return optional_number(self.raw, "spec", "capabilities", "performance", measure) or 0

    def price(self, measure: str) -> Decimal | None:
        """The cost by `measure`: `spotPerHour`, `perHour` or `perMillionTokens`."""
        return quantity(dig(self.raw, "spec", "cost", measure))

    @property
    def tier(self) -> str:
        """The cost in words, such as `low`; empty when not declared."""
        return text(self.raw, "spec", "cost", "tier")

    @property
    def node_selector(self) -> Mapping[str, Any]:
        return mapping(self.raw, "spec", "discovery", "nodeSelector")

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes OME found for it."""
        return tuple(str(name) for name in items(self.raw, "status", "nodes"))

    @property
    def available_nodes(self) -> int | None:
        """How many nodes OME found for it; None before OME looked."""
        return optional_number(self.raw, "status", "availableNodes")
