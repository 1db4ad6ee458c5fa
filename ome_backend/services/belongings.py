"""Which pods, deployments and events belong to which service, indexed once per change."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.cluster_service import ClusterService
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.pod import Pod
from ome_backend.services.listing import Memo

EARLIEST = datetime.min.replace(tzinfo=UTC)

_OME_NAMES = frozenset(kind.name for kind in kinds.OME_KINDS)

View = TypeVar("View", Pod, Deployment, ClusterService, Event)
About = tuple[str, Key]  # the name of a kind and the identity of an object
ByObject = Mapping[About, tuple[View, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What belonged to which service at one moment."""

    by_service: ByObject[Pod]
    deployments_by_service: ByObject[Deployment]
    addresses_by_service: ByObject[ClusterService]
    events_by_object: ByObject[Event]

    def pods(self, service: Key) -> tuple[Pod, ...]:
        """Its pods, by name."""
        return self.by_service.get(_service(service), ())

    def deployments(self, service: Key) -> tuple[Deployment, ...]:
        """Its deployments, by name."""
        return self.deployments_by_service.get(_service(service), ())

    def about_ome(self) -> Iterator[Event]:
        """What was said about OME's own objects and the pods of services, in no order."""
        pods = {pod.key for own in self.by_service.values() for pod in own if pod.service.name}
        for (kind, key), told in self.events_by_object.items():
            if kind in _OME_NAMES or (kind == kinds.POD.name and key in pods):
                yield from told

    def addresses(self, service: Key) -> tuple[ClusterService, ...]:
        """The Kubernetes Services OME made for it, by name."""
        return self.addresses_by_service.get(_service(service), ())

    def about(self, kind: Kind, key: Key) -> tuple[Event, ...]:
        """What was said about one object itself."""
        return self.events_by_object.get((kind.name, key), ())

    def events(self, service: Key) -> tuple[Event, ...]:
        """What was said about it and its pods, oldest first."""
        objects = [_service(service), *((kinds.POD.name, pod.key) for pod in self.pods(service))]
        said = [event for each in objects for event in self.events_by_object.get(each, ())]
        return tuple(sorted(said, key=lambda event: event.at or EARLIEST))


class Belongings:
    """Looks up by the labels OME puts on everything it makes for a service."""

    def __init__(self, cache: Cache) -> None:
        self._pods = _Index(cache, kinds.POD, Pod, lambda pod: _service(pod.service))
        self._deployments = _Index(
            cache, kinds.DEPLOYMENT, Deployment, lambda each: _service(each.service)
        )
        self._addresses = _Index(
            cache, kinds.SERVICE, ClusterService, lambda each: _service(each.service)
        )
        self._events = _Index(
            cache, kinds.EVENT, Event, lambda event: (event.about_kind, event.about)
        )

    def now(self) -> Found:
        """What the cache holds now."""
        return Found(
            self._pods.value(),
            self._deployments.value(),
            self._addresses.value(),
            self._events.value(),
        )


class _Index(Generic[View]):
    """The objects of a kind by what they are about; only those that changed are read anew."""

    def __init__(
        self,
        cache: Cache,
        kind: Kind,
        view: Callable[[Manifest], View],
        about: Callable[[View], About],
    ) -> None:
        self._cache, self._kind = cache, kind
        self._view: Callable[[Manifest], View] = view
        self._about: Callable[[View], About] = about
        self._held: dict[Key, tuple[Manifest, About, View]] = {}
        self._memo: Memo[ByObject[View]] = Memo(cache, (kind,), self._grouped)

    def value(self) -> ByObject[View]:
        """The index for what the cache holds now."""
        return self._memo.value()

    def _grouped(self) -> ByObject[View]:
        before, held = self._held, dict[Key, tuple[Manifest, About, View]]()
        groups: dict[About, list[View]] = defaultdict(list)
        for key, raw in self._cache.snapshot(self._kind).objects.items():
            known = before.get(key)
            if known is None or known[0] is not raw:
                view = self._view(raw)
                known = raw, self._about(view), view
            held[key] = known
            groups[known[1]].append(known[2])
        self._held = held
        return {about: _in_order(views) for about, views in groups.items()}


def _in_order(views: list[View]) -> tuple[View, ...]:
    return tuple(views if len(views) == 1 else sorted(views, key=lambda view: view.key))


def _service(key: Key) -> About:
    return kinds.INFERENCE_SERVICE.name, key
