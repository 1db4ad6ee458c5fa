"""What OME reports about an InferenceService, and how far that report can be trusted."""

from dataclasses import dataclass

from ome_backend.resources.condition import Condition, condition, conditions
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.manifest import Manifest, dig, text

COMPONENTS = ("engine", "decoder", "router")


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A read-only view of `status` beside the `metadata.generation` it should describe."""

    raw: Manifest

    @property
    def url(self) -> str:
        return text(self.raw, "status", "url")

    @property
    def reported(self) -> bool:
        """OME's controller has written anything at all."""
        return bool(conditions(self.raw))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return conditions(self.raw)

    @property
    def ready(self) -> Condition | None:
        """OME aggregates IngressReady and EngineReady only: a dead decoder leaves it True."""
        return condition(self.raw, "Ready")

    @property
    def failed_components(self) -> tuple[str, ...]:
        """Components whose own condition is False."""
        found = ((name, condition(self.raw, f"{name.title()}Ready")) for name in COMPONENTS)
        return tuple(name for name, each in found if each is not None and each.false)

    def outdated(self, workload: Deployment | None) -> bool:
        """It describes an earlier generation of `workload`, the Deployment OME looked at last.

        OME writes there the generation of the workload, never that of the service.
        Source: isvc/status/status_reconciler.go, PropagateRawStatus.
        """
        seen = dig(self.raw, "status", "observedGeneration")
        current = workload.generation if workload is not None else 0
        return isinstance(seen, int) and seen < current
