"""What a service asks of accelerators, for one of its components."""

from dataclasses import dataclass

from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.resources.optional import (
    optional_mapping,
    optional_number,
    optional_text,
    texts,
)


@dataclass(frozen=True, slots=True)
class Constraints:
    """acceleratorSelector.constraints. Numbers and texts are None when absent; memory is in GB."""

    min_memory: int | None
    max_memory: int | None
    min_performance: int | None
    min_version: str | None
    features: tuple[str, ...]
    excluded: tuple[str, ...]
    families: tuple[str, ...]
    precisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """`name` empty leaves the choice to `policy`; with neither there is no class."""

    name: str
    policy: str
    constraints: Constraints | None


def asked(service: InferenceService, component: str) -> Asked:
    """What `service` asks for `component` (`engine` or `decoder`).

    The component's override comes before the service's selector, and an empty class in the
    override hides the selector's. Constraints come from the selector only.
    Source: pkg/acceleratorclassselector/selector.go, getAcceleratorClassByName.
    """
    override = mapping(service.raw, "spec", component, "acceleratorOverride")
    selector = mapping(service.raw, "spec", "acceleratorSelector")
    name = optional_text(override, "acceleratorClass")
    return Asked(
        name=text(selector, "acceleratorClass") if name is None else name,
        policy=text(override, "policy") or text(selector, "policy"),
        constraints=constraints(optional_mapping(selector, "constraints")),
    )


def constraints(raw: Manifest | None) -> Constraints | None:
    """The typed form of `raw`; None where there are none, which is not the same as empty ones."""
    if raw is None:
        return None
    return Constraints(
        min_memory=optional_number(raw, "minMemory"),
        max_memory=optional_number(raw, "maxMemory"),
        min_performance=optional_number(raw, "minComputePerformanceTFLOPS"),
        min_version=optional_text(raw, "minArchitectureVersion"),
        features=texts(raw, "requiredFeatures"),
        excluded=texts(raw, "excludedClasses"),
        families=texts(raw, "architectureFamilies"),
        precisions=texts(raw, "preferredPrecisions"),
    )
