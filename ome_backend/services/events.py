"""Events of the whole cluster, the repeated ones folded, each with the service that it concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.event import Event
from ome_backend.resources.kind import Key
from ome_backend.services.belongings import EARLIEST, Belongings
from ome_backend.services.listing import Listing

NOBODY = Key("", "")


@dataclass(frozen=True, slots=True)
class Told:
    """The same thing said of one object, `count` times, at last `at`; `service` is empty where none is concerned."""

    about_kind: str
    about: Key
    warning: bool
    reason: str
    message: str
    source: str
    count: int
    at: datetime | None
    service: Key = NOBODY


class Events:
    """Answers from the watch cache."""

    def __init__(self, cache: Cache, belongings: Belongings) -> None:
        self._cache = cache
        self._belongings = belongings

    def all(self) -> Listing[Told]:
        """What was said of any object, as long as Kubernetes keeps it, the newest first."""
        found = self._belongings.now()
        told = folded(each for group in found.events_by_object.values() for each in group)
        concerned = {
            (kinds.POD.name, pod.key): pod.service
            for own in found.by_service.values()
            for pod in own
        } | {
            (kinds.DEPLOYMENT.name, each.key): each.service
            for own in found.deployments_by_service.values()
            for each in own
        }
        rows = tuple(replace(each, service=_service(each, concerned)) for each in told)
        return Listing(rows, (self._cache.snapshot(kinds.EVENT),))


def folded(events: Iterable[Event]) -> tuple[Told, ...]:
    """Events that say the same of the same object become one, the newest first.

    A controller's client folds them itself only while it runs and remembers.
    """
    groups: dict[tuple[object, ...], Told] = {}
    for event in events:
        told = _told(event)
        same = (told.about_kind, told.about, told.warning, told.reason, told.message)
        held = groups.get(same)
        groups[same] = told if held is None else _joined(held, told)
    return tuple(sorted(groups.values(), key=lambda each: each.at or EARLIEST, reverse=True))


def _told(event: Event) -> Told:
    return Told(
        event.about_kind,
        event.about,
        event.warning,
        event.reason,
        event.message,
        event.source,
        event.count,
        event.at,
    )


def _joined(one: Told, other: Told) -> Told:
    newer = max(one, other, key=lambda each: each.at or EARLIEST)
    return replace(newer, count=one.count + other.count)


def _service(told: Told, concerned: Mapping[tuple[str, Key], Key]) -> Key:
    if told.about_kind == kinds.INFERENCE_SERVICE.name:
        return told.about
    return concerned.get((told.about_kind, told.about), NOBODY)
