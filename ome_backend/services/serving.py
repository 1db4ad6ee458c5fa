"""The InferenceServices of a cluster, each with its diagnosis."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from ome_backend.kube.cache import Cache
from ome_backend.matching.selection import validate
from ome_backend.outcome import deployment_mode
from ome_backend.outcome.decision import GaveUp, decide
from ome_backend.resources import kinds
from ome_backend.resources.cluster_service import ClusterService
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.health import Health
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, mapping
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.resources.pod import Pod
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.belongings import Belongings, Found
from ome_backend.services.diagnosis import Diagnosis, Evidence, diagnose
from ome_backend.services.draft import choices_in
from ome_backend.services.known import Cached
from ome_backend.services.listing import Listing, Memo, hidden
from ome_backend.services.runtimes import Runtimes

KINDS = (
    kinds.INFERENCE_SERVICE,
    kinds.POD,
    kinds.DEPLOYMENT,
    kinds.EVENT,
    *kinds.MODEL_KINDS,
    *kinds.RUNTIME_KINDS,
)
_DECIDING = (*kinds.RUNTIME_KINDS, kinds.ACCELERATOR_CLASS)
LOOK_AGAIN = 30  # seconds after which a service that is starting may have become one that hangs


@dataclass(frozen=True)
class ServiceView:
    """A service with everything observed about it and what follows from it, worked out once."""

    seen: Evidence
    diagnosis: Diagnosis

    @property
    def service(self) -> InferenceService:
        return self.seen.service

    @cached_property
    def key(self) -> Key:
        return self.service.key

    @cached_property
    def health(self) -> Health:
        return self.diagnosis.health

    @property
    def status(self) -> ServiceStatus:
        return self.seen.status

    @cached_property
    def model(self) -> str:
        """The name of the model it asks for."""
        return self.service.model_name

    @cached_property
    def runtime(self) -> str:
        """The runtime its pods really use, else the one it asks for; empty while OME has not chosen."""
        used = next((pod.runtime for pod in self.seen.pods if pod.runtime), "")
        return used or self.service.runtime_name

    @property
    def replicas(self) -> tuple[int, int]:
        """Fewest and most replicas of the engine it asks for."""
        chosen = choices_in(self.service.raw)
        return chosen.min_replicas, chosen.max_replicas

    @cached_property
    def pods_ready(self) -> int:
        return sum(pod.ready and not pod.terminating for pod in self.seen.pods)

    @cached_property
    def gpus(self) -> int:
        """GPUs its pods hold now."""
        return sum(pod.gpus for pod in self.seen.pods if pod.holds_gpus)

    @cached_property
    def created(self) -> datetime | None:
        return created(self.service.raw)


class _MadeOf(NamedTuple):
    """What a view follows from: the cache replaces an object when it changes, so equal is soon told."""

    raw: Manifest
    model: Model | None
    pods: tuple[Pod, ...]
    deployments: tuple[Deployment, ...]
    events: tuple[Event, ...]
    runtimes: tuple[int, ...]  # versions; runtimes and classes bear only on a service without pods
    unseen: Mapping[Kind, str]


@dataclass(frozen=True, slots=True)
class _Sources:
    """Everything that bears on services, as of one moment."""

    found: Found
    models: Mapping[Key, Model]
    runtimes: tuple[int, ...]
    unseen: Mapping[Kind, str]

    def of(self, key: Key, raw: Manifest, model: str) -> _MadeOf:
        """What bears on one; OME looks for its model in its namespace first (`utils/reconciliation.go`)."""
        pods = self.found.pods(key)
        return _MadeOf(
            raw,
            self.models.get(Key(key.namespace, model)) or self.models.get(Key("", model)),
            pods,
            self.found.deployments(key),
            self.found.events(key),
            () if pods else self.runtimes,
            self.unseen,
        )


class Serving:
    """Answers about services from the watch cache, worked out anew only where something changed."""

    def __init__(
        self,
        cache: Cache,
        runtimes: Runtimes,
        belongings: Belongings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cache = cache
        self._runtimes = runtimes
        self._now = now
        self._belongings = belongings
        self._memo = Memo(cache, KINDS, self._views, era=self._era)
        self._models = Memo(cache, kinds.MODEL_KINDS, self._models_by_key)
        self._known: dict[Key, tuple[_MadeOf, ServiceView]] = {}

    def all(self) -> Listing[ServiceView]:
        """Every service, by namespace and name; the first source is that of the services themselves."""
        return Listing(self._memo.value(), tuple(map(self._cache.snapshot, KINDS)))

    def get(self, key: Key) -> ServiceView | None:
        """One service as the cache knows it; None when there is none of that name."""
        raw = self._cache.snapshot(kinds.INFERENCE_SERVICE).objects.get(key)
        return self._view(key, raw, self._sources()) if raw is not None else None

    def addresses(self, key: Key) -> tuple[ClusterService, ...]:
        """The Kubernetes Services OME made for a service."""
        return self._belongings.now().addresses(key)

    def using_model(self, model: Model) -> tuple[ServiceView, ...]:
        """The services that serve this very model."""
        return tuple(
            view
            for view in self._memo.value()
            if view.seen.model is not None and view.seen.model.ref == model.ref
        )

    def using_runtime(self, runtime: Ref) -> tuple[ServiceView, ...]:
        """The services whose pods run on it, or that name it; a namespaced one comes before the cluster's."""
        return tuple(
            view
            for view in self._memo.value()
            if self._runtimes.ref(view.key.namespace, view.runtime) == runtime
        )

    def _era(self) -> int:
        return int(self._now().timestamp()) // LOOK_AGAIN

    def _views(self) -> tuple[ServiceView, ...]:
        services = self._cache.snapshot(kinds.INFERENCE_SERVICE).objects
        sources = self._sources()
        views = tuple(self._view(key, services[key], sources) for key in sorted(services))
        # A copy is made in one step: another thread may be adding a view at this moment.
        known = self._known.copy()
        self._known = {key: known[key] for key in services if key in known}
        return views

    def _sources(self) -> _Sources:
        versions = tuple(self._cache.snapshot(kind).version for kind in _DECIDING)
        states = ((kind, hidden(self._cache.snapshot(kind))) for kind in KINDS)
        unseen = {kind: sentence for kind, sentence in states if sentence}
        return _Sources(self._belongings.now(), self._models.value(), versions, unseen)

    def _models_by_key(self) -> Mapping[Key, Model]:
        return {
            key: Model(raw, kind)
            for kind in kinds.MODEL_KINDS
            for key, raw in self._cache.snapshot(kind).objects.items()
        }

    def _view(self, key: Key, raw: Manifest, sources: _Sources) -> ServiceView:
        """The view made before from the same objects; a service still starting is looked at anew."""
        made, view = self._known.get(key, (None, None))
        service = view.service if view and view.service.raw is raw else InferenceService(raw)
        made_of = sources.of(key, raw, service.model_name)
        if view and made == made_of and view.health.word != "Starting":
            return view
        seen = self._evidence(service, made_of)
        view = ServiceView(seen, diagnose(seen, now=self._now()))
        self._known[key] = (made_of, view)
        return view

    def _evidence(self, service: InferenceService, made_of: _MadeOf) -> Evidence:
        _, model, pods, deployments, events, _, unseen = made_of
        unfit = self._unfit(service, model, pods)
        stopped = self._stopped(service, bool(pods))
        return Evidence(service, model, pods, deployments, events, unfit, stopped, unseen)

    def _stopped(self, service: InferenceService, runs: bool) -> GaveUp | None:
        """Where OME gives up on a service without an event; None while pods run or too little is known."""
        known = Cached(self._cache)
        if runs or not known.sees(*_DECIDING, *kinds.MODEL_KINDS, kinds.FINE_TUNED_WEIGHT):
            return None
        annotations = mapping(service.raw, "metadata", "annotations")
        if deployment_mode.named(annotations) == deployment_mode.VIRTUAL:
            return None
        decided = decide(service.raw, known)
        return decided if isinstance(decided, GaveUp) and not decided.reason else None

    def _unfit(self, service: InferenceService, model: Model | None, pods: Iterable[Pod]) -> str:
        """Why the runtime it names does not serve its model; empty when it does or pods run anyway."""
        if model is None or pods or self._runtimes.partial or not service.runtime_name:
            return ""
        verdict = validate(
            model,
            service.runtime_name,
            self._runtimes.manifests(),
            service,
            namespace=service.key.namespace,
        ).verdict
        return " ".join(reason.plain for reason in verdict.reasons) if verdict is not None else ""
