"""What OME refuses a service for, as its events say it."""

from collections.abc import Iterable

from ome_backend.resources.event import Event
from ome_backend.resources.health import Level
from ome_backend.services.finding import Finding

WHERE = "OME controller"

_REFUSALS = {
    "RuntimeSelectionError": (
        "No runtime",
        "No installed runtime that OME may choose serves its model.",
        "Choose another model, or install or correct a runtime that serves this one.",
    ),
    "RuntimeValidationError": (
        "Runtime unfit",
        "The runtime it names does not serve its model.",
        "Name a runtime that serves this model, or remove spec.runtime to let OME choose.",
    ),
    "RuntimeFetchError": (
        "No such runtime",
        "The runtime it names does not exist.",
        "Name a runtime that exists, or remove spec.runtime to let OME choose.",
    ),
    "ModelReconcileError": (
        "Model refused",
        "OME cannot use the model it names.",
        "Name a model that exists and is not disabled.",
    ),
    "MergeSpecsError": (
        "Spec conflict",
        "What it says does not go together with its runtime.",
        "Correct the part of the spec that the message names.",
    ),
    "DeploymentModeError": (
        "Mode refused",
        "OME cannot deploy it in the mode it asks for.",
        "Correct the annotation ome.io/deploymentMode.",
    ),
    "AcceleratorClassError": (
        "No accelerator",
        "OME cannot find the accelerator class it asks for.",
        "Name an accelerator class that exists.",
    ),
    "ServerlessModeRejected": (
        "Serverless refused",
        "It asks for Knative, which this cluster does not offer.",
        "Set minReplicas to 1 or more.",
    ),
    "InternalError": (
        "Controller error",
        "OME's controller failed on it.",
        "Read the log of the OME controller.",
    ),
    "PredictorMigrationError": (
        "Predictor refused",
        "OME cannot translate its deprecated spec.predictor.",
        "Move spec.predictor to spec.engine and spec.model.",
    ),
}


def refusal(events: Iterable[Event], unfit: str) -> Finding | None:
    """OME's last word on the service itself if that was a refusal; `unfit` is the console's own judgement.

    Kubernetes forgets events after an hour: a runtime that does not fit is reported without one, too.
    """
    own = [each for each in events if each.about_kind == "InferenceService" and each.at]
    latest = max(own, key=lambda each: (each.at is not None, each.at), default=None)
    if latest is not None and latest.warning and latest.reason in _REFUSALS:
        return _finding(latest.reason, unfit, f"{latest.reason}: {latest.message}")
    return _finding(UNFIT, unfit, "") if unfit else None


UNFIT = "RuntimeValidationError"


def _finding(reason: str, unfit: str, said: str) -> Finding:
    word, sentence, fix = _REFUSALS[reason]
    why = unfit if reason == UNFIT else ""
    return Finding(WHERE, Level.BROKEN, word, f"{sentence} {why}".strip(), said, fix)
