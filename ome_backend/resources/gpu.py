"""Which extended resources are GPUs, and how many an object asks for or offers."""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.quantity import count

GPU_RESOURCES = ("nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915", "habana.ai/gaudi")


def gpus(amounts: Mapping[str, Any]) -> int:
    """GPUs in a resource list such as `limits`, `requests` or `allocatable`."""
    return sum(count(amounts.get(name)) for name in GPU_RESOURCES)
