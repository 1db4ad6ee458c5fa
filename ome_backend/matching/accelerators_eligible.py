"""Whether an accelerator class meets the constraints of a service, and if not, why."""

from ome_backend.matching.accelerators_asked import Constraints
from ome_backend.resources.accelerator_class import AcceleratorClass

_GIB = 1 << 30


def refusal(accelerator: AcceleratorClass, wanted: Constraints | None) -> str:
    """OME's reason to leave the class out, the first that applies; empty when it is eligible.

    minComputePerformanceTFLOPS and preferredPrecisions never exclude a class.
    Source: pkg/acceleratorclassselector/policy_helpers.go, meetsRequirements.
    """
    if wanted is None:
        return ""
    if accelerator.key.name in wanted.excluded:
        return "explicitly excluded"
    return (
        _family(accelerator, wanted)
        or _memory(accelerator, wanted)
        or _features(accelerator, wanted)
        or _version(accelerator, wanted)
    )


def gigabytes(accelerator: AcceleratorClass) -> int | None:
    """Memory in whole GB as the constraints see it: 80Gi is 80, 80G is 74 and 80 is 0."""
    declared = accelerator.memory_bytes
    return None if declared is None else declared // _GIB


def _family(accelerator: AcceleratorClass, wanted: Constraints) -> str:
    family = accelerator.family.lower()
    full = f"{accelerator.vendor.lower()}-{family}"
    fits = (entry.lower() == (full if "-" in entry else family) for entry in wanted.families)
    if not wanted.families or any(fits):
        return ""
    return f"architecture family {family} not in allowed list"


def _memory(accelerator: AcceleratorClass, wanted: Constraints) -> str:
    if wanted.min_memory is None and wanted.max_memory is None:
        return ""
    size = gigabytes(accelerator)
    if size is None:
        return "missing memory specification for memory check"
    if wanted.min_memory is not None and size < wanted.min_memory:
        return f"memory {size}GB < required {wanted.min_memory}GB"
    if wanted.max_memory is not None and size > wanted.max_memory:
        return f"memory {size}GB > max allowed {wanted.max_memory}GB"
    return ""


def _features(accelerator: AcceleratorClass, wanted: Constraints) -> str:
    offered = {feature.lower() for feature in accelerator.features}
    lacking = (feature for feature in wanted.features if feature.lower() not in offered)
    missing = next(lacking, None)
    return "" if missing is None else f"missing required feature: {missing}"


def _version(accelerator: AcceleratorClass, wanted: Constraints) -> str:
    """Compared as text, as OME does: `10.0` is less than `9.0`."""
    has, wants = accelerator.compute_capability, wanted.min_version
    if wants is None:
        return ""
    if not has:
        return "missing compute capability for architecture version check"
    return f"compute capability {has} < required {wants}" if has < wants else ""
