"""What OME checks of an InferenceService's autoscaling (wh/isvc/inference_service_validation.go)."""

from collections.abc import Iterator

from ome_backend.admission import keda
from ome_backend.admission.go_number import is_whole
from ome_backend.errors import FieldProblem
from ome_backend.resources.manifest import Manifest, mapping

CLASS = "ome.io/autoscalerClass"
METRIC = "ome.io/metrics"
TARGET = "ome.io/targetUtilizationPercentage"


def problems(service: Manifest) -> Iterator[FieldProblem]:
    """Of the class, of what goes with that class, and of the target utilisation."""
    annotations = mapping(service, "metadata", "annotations")
    scaler, metric = annotations.get(CLASS), annotations.get(METRIC)
    if scaler is not None and scaler not in ("hpa", "keda", "external"):
        yield _at(CLASS, f"[{scaler}] is not a supported autoscaler class type")
    if scaler == "hpa" and metric is not None and metric not in ("cpu", "memory"):
        yield _at(METRIC, f"[{metric}] is not a supported metric")
    if scaler == "keda":
        yield from keda.problems(service)
    yield from _target(annotations)


def _target(annotations: Manifest) -> Iterator[FieldProblem]:
    percentage = str(annotations.get(TARGET, "100"))
    if not is_whole(percentage) or not 1 <= int(percentage) <= 100:
        yield _at(TARGET, "the target utilization percentage should be a [1-100] integer")


def _at(annotation: str, message: str) -> FieldProblem:
    return FieldProblem(f"metadata.annotations[{annotation}]", message)
