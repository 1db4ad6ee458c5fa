"""Why a service is as it is: the first link of the chain that does not hold, in a sentence, with its evidence.

OME's own status hides most causes (a component that is not available always says `Initializing`),
so the chain is followed through model, runtime, workload, pods and containers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.health import Health, Level
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import text
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.resources.pod import Pod
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.finding import Finding
from ome_backend.services.pod_trouble import pod_trouble

SILENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything observed that bears on one service.

    `model` is None where OME would find none; `unfit` says why a runtime it names cannot serve the
    model, empty while nothing speaks against it.
    """

    service: InferenceService
    model: Model | None
    pods: tuple[Pod, ...]
    deployments: tuple[Deployment, ...]
    events: tuple[Event, ...]
    unfit: str = ""

    @property
    def status(self) -> ServiceStatus:
        return ServiceStatus(self.service.raw)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`chain` runs from what was asked for to what runs; the first link that does not hold is the cause."""

    chain: tuple[Finding, ...]
    cause: Finding

    @property
    def health(self) -> Health:
        return Health(self.cause.level, self.cause.word, self.cause.sentence)


def diagnose(seen: Evidence, *, now: datetime) -> Diagnosis:
    """Follow the chain from the model to the traffic; the cause is the first trouble, else the last link."""
    chain = tuple(_chain(seen, now))
    broken = (each for each in chain if each.level is Level.BROKEN)
    waiting = (each for each in chain if each.level is not Level.GOOD)
    return Diagnosis(chain, next(broken, None) or next(waiting, chain[-1]))


def _chain(seen: Evidence, now: datetime) -> Iterator[Finding]:
    if text(seen.service.raw, "metadata", "deletionTimestamp"):
        yield Finding("Service", Level.WAITING, "Deleting", "It is being deleted.")
        return
    yield _model(seen)
    yield _controller(seen, now)
    yield from _workload(seen)
    yield _report(seen)


def _model(seen: Evidence) -> Finding:
    name, model = seen.service.model_name, seen.model
    if not name:
        return Finding("Model", Level.GOOD, "None", "The service names no model.")
    if model is None:
        return Finding(
            "Model",
            Level.BROKEN,
            "No model",
            f"The model {name} does not exist.",
            fix="Import the model, or name one that exists in spec.model.name.",
        )
    if (seen.service.model_kind or "ClusterBaseModel") != model.kind.name:
        return Finding(
            "Model",
            Level.BROKEN,
            "Wrong model kind",
            f"spec.model.kind is {seen.service.model_kind or 'ClusterBaseModel'}, but {name} is a {model.kind.name}: "
            "OME gives up without an event.",
            fix=f"Set spec.model.kind to {model.kind.name}.",
        )
    if not model.nodes_ready and not seen.pods:
        return Finding(
            "Model",
            Level.WAITING,
            "Model not ready",
            f"The model {name} is not ready on any node.",
            fix="Wait for its download, or see the model's page for why it does not proceed.",
        )
    return Finding("Model", Level.GOOD, "Ready", _model_words(model))


def _model_words(model: Model) -> str:
    nodes = len(model.nodes_ready)
    return f"{model.key.name} is ready on {nodes} node{'' if nodes == 1 else 's'}."


def _controller(seen: Evidence, now: datetime) -> Finding:
    refusal = _latest_refusal(seen)
    if refusal is not None:
        word, sentence, fix = _REFUSALS[refusal.reason]
        said = f"{refusal.reason}: {refusal.message}"
        why = seen.unfit if refusal.reason == "RuntimeValidationError" else ""
        return Finding(
            "OME controller",
            Level.BROKEN,
            word,
            f"{sentence} {why}".strip(),
            evidence=said,
            fix=fix,
        )
    if seen.pods or seen.deployments or seen.status.reported:
        return Finding("OME controller", Level.GOOD, "Reconciled", "OME has acted on it.")
    since = created(seen.service.raw)
    if since is not None and now - since > SILENCE:
        return Finding(
            "OME controller",
            Level.BROKEN,
            "Not reconciled",
            "OME has not reacted to it: no status, no pods and no event.",
            fix="Check that the OME controller runs, and its log for this service.",
        )
    return Finding("OME controller", Level.WAITING, "Starting", "OME has not reacted to it yet.")


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


def _latest_refusal(seen: Evidence) -> Event | None:
    """OME's last word on the service itself, if it was a refusal and no pod came of it since."""
    if seen.pods:
        return None
    own = [each for each in seen.events if each.about_kind == "InferenceService" and each.at]
    latest = max(own, key=lambda each: (each.at is not None, each.at), default=None)
    return latest if latest is not None and latest.warning and latest.reason in _REFUSALS else None


def _workload(seen: Evidence) -> Iterator[Finding]:
    names = dict.fromkeys(
        [*(each.component for each in seen.deployments), *(each.component for each in seen.pods)]
    )
    for component in names:
        pods = tuple(each for each in seen.pods if each.component == component)
        deployment = next((each for each in seen.deployments if each.component == component), None)
        yield _component(component, pods, deployment, seen)


def _component(
    component: str, pods: tuple[Pod, ...], deployment: Deployment | None, seen: Evidence
) -> Finding:
    where = component.capitalize() or "Workload"
    troubles = [
        found for pod in pods if not pod.ready and (found := pod_trouble(where, pod, seen.events))
    ]
    ready = sum(pod.ready and not pod.terminating for pod in pods)
    worst = min(troubles, key=lambda each: each.level is not Level.BROKEN, default=None)
    wanted = deployment.wanted if deployment is not None else len(pods)
    if deployment is not None and deployment.rolling:
        return _rolling(where, deployment, worst)
    if worst is not None:
        return worst
    if ready < wanted:
        sentence = f"{ready} of {wanted} replicas are ready."
        return Finding(where, Level.WAITING, "Starting", sentence, _stuck(deployment))
    return Finding(where, Level.GOOD, "Ready", f"{ready} of {wanted} replicas are ready.")


def _stuck(deployment: Deployment | None) -> str:
    return deployment.stuck if deployment is not None else ""


def _rolling(where: str, deployment: Deployment, trouble: Finding | None) -> Finding:
    sentence = (
        f"A new revision is rolling out: {deployment.updated} of {deployment.wanted} replicas are new, "
        f"{deployment.ready} serve."
    )
    if trouble is not None and trouble.level is Level.BROKEN:
        sentence += f" The new one fails: {trouble.sentence}"
        return Finding(
            where, Level.BROKEN, "Rollout failing", sentence, trouble.evidence, trouble.fix
        )
    return Finding(where, Level.WAITING, "Rolling", sentence, deployment.stuck)


def _report(seen: Evidence) -> Finding:
    status = seen.status
    if status.outdated:
        return Finding(
            "Status",
            Level.WAITING,
            "Updating",
            "What OME reports describes an earlier version of the spec.",
        )
    if status.ready is None or not status.ready.true:
        found = status.ready
        said = f"{found.reason} {found.message}".strip() if found is not None else ""
        return Finding(
            "Status", Level.WAITING, "Starting", "OME does not report it ready yet.", said
        )
    if status.failed_components:
        down = " and ".join(status.failed_components)
        return Finding(
            "Status",
            Level.BROKEN,
            "Degraded",
            f"OME reports it ready, but its {down} is not: OME's Ready looks at the engine only.",
        )
    return Finding(
        "Status", Level.GOOD, "Ready", f"It serves at {status.url}." if status.url else "It serves."
    )
