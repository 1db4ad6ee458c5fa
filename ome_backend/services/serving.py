"""The InferenceServices of a cluster, each with its diagnosis."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, text
from ome_backend.resources.model import Model
from ome_backend.resources.pod import SERVICE_LABEL, Pod
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.services.diagnosis import Diagnosis, Evidence, diagnose
from ome_backend.services.draft import choices_in
from ome_backend.services.listing import Listing, Memo
from ome_backend.services.runtimes import Runtimes

KINDS = (
    kinds.INFERENCE_SERVICE,
    kinds.POD,
    kinds.DEPLOYMENT,
    kinds.EVENT,
    kinds.BASE_MODEL,
    kinds.CLUSTER_BASE_MODEL,
)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service with everything observed about it and what follows from it."""

    seen: Evidence
    diagnosis: Diagnosis

    @property
    def service(self) -> InferenceService:
        return self.seen.service

    @property
    def key(self) -> Key:
        return self.service.key

    @property
    def status(self) -> ServiceStatus:
        return self.seen.status

    @property
    def runtime(self) -> str:
        """The runtime its pods really use, else the one it asks for; empty while OME has not chosen."""
        used = next((pod.runtime for pod in self.seen.pods if pod.runtime), "")
        return used or self.service.runtime_name

    @property
    def replicas(self) -> tuple[int, int]:
        """Fewest and most replicas of the engine it asks for."""
        chosen = choices_in(self.service.raw)
        return chosen.min_replicas, chosen.max_replicas

    @property
    def pods_ready(self) -> int:
        return sum(pod.ready for pod in self.seen.pods)

    @property
    def gpus(self) -> int:
        """GPUs its pods hold now."""
        return sum(pod.gpus for pod in self.seen.pods if pod.holds_gpus)


class Serving:
    """Answers about services from the watch cache, recomputed only where something changed."""

    def __init__(
        self,
        cache: Cache,
        runtimes: Runtimes,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cache = cache
        self._runtimes = runtimes
        self._now = now
        self._memo = Memo(cache, KINDS, self._views, era=self._half_minutes)
        self._known: dict[Key, tuple[tuple[int, ...], ServiceView]] = {}

    def all(self) -> Listing[ServiceView]:
        """Every service, by namespace and name."""
        return self._memo.listing(kinds.INFERENCE_SERVICE, kinds.POD)

    def get(self, key: Key) -> ServiceView | None:
        """One service as the cache knows it; None when there is none of that name."""
        raw = self._cache.snapshot(kinds.INFERENCE_SERVICE).objects.get(key)
        return next(iter(self._compute([raw])), None) if raw is not None else None

    def using_model(self, model: Model) -> tuple[ServiceView, ...]:
        """The services that serve this very model."""
        return tuple(
            view
            for view in self._memo.rows()
            if view.seen.model is not None
            and (view.seen.model.kind, view.seen.model.key) == (model.kind, model.key)
        )

    def using_runtime(self, runtime: Ref) -> tuple[ServiceView, ...]:
        """The services whose pods run on it, or that name it; a namespaced one comes before the cluster's."""
        return tuple(
            view
            for view in self._memo.rows()
            if self._runtimes.ref(view.key.namespace, view.runtime) == runtime
        )

    def _half_minutes(self) -> int:
        return int(self._now().timestamp()) // 30

    def _views(self) -> list[ServiceView]:
        services = self._cache.snapshot(kinds.INFERENCE_SERVICE).objects
        views = list(self._compute(services[key] for key in sorted(services)))
        self._known = {key: known for key, known in self._known.items() if key in services}
        return views

    def _compute(self, services: Iterable[Manifest]) -> Iterator[ServiceView]:
        now = self._now()
        pods = _by_service(map(Pod, self._objects(kinds.POD)), lambda pod: pod.service)
        deployments = _by_service(
            map(Deployment, self._objects(kinds.DEPLOYMENT)), lambda each: each.service
        )
        events = self._events_by_service(pods)
        for raw in services:
            service = InferenceService(raw)
            seen = Evidence(
                service,
                self._model(service),
                tuple(pods.get(service.key, ())),
                tuple(deployments.get(service.key, ())),
                tuple(events.get(service.key, ())),
            )
            yield self._view(seen, now)

    def _view(self, seen: Evidence, now: datetime) -> ServiceView:
        """The view made before from the same objects; a service still settling is looked at anew."""
        made_of = _identity(seen)
        known = self._known.get(seen.service.key)
        if (
            known is not None
            and known[0] == made_of
            and known[1].diagnosis.health.word != "Starting"
        ):
            return known[1]
        view = ServiceView(seen, diagnose(seen, now=now))
        self._known[seen.service.key] = (made_of, view)
        return view

    def _objects(self, kind: Kind) -> Iterable[Manifest]:
        return self._cache.snapshot(kind).objects.values()

    def _model(self, service: InferenceService) -> Model | None:
        """OME looks in the service's namespace first, then cluster-wide (`utils/reconciliation.go`)."""
        namespaced = Key(service.key.namespace, service.model_name)
        raw = self._cache.snapshot(kinds.BASE_MODEL).objects.get(namespaced)
        if raw is not None:
            return Model(raw, kinds.BASE_MODEL)
        raw = self._cache.snapshot(kinds.CLUSTER_BASE_MODEL).objects.get(
            Key("", service.model_name)
        )
        return Model(raw, kinds.CLUSTER_BASE_MODEL) if raw is not None else None

    def _events_by_service(self, pods: dict[Key, list[Pod]]) -> dict[Key, list[Event]]:
        owner = {pod.key: key for key, own in pods.items() for pod in own}
        found: dict[Key, list[Event]] = defaultdict(list)
        for event in map(Event, self._objects(kinds.EVENT)):
            if event.about_kind == "InferenceService":
                found[event.about].append(event)
            elif event.about_kind == "Pod" and event.about in owner:
                found[owner[event.about]].append(event)
        for own in found.values():
            own.sort(key=lambda each: (each.at is not None, each.at))
        return found


Owned = TypeVar("Owned", Pod, Deployment)


def _by_service(owned: Iterable[Owned], service: Callable[[Owned], Key]) -> dict[Key, list[Owned]]:
    found: dict[Key, list[Owned]] = defaultdict(list)
    for each in owned:
        if text(each.raw, "metadata", "labels", SERVICE_LABEL):
            found[service(each)].append(each)
    for own in found.values():
        own.sort(key=lambda each: each.key)
    return found


def _identity(seen: Evidence) -> tuple[int, ...]:
    """The very objects a view was made from: the cache replaces an object when it changes."""
    parts = (seen.service, seen.model, *seen.pods, *seen.deployments, *seen.events)
    return tuple(id(part.raw) if part is not None else 0 for part in parts)
