"""How many replicas a service asks for, and how it is scaled."""

import re
from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.outcome.deployment_mode import SERVERLESS
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import mapping, text
from ome_backend.resources.optional import optional_mapping, optional_number
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

# What the webhook fills in where maxReplicas is absent or 0.
_MOST = {"engine": 3, "decoder": 3, "router": 2}


def least_over_most(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME raises the maximum to the minimum without a word."""
    for service in cluster.services:
        for component, usual in _MOST.items():
            path = ("spec", component)
            least = optional_number(service.raw, *path, "minReplicas") or 0
            most = optional_number(service.raw, *path, "maxReplicas") or usual
            if optional_mapping(service.raw, *path) is None or least <= most:
                continue
            patch = changes(service.ref, service.raw, ((*path, "maxReplicas"), least))
            yield DoctorFinding(
                "min-over-max",
                Severity.RISK,
                service.ref,
                f"Its {component} wants at least {least} and at most {most} replicas",
                f"spec.{component}.minReplicas: {least}, maxReplicas: {most}.",
                f"It always runs {least} replicas and never scales.",
                f"Set spec.{component}.maxReplicas to {least} or more.",
                patch,
                commands.patch_json(service.ref, patch),
            )


def knative(cluster: Cluster) -> Iterator[DoctorFinding]:
    """minReplicas 0 changes the deployment mode, even where an annotation of the service says otherwise."""
    for service in cluster.services:
        for component in _serverless(cluster, service):
            path = ("spec", component, "minReplicas")
            patch = changes(service.ref, service.raw, (path, 1))
            yield DoctorFinding(
                "zero-means-knative",
                Severity.RISK,
                service.ref,
                f"minReplicas 0 makes OME deploy its {component} with Knative",
                f"spec.{component}.minReplicas: 0.",
                "OME makes a Knative Service instead of a Deployment; where Knative is not "
                "installed it makes nothing and only says so in an event.",
                f"Set spec.{component}.minReplicas to 1, unless Knative is meant.",
                patch,
                commands.patch_json(service.ref, patch),
            )


def keda_query(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME passes the query through Go's fmt.Sprintf with the component's name as the only argument."""
    for service in cluster.services:
        annotations = mapping(service.raw, "metadata", "annotations")
        if annotations.get("ome.io/autoscalerClass") != "keda":
            continue
        # A query in an annotation comes first, and is taken as it is.
        noted = "autoscaling.keda.sh/prometheus.query" in annotations
        query = text(service.raw, "spec", "kedaConfig", "customPromQuery")
        if noted or not query or _formattable(query):
            continue
        yield DoctorFinding(
            "keda-query",
            Severity.BROKEN,
            service.ref,
            "Its KEDA query does not hold exactly one %s",
            query,
            "OME fills the component's name in for %s. With none, or with another percent sign, it "
            "writes an error text into the query, and the service never scales.",
            f"Write %s once, where the name {service.key.name}-engine belongs, and %% for a percent sign.",
        )


def _serverless(cluster: Cluster, service: InferenceService) -> Iterator[str]:
    for component, mode in cluster.modes_of(service).items():
        least = optional_number(service.raw, "spec", component, "minReplicas")
        if mode.name == SERVERLESS and least == 0:
            yield component


def _formattable(query: str) -> bool:
    return re.findall("%.?", query.replace("%%", ""), re.DOTALL) == ["%s"]
