"""Which pods, deployments and events belong to which service, indexed once per change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.pod import Pod
from ome_backend.services.listing import Memo

Owned = TypeVar("Owned", Pod, Deployment)
ByService = Mapping[Key, tuple[Owned, ...]]


class Belongings:
    """Looks up by the labels OME puts on everything it makes for a service."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._pods: Memo[ByService[Pod]] = Memo(cache, (kinds.POD,), self._index_pods)
        self._deployments: Memo[ByService[Deployment]] = Memo(
            cache, (kinds.DEPLOYMENT,), self._index_deployments
        )
        self._events = Memo(cache, (kinds.POD, kinds.EVENT), self._index_events)

    def pods(self, service: Key) -> tuple[Pod, ...]:
        """Its pods, by name."""
        return self._pods.value().get(service, ())

    def deployments(self, service: Key) -> tuple[Deployment, ...]:
        """Its deployments, by name."""
        return self._deployments.value().get(service, ())

    def events(self, service: Key) -> tuple[Event, ...]:
        """What was said about it and its pods, oldest first."""
        return self._events.value().get(service, ())

    def _objects(self, kind: Kind) -> Iterable[Manifest]:
        return self._cache.snapshot(kind).objects.values()

    def _index_pods(self) -> ByService[Pod]:
        return _by_service(map(Pod, self._objects(kinds.POD)))

    def _index_deployments(self) -> ByService[Deployment]:
        return _by_service(map(Deployment, self._objects(kinds.DEPLOYMENT)))

    def _index_events(self) -> Mapping[Key, tuple[Event, ...]]:
        owners = {pod.key: key for key, own in self._pods.value().items() for pod in own}
        found: dict[Key, list[Event]] = defaultdict(list)
        for event in map(Event, self._objects(kinds.EVENT)):
            if event.about_kind == kinds.INFERENCE_SERVICE.name:
                found[event.about].append(event)
            elif event.about_kind == kinds.POD.name and event.about in owners:
                found[owners[event.about]].append(event)
        return _sorted(found, lambda event: event.at.timestamp() if event.at else 0.0)


def _by_service(owned: Iterable[Owned]) -> ByService[Owned]:
    found: dict[Key, list[Owned]] = defaultdict(list)
    for each in owned:
        service = each.service
        if service.name:
            found[service].append(each)
    return _sorted(found, lambda each: each.key)


Each = TypeVar("Each")


def _sorted(
    found: Mapping[Key, list[Each]], order: Callable[[Each], float | Key]
) -> dict[Key, tuple[Each, ...]]:
    return {
        key: tuple(sorted(own, key=order)) if len(own) > 1 else tuple(own)
        for key, own in found.items()
    }
