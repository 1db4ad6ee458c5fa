"""What runs the pods of a component: a Deployment, a LeaderWorkerSet or a Knative Service."""

from typing import Any, Final

from ome_backend.outcome import component_metadata, pods
from ome_backend.outcome.decision import Decision
from ome_backend.resources import object_names
from ome_backend.resources.manifest import Manifest, dig, mapping, text

_HEAD: Final = {"ray.io/node-type": "head"}


def deployment(decision: Decision, component: str, spec: Manifest) -> Manifest:
    """The Deployment of a component whose PodSpec is `spec`; its autoscaler sets the replicas.

    Source: reconcilers/deployment, createRawDeployment.
    """
    name = component_metadata.name(decision, component)
    label = {"app": component_metadata.service_name(decision, component)}
    labels = component_metadata.labels(decision, component) | label
    annotations = component_metadata.annotations(decision, component)
    strategy = dig(decision.components[component], "deploymentStrategy")
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": component_metadata.of_object(decision, name, labels, annotations),
        "spec": {
            "selector": {"matchLabels": label},
            "strategy": _ROLLING if strategy is None else strategy,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "template": {
                "metadata": _pod_metadata(decision, name, labels, annotations),
                "spec": pods.with_defaults(spec, probed=True),
            },
        },
    }


def group(
    decision: Decision, component: str, leader: Manifest, worker: Manifest | None
) -> Manifest:
    """The LeaderWorkerSet of a component in several nodes. Source: reconcilers/lws."""
    called = component_metadata.name(decision, component)
    labels = component_metadata.labels(decision, component)
    annotations = component_metadata.annotations(decision, component)
    head = labels | _HEAD | {"app": component_metadata.service_name(decision, component)}
    quiet = component_metadata.of_worker(annotations)
    templates: Manifest = {"leaderTemplate": _template(decision, called, head, annotations, leader)}
    if worker is not None:
        templates["workerTemplate"] = _template(decision, called, labels, quiet, worker)
    name = object_names.leader_worker_set(called)
    return {
        "apiVersion": "leaderworkerset.x-k8s.io/v1",
        "kind": "LeaderWorkerSet",
        "metadata": component_metadata.of_object(decision, name, labels, annotations),
        "spec": {
            "replicas": dig(decision.components[component], "minReplicas") or 1,
            "leaderWorkerTemplate": templates
            | {"size": workers(decision, component) + 1, "restartPolicy": _RESTART},
            "startupPolicy": "LeaderCreated",
            "networkConfig": {"subdomainPolicy": "Shared"},
            "rolloutStrategy": _GROUP_ROLLOUT,
        },
    }


def knative(decision: Decision, component: str, spec: Manifest) -> Manifest:
    """The Knative Service of a component that may scale to zero. Source: reconcilers/knative."""
    merged = decision.components[component]
    labels = component_metadata.labels(decision, component)
    annotations = component_metadata.annotations(decision, component)
    scale = {"class": "kpa.autoscaling.knative.dev"}
    scale |= {"min-scale": str(merged.get("minReplicas") or 0)}
    scale |= {"max-scale": str(merged["maxReplicas"])} if merged.get("maxReplicas") else {}
    scaled = {f"autoscaling.knative.dev/{name}": value for name, value in scale.items()}
    template = {"metadata": {"labels": labels, "annotations": annotations | scaled}, "spec": spec}
    name = component_metadata.name(decision, component)
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": component_metadata.of_object(decision, name, labels),
        "spec": {"template": template, "traffic": [{"latestRevision": True, "percent": 100}]},
    }


def workers(decision: Decision, component: str) -> int:
    """How many workers each leader has."""
    size = dig(decision.components[component], "worker", "size")
    return size if isinstance(size, int) else 0


_ROLLING: Final[Manifest] = {
    "type": "RollingUpdate",
    "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
}
_GROUP_ROLLOUT: Final[Manifest] = {
    "type": "RollingUpdate",
    "rollingUpdateConfiguration": {"maxSurge": 1, "maxUnavailable": 1},
}
_RESTART: Final = "RecreateGroupOnPodRestart"


def _template(
    decision: Decision,
    name: str,
    labels: dict[str, str],
    annotations: dict[str, str],
    spec: Manifest,
) -> Manifest:
    metadata = _pod_metadata(decision, name, labels, annotations)
    return {"metadata": metadata, "spec": pods.with_defaults(spec, probed=False)}


def _pod_metadata(
    decision: Decision, name: str, labels: dict[str, str], annotations: dict[str, Any]
) -> Manifest:
    namespace = text(mapping(decision.service, "metadata"), "namespace")
    return {
        "name": name,
        "namespace": namespace,
        "labels": labels,
        "annotations": annotations,
    }
