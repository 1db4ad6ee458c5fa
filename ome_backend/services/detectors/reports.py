"""Reports of OME that do not mean what they seem to."""

from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity


def old_ready(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Ready stays True when OME gives up on a change: it returns before it writes a status.

    `status.observedGeneration` does not tell: OME writes the generation of the Deployment there.
    """
    for service in cluster.services:
        ready = ServiceStatus(service.raw).ready
        gave_up = cluster.given_up(service) if ready is not None and ready.true else None
        if gave_up is None:
            continue
        yield DoctorFinding(
            "ready-of-old-generation",
            Severity.RISK,
            service.ref,
            "It is reported ready, but for an earlier version of its spec",
            f"Ready is True; of the spec as it is OME says: {gave_up.message}",
            "OME has given up on what was changed last: it does not run, and no change after it will.",
            "Correct what the message names, or take the last change back.",
            command=commands.logs_of(
                "control-plane=ome-controller-manager", cluster.ome_namespace, tail=-1
            )
            + f" | grep {service.key.name}",
        )
