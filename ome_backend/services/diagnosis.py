"""Why a service is as it is: the first link of the chain that does not hold, in a sentence, with its evidence.

OME's own status hides most causes (a component that is not available always says `Initializing`),
so the chain is followed through model, runtime, workload, pods and containers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ome_backend.outcome.decision import GaveUp
from ome_backend.resources import kinds
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.health import Health, Level
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import dig, text
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.resources.pod import Pod
from ome_backend.resources.service_status import COMPONENTS, ServiceStatus
from ome_backend.services.finding import Finding
from ome_backend.services.pod_trouble import pod_trouble
from ome_backend.services.refusal import WHERE, refusal

SILENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything observed that bears on one service.

    `model` is None where OME would find none; `unfit` says why a runtime it names cannot serve the
    model, empty while nothing speaks against it; `stopped` is where OME's rules say it gives up
    without a trace; `unseen` has a sentence for each kind that this console cannot see: what is not
    seen is not absent.
    """

    service: InferenceService
    model: Model | None
    pods: tuple[Pod, ...]
    deployments: tuple[Deployment, ...]
    events: tuple[Event, ...]
    unfit: str = ""
    stopped: GaveUp | None = None
    unseen: Mapping[Kind, str] = field(default_factory=dict)

    def hidden(self, *asked: Kind) -> str:
        """Why some of these kinds cannot be seen, as a sentence; empty while all can."""
        return " ".join(self.unseen[kind] for kind in asked if kind in self.unseen)

    @property
    def status(self) -> ServiceStatus:
        return ServiceStatus(self.service.raw)

    @property
    def outdated(self) -> bool:
        """What OME reports describes an earlier version of what runs."""
        by_component = {each.component: each for each in self.deployments}
        asked = [name for name in COMPONENTS if dig(self.service.raw, "spec", name) is not None]
        return self.status.outdated(by_component.get(asked[-1]) if asked else None)


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
    for level in (Level.BROKEN, Level.WAITING):
        cause = next((each for each in chain if each.level is level), None)
        if cause is not None:
            return Diagnosis(chain, cause)
    unknown = next((each for each in chain if each.level is Level.UNKNOWN), chain[-1])
    return Diagnosis(chain, chain[-1] if chain[-1].level is Level.GOOD else unknown)


def _chain(seen: Evidence, now: datetime) -> Iterator[Finding]:
    if text(seen.service.raw, "metadata", "deletionTimestamp"):
        yield Finding("Service", Level.WAITING, "Deleting", "It is being deleted.")
        return
    before = [_model(seen), _controller(seen, now), *_workload(seen)]
    yield from before
    report = _report(seen)
    troubled = any(each.level is Level.BROKEN for each in before)
    if troubled and report.level is Level.WAITING:
        yield Finding(
            "Status", Level.UNKNOWN, "Not ready", "It cannot become ready before that is mended."
        )
    else:
        yield report


def _model(seen: Evidence) -> Finding:
    name, model = seen.service.model_name, seen.model
    if not name:
        return Finding("Model", Level.GOOD, "None", "The service names no model.")
    unseen = seen.hidden(*kinds.MODEL_KINDS)
    if model is None and unseen:
        sentence = f"Whether the model {name} exists is not known: {unseen}"
        return Finding("Model", Level.UNKNOWN, "Not known", sentence)
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
    refused = refusal(seen.events, seen.unfit) if not seen.pods else None
    if refused is not None:
        return refused
    if seen.stopped is not None and not seen.pods:
        return _stopped(seen.stopped)
    if seen.pods or seen.deployments or seen.status.reported:
        return Finding(WHERE, Level.GOOD, "Reconciled", "OME has acted on it.")
    unseen = seen.hidden(kinds.POD, kinds.EVENT)
    if unseen:
        return Finding(
            WHERE, Level.UNKNOWN, "Not known", f"Whether OME acted on it is not known: {unseen}"
        )
    since = created(seen.service.raw)
    if since is not None and now - since > SILENCE:
        return Finding(
            WHERE,
            Level.BROKEN,
            "Not reconciled",
            "OME has not reacted to it: no status, no pods and no event.",
            fix="Check that the OME controller runs, and its log for this service.",
        )
    return Finding(WHERE, Level.WAITING, "Starting", "OME has not reacted to it yet.")


def _stopped(stopped: GaveUp) -> Finding:
    """Neither a crash of the controller nor a lost reference leaves an event or a status."""
    if stopped.panics:
        return Finding(
            WHERE,
            Level.BROKEN,
            "Controller crashes",
            "OME's controller crashes on it each time: there will be no event, no status and no pods.",
            stopped.message,
            fix="Correct what the message names; Doctor shows the change.",
        )
    return Finding(
        WHERE,
        Level.BROKEN,
        "Given up",
        "OME gives up on it without an event.",
        stopped.message,
        fix="Create what the message misses, or name one that exists.",
    )


def _workload(seen: Evidence) -> Iterator[Finding]:
    unseen = seen.hidden(kinds.POD, kinds.DEPLOYMENT)
    if unseen:
        yield Finding("Workload", Level.UNKNOWN, "Not known", f"What runs is not known: {unseen}")
        return
    names = [each.component for each in seen.deployments] + [each.component for each in seen.pods]
    for component in dict.fromkeys(names):
        pods = tuple(each for each in seen.pods if each.component == component)
        deployment = next((each for each in seen.deployments if each.component == component), None)
        yield _component(component, pods, deployment, seen)


def _component(
    component: str, pods: tuple[Pod, ...], deployment: Deployment | None, seen: Evidence
) -> Finding:
    where = component.capitalize() or "Workload"
    living = tuple(pod for pod in pods if not pod.ended)
    ready = sum(pod.ready and not pod.terminating for pod in pods)
    wanted = deployment.wanted if deployment is not None else len(living)
    # An evicted pod lingers for days: it is no trouble once others took its place.
    looked_at = living if ready >= wanted else pods
    found = (pod_trouble(where, pod, seen.events) for pod in looked_at if not pod.ready)
    troubles = [each for each in found if each is not None]
    worst = min(troubles, key=lambda each: each.level is not Level.BROKEN, default=None)
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
    serving = (
        f"{deployment.ready} replica{' still serves' if deployment.ready == 1 else 's still serve'}"
    )
    if trouble is not None and trouble.level is Level.BROKEN:
        sentence = f"{serving}, but the new revision fails: {trouble.sentence}"
        return Finding(
            where, Level.BROKEN, "Rollout failing", sentence, trouble.evidence, trouble.fix
        )
    new = f"{deployment.updated} of {deployment.wanted} replicas are new"
    sentence = f"A new revision is rolling out: {new}; {serving}."
    return Finding(where, Level.WAITING, "Rolling", sentence, deployment.stuck)


def _report(seen: Evidence) -> Finding:
    status = seen.status
    if seen.outdated:
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
