"""What keeps the replicas of a Deployment: an autoscaler and a PodDisruptionBudget."""

from typing import Final

from ome_backend.outcome import component_metadata, keda
from ome_backend.outcome.decision import Decision
from ome_backend.resources.manifest import Manifest, dig, mapping

CLASS: Final = "ome.io/autoscalerClass"
_UTILIZATION: Final = "ome.io/targetUtilizationPercentage"
_DEFAULT_UTILIZATION: Final = 80


def autoscaler(decision: Decision, component: str) -> Manifest | None:
    """The HorizontalPodAutoscaler or ScaledObject; None where something else scales.

    Source: reconcilers/autoscaler.
    """
    wanted = mapping(decision.service, "metadata", "annotations").get(CLASS, "hpa")
    if wanted == "keda":
        return _scaled_object(decision, component)
    return _hpa(decision, component) if wanted in ("", "hpa") else None


def budget(decision: Decision, component: str) -> Manifest:
    """The PodDisruptionBudget; one pod may be missing unless the component says otherwise.

    Source: reconcilers/pdb.
    """
    merged = decision.components[component]
    said = {name: merged[name] for name in ("minAvailable", "maxUnavailable") if name in merged}
    label = {"app": component_metadata.service_name(decision, component)}
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": _metadata(decision, component),
        "spec": (said or {"maxUnavailable": 1}) | {"selector": {"matchLabels": label}},
    }


def _hpa(decision: Decision, component: str) -> Manifest:
    """Any metric is passed on as a resource; only cpu and memory are ones. Source: reconcilers/hpa."""
    merged = decision.components[component]
    target = {"type": "Utilization", "averageUtilization": _utilization(decision, merged)}
    metric = {"name": merged.get("scaleMetric") or "cpu", "target": target}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _metadata(decision, component),
        "spec": {
            "behavior": {},
            "minReplicas": keda.fewest(merged),
            "maxReplicas": keda.most(merged),
            "metrics": [{"type": "Resource", "resource": metric}],
            "scaleTargetRef": _target(decision, component),
        },
    }


def _scaled_object(decision: Decision, component: str) -> Manifest:
    merged = decision.components[component]
    name = component_metadata.name(decision, component)
    labels = component_metadata.labels(decision, component)
    annotations = component_metadata.annotations(decision, component)
    metadata = {"name": name, "annotations": annotations}
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": component_metadata.of_object(
            decision, f"scaledobject-{name[-50:]}", labels, annotations
        ),
        "spec": {
            "minReplicaCount": keda.fewest(merged),
            "maxReplicaCount": keda.most(merged),
            "scaleTargetRef": _target(decision, component),
            "triggers": keda.triggers(metadata, mapping(decision.service, "spec")),
        },
    }


def _utilization(decision: Decision, merged: Manifest) -> int:
    annotated = dig(decision.service, "metadata", "annotations", _UTILIZATION)
    if isinstance(annotated, str):
        return int(annotated) if annotated.isdecimal() else 0
    target = merged.get("scaleTarget")
    return target if isinstance(target, int) else _DEFAULT_UTILIZATION


def _metadata(decision: Decision, component: str) -> Manifest:
    label = {"app": component_metadata.service_name(decision, component)}
    labels = component_metadata.labels(decision, component) | label
    annotations = component_metadata.annotations(decision, component)
    name = component_metadata.name(decision, component)
    return component_metadata.of_object(decision, name, labels, annotations)


def _target(decision: Decision, component: str) -> Manifest:
    name = component_metadata.name(decision, component)
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
