"""What OME's webhooks let pass although its controller gives up on it later.

Source: pkg/controller/v1beta1/inferenceservice/controller.go, Reconcile. A person would find it as an
event of the service at best; the first of them leaves no trace at all.
"""

from collections.abc import Iterator

from ome_backend.admission import accelerator_outlook, predictor, runtime_choice
from ome_backend.admission.known import Found, Known, model_of
from ome_backend.admission.refusal import LATER
from ome_backend.admission.service_rules import needs_selection
from ome_backend.errors import FieldProblem
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.resources.optional import texts


def doubts(service: Manifest, known: Known) -> Iterator[FieldProblem]:
    """All of it, for a service that went through OME's defaulter."""
    if predictor.used(service):
        yield FieldProblem("spec.predictor", predictor.DEPRECATION)
    model = model_of(known, service)
    if model is not None:
        yield from _kind(service, model[1].name, known)
        yield from _weights(service, known)
        yield from _runtime(service, model, known)
        yield from accelerator_outlook.doubts(service, model, known)
    elif not text(service, "spec", "model", "name") and dig(service, "spec", "runtime") is not None:
        yield FieldProblem("spec.runtime", f"{LATER} model reference is required")
    if dig(service, "spec", "engine") is None:
        message = "Without spec.engine OME refuses to run the service; an empty one is enough."
        yield FieldProblem("spec", message)


def _kind(service: Manifest, found: str, known: Known) -> Iterator[FieldProblem]:
    """One step of the controller obeys the kind of the reference, which all the others ignore."""
    name = text(service, "spec", "model", "name")
    local = text(service, "spec", "model", "kind") == kinds.BASE_MODEL.name
    kind = kinds.BASE_MODEL if local else kinds.CLUSTER_BASE_MODEL
    namespace = text(service, "metadata", "namespace") if local else ""
    if known.get(kind, Key(namespace, name)) is None:
        message = (
            f"{name} is a {found}, but the kind says {kind.name}: OME would give up without a word."
        )
        yield FieldProblem("spec.model.kind", message)


def _weights(service: Manifest, known: Known) -> Iterator[FieldProblem]:
    for index, name in enumerate(texts(service, "spec", "model", "fineTunedWeights")):
        if known.get(kinds.FINE_TUNED_WEIGHT, Key("", name)) is None:
            message = f"There are no fine-tuned weights {name}: OME would give up without a word."
            yield FieldProblem(f"spec.model.fineTunedWeights[{index}]", message)


def _runtime(service: Manifest, model: Found, known: Known) -> Iterator[FieldProblem]:
    """What the webhook looks at only where it selects the runtime itself."""
    if needs_selection(service):
        return
    name, wanted = text(model[0], "metadata", "name"), text(service, "spec", "runtime", "name")
    if dig(model[0], "spec", "disabled") is True:
        message = f"{LATER} specified base model {name} is disabled"
        yield FieldProblem("spec.model.name", message)
    elif wanted:
        refused = runtime_choice.named(service, model, known).error
        if refused:
            message = f"{LATER} Runtime {wanted} does not support model {name}: {refused}"
            yield FieldProblem("spec.runtime.name", message)
    elif dig(service, "spec", "engine") is not None:
        refused = runtime_choice.ranking(service, model, known).error
        if refused:
            message = f"{LATER} Failed to find runtime for model {name}: {refused}"
            yield FieldProblem("spec.model.name", message)
