"""Names, labels and annotations of what OME creates for a component (isvc/components/base.go)."""

from typing import Final

from ome_backend.outcome.decision import Decision
from ome_backend.resources import object_names
from ome_backend.resources.manifest import Manifest, mapping, text

_NOT_PASSED_ON: Final = (
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    "kubectl.kubernetes.io/last-applied-configuration",
)
_KEYS_OF_MODEL: Final = (
    "ome.io/base-model-decryption-key-name",
    "ome.io/base-model-decryption-secret-name",
)
_SCRAPING: Final = "prometheus.io/"
_FOR_PODS: Final = (_SCRAPING, "rdma.ome.io/", "ome.io/inject-")


def name(decision: Decision, component: str) -> str:
    """`<service>-<component>`, however long."""
    return object_names.component(text(decision.service, "metadata", "name"), component)


def service_name(decision: Decision, component: str) -> str:
    """The name cut to 63 characters, as Services and the label `app` have it."""
    return object_names.shortened(name(decision, component))


def owner(service: Manifest) -> Manifest:
    """The ownerReference to a service."""
    return {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "name": text(service, "metadata", "name"),
        "uid": text(service, "metadata", "uid"),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def of_object(
    decision: Decision,
    called: str,
    labels: dict[str, str],
    annotations: dict[str, str] | None = None,
) -> Manifest:
    """The metadata of an object that belongs to the service."""
    metadata: Manifest = {
        "name": called,
        "namespace": text(decision.service, "metadata", "namespace"),
        "labels": labels,
        "ownerReferences": [owner(decision.service)],
    }
    return metadata | ({"annotations": annotations} if annotations else {})


def labels(decision: Decision, component: str) -> dict[str, str]:
    """What every object and pod of a component carries. Source: ProcessBaseLabels."""
    found = mapping(decision.service, "metadata", "labels") | mapping(
        decision.components[component], "labels"
    )
    found |= {
        "ome.io/inferenceservice": text(decision.service, "metadata", "name"),
        "component": component,
        "serving-runtime": text(decision.runtime or {}, "metadata", "name"),
        **_model_labels(decision),
        **(decision.tuning.labels() if component != "router" else _UNTUNED),
    }
    return {key: str(value) for key, value in found.items()}


def annotations(decision: Decision, component: str) -> dict[str, str]:
    """What objects and pods tell of model and runtime, with the annotations of service and component.

    Source: ProcessBaseAnnotations.
    """
    own = mapping(decision.service, "metadata", "annotations")
    found = {key: value for key, value in own.items() if key not in _NOT_PASSED_ON}
    found |= mapping(decision.components[component], "annotations")
    if component != "router":
        found |= decision.tuning.annotations()
    found |= _model_annotations(decision)
    runtime = text(decision.runtime or {}, "metadata", "name")
    found |= {"ome.io/serving-runtime": runtime} if runtime else {}
    return {key: str(value) for key, value in found.items()}


def of_worker(found: dict[str, str]) -> dict[str, str]:
    """The annotations of a component's workers: Prometheus scrapes leaders only."""
    return {key: value for key, value in found.items() if not key.startswith(_SCRAPING)}


def of_service(found: dict[str, str]) -> dict[str, str]:
    """The annotations of a component's Service: without those that are for its pods."""
    return {key: value for key, value in found.items() if not key.startswith(_FOR_PODS)}


_UNTUNED: Final = {"fine-tuned-serving": "false"}


def _model_labels(decision: Decision) -> dict[str, str]:
    if decision.model is None:
        return {}
    model = decision.model[0]
    found = {
        "base-model-name": text(model, "metadata", "name"),
        "base-model-size": text(model, "metadata", "annotations", "models.ome.io/category")
        or "SMALL",
        "base-model-type": "Serving",
    }
    vendor = text(model, "spec", "vendor")
    return found | ({"base-model-vendor": vendor} if vendor else {})


def _model_annotations(decision: Decision) -> dict[str, str]:
    if decision.model is None:
        return {}
    model = decision.model[0]
    found = {
        "ome.io/base-model-name": text(model, "metadata", "name"),
        "ome.io/base-model-vendor": text(model, "spec", "vendor"),
        "ome.io/base-model-format": text(model, "spec", "modelFormat", "name"),
        "ome.io/base-model-format-version": text(model, "spec", "modelFormat", "version"),
    }
    own = mapping(model, "metadata", "annotations")
    keys = {} if decision.tuning.merged else {key: own[key] for key in _KEYS_OF_MODEL if key in own}
    return {key: value for key, value in found.items() if value} | keys
