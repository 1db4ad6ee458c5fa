"""Reports of OME that do not mean what they seem to."""

from collections.abc import Iterator

from ome_backend.resources.manifest import dig
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity

POD_MONITORS = "podmonitors.monitoring.coreos.com"


def old_ready(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Ready stays True until the controller has looked at the new spec, however long that takes."""
    for service in cluster.services:
        status = ServiceStatus(service.raw)
        if not status.outdated or status.ready is None or not status.ready.true:
            continue
        seen = dig(service.raw, "status", "observedGeneration")
        yield DoctorFinding(
            "ready-of-old-generation",
            Severity.RISK,
            service.ref,
            "It is reported ready, but for an earlier version of its spec",
            f"metadata.generation: {service.raw['metadata']['generation']}, "
            f"status.observedGeneration: {seen}.",
            "What was changed last does not run; if this stays, OME has given up on it.",
            "Look at the log of OME's controller if it does not pass within a minute.",
            command=f"kubectl logs -n {cluster.ome_namespace} -l control-plane=ome-controller-manager --tail=-1 "
            f"| grep {service.key.name}",
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
            command=f"kubectl rollout restart -n {cluster.ome_namespace} deployment/ome-controller-manager",
        )
