"""PodMonitors, which OME of version 1.3 makes for every component of a service, and waits for.

Source: pkg/controller/v1beta1/inferenceservice (NewPodMonitorReconciler); the object has the component's name.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ome_backend.editing import commands
from ome_backend.resources import kinds
from ome_backend.resources.condition import condition
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.pod import Pod
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity

# Only OME 1.3 has this kind, and only it makes PodMonitors.
_OF_1_3 = "inferencereplicas.ome.io"
_PATIENCE = timedelta(minutes=1)  # a status follows its pods after a moment


def kind_missing(cluster: Cluster, now: datetime) -> Iterator[DoctorFinding]:
    """Where the kind is not installed, services stay without status however ready their pods are."""
    if _OF_1_3 not in cluster.definitions or kinds.POD_MONITOR.resource in cluster.definitions:
        return
    for service in cluster.services:
        pods = cluster.pods_by_service.get(service.key, ())
        ready = ServiceStatus(service.raw).ready
        if not _settled(pods, now) or (ready is not None and ready.true):
            continue
        yield DoctorFinding(
            "pod-monitor-missing",
            Severity.BROKEN,
            service.ref,
            "Its pods are ready, but the PodMonitor kind is not installed",
            f"All {len(pods)} pods are ready and it is not; there is no {kinds.POD_MONITOR.resource}.",
            "OME 1.3 waits for the kind without an event: the service never becomes Ready or gets a URL.",
            "Install the Prometheus Operator's custom resource definitions, then restart OME's controller.",
            command=commands.restart(cluster.ome_namespace, "deployment/ome-controller-manager"),
        )


def absent(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Components without the PodMonitor that others of this cluster have: nothing scrapes them."""
    wanted = {service.key: _names(cluster, service) for service in cluster.services}
    if not any(name in cluster.monitors for names in wanted.values() for name in names):
        return  # this OME makes none
    for service in cluster.services:
        lacking = [name for name in wanted[service.key] if name not in cluster.monitors]
        if lacking:
            names = ", ".join(name.name for name in lacking)
            yield DoctorFinding(
                "pod-monitor-absent",
                Severity.RISK,
                service.ref,
                f"There is no PodMonitor {names}",
                f"Its pods are ready; other services of this cluster have a PodMonitor, {names} does not exist.",
                "Prometheus scrapes none of its pods, so its metrics and what scales by them stay empty.",
                "Read the log of OME's controller for this service: it makes the PodMonitor when it next succeeds.",
                command=commands.listing(kinds.POD_MONITOR, service.key.namespace),
            )


def _settled(pods: tuple[Pod, ...], now: datetime) -> bool:
    found = [condition(pod.raw, "Ready") for pod in pods]
    return bool(found) and all(
        each is not None and each.true and (each.since is None or now - each.since > _PATIENCE)
        for each in found
    )


def _names(cluster: Cluster, service: InferenceService) -> tuple[Key, ...]:
    """The names of the PodMonitors that its components with ready pods would have."""
    pods = cluster.pods_by_service.get(service.key, ())
    components = sorted({pod.component for pod in pods if pod.ready and pod.component})
    namespace, name = service.key
    return tuple(Key(namespace, f"{name}-{component}") for component in components)
