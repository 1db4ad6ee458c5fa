"""What OME refuses of an InferenceService (wh/isvc/inference_service_validation.go)."""

import re
from collections.abc import Iterator

from ome_backend.admission import autoscaling
from ome_backend.admission.known import Known, model_of
from ome_backend.admission.refusal import Answer
from ome_backend.admission.runtime_choice import ranking
from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.schema.go_text import quote

_NAME = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_NEEDS_MODEL = (
    "model reference is required when runtime is not specified and engine does not have complete "
    "runner configuration"
)
_MODEL = "spec.model.name"


def validate(_kind: Kind, service: Manifest, known: Known) -> Answer:
    """What OME answers to a service that went through its defaulter.

    A runtime that the service names is not looked at: whether it exists and fits shows only later,
    as an event of the controller.
    """
    resolved = resolution(service, known)
    found = (
        *name_problems(service),
        *autoscaling.problems(service),
        *component_problems(service),
        *model_problems(service, known),
        *resolved.problems,
    )
    return Answer(found, resolved.warnings)


def name_problems(service: Manifest) -> Iterator[FieldProblem]:
    """A name must do as the name of a Kubernetes service; its length does not matter to OME."""
    name = text(service, "metadata", "name")
    if not re.fullmatch(_NAME, name):
        message = f'invalid InferenceService name {quote(name)}, must match "{_NAME}"'
        yield FieldProblem("metadata.name", message)


def component_problems(service: Manifest) -> Iterator[FieldProblem]:
    if dig(service, "spec", "decoder") is not None and dig(service, "spec", "engine") is None:
        yield FieldProblem("spec.decoder", "decoder cannot be specified without engine")


def model_problems(service: Manifest, known: Known) -> Iterator[FieldProblem]:
    """The model that is named must exist, even where a runtime is named as well."""
    name = text(service, "spec", "model", "name")
    if name and model_of(known, service) is None:
        namespace = text(service, "metadata", "namespace")
        message = (
            f"referenced model {quote(name)} not found in namespace {quote(namespace)}: ensure a "
            "BaseModel exists in this namespace or a ClusterBaseModel exists cluster-wide with "
            "this name"
        )
        yield FieldProblem(_MODEL, message)


def resolution(service: Manifest, known: Known) -> Answer:
    """Whether OME finds a runtime by itself, where it has to."""
    if not needs_selection(service):
        return Answer()
    if not text(service, "spec", "model", "name"):
        return _refusing("spec.model", _NEEDS_MODEL)
    return selection(service, known)


def selection(service: Manifest, known: Known) -> Answer:
    """The runtime that OME would select. A model that does not exist is another check's business."""
    name, model = text(service, "spec", "model", "name"), model_of(known, service)
    if model is None:
        return Answer()
    if dig(model[0], "spec", "disabled") is True:
        return _refusing(_MODEL, f"model {name} is disabled")
    found = ranking(service, model, known)
    if found.selected is None:
        why = "and engine does not have complete runner configuration"
        return _refusing(
            _MODEL, f"no supporting runtime found for model {name} {why}: {found.error}"
        )
    runtime = found.selected.runtime.key.name
    said = f"Runtime {runtime} will be auto-selected for model {name}"
    return Answer(warnings=(FieldProblem(_MODEL, said),))


def tells_choice(message: str) -> bool:
    """Whether a warning only says which runtime OME would choose: a fact, nothing to worry about."""
    return re.fullmatch(r"Runtime \S+ will be auto-selected for model \S+", message) is not None


def needs_selection(service: Manifest) -> bool:
    """Neither a runtime is named nor does the engine say itself what it runs."""
    engine, runtime = dig(service, "spec", "engine"), dig(service, "spec", "runtime")
    return isinstance(engine, dict) and runtime is None and not complete(engine)


def complete(engine: Manifest) -> bool:
    """Whether the engine names an image to run, or one for its leader and one for its workers."""
    leader = text(engine, "leader", "runner", "image")
    worker = text(engine, "worker", "runner", "image")
    return bool(text(engine, "runner", "image") or (leader and worker))


def _refusing(path: str, message: str) -> Answer:
    return Answer((FieldProblem(path, message),))
