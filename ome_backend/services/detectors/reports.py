"""Reports of OME that do not mean what they seem to."""

from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity

POD_MONITORS = "podmonitors.monitoring.coreos.com"


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


def pod_monitors(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME of version 1.3 makes a PodMonitor for every service and gives up where the kind is not installed."""
    if POD_MONITORS in cluster.definitions:
        return
    for service in cluster.services:
        pods = cluster.pods_by_service.get(service.key, ())
        ready = ServiceStatus(service.raw).ready
        if not pods or not all(pod.ready for pod in pods) or (ready is not None and ready.true):
            continue
        yield DoctorFinding(
            "pod-monitor-missing",
            Severity.BROKEN,
            service.ref,
            "Its pods are ready, but the PodMonitor kind is not installed",
            f"All {len(pods)} pods are ready and it is not; there is no {POD_MONITORS}.",
            "OME 1.3 waits for the kind without an event: the service never becomes Ready or gets a URL.",
            "Install the Prometheus Operator's custom resource definitions, then restart OME's controller.",
            command=commands.restart(cluster.ome_namespace, "deployment/ome-controller-manager"),
        )
