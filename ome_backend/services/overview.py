"""What is wrong, what is waiting and what changed, over the whole cluster."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ome_backend.kube.cache import Cache
from ome_backend.planning.capacity import ClassCapacity, NodeCapacity, class_capacity, node_capacity
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.condition import condition
from ome_backend.resources.download import Download
from ome_backend.resources.event import Event
from ome_backend.resources.health import Health, Level, severity
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod
from ome_backend.services.belongings import EARLIEST, Belongings
from ome_backend.services.listing import Memo
from ome_backend.services.models import Models, ModelView
from ome_backend.services.serving import ServiceView, Serving


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a person: what, how bad, why, since when, what to do."""

    about: Ref
    health: Health
    since: datetime | None
    fix: str


@dataclass(frozen=True, slots=True)
class Tally:
    """`good` of `total`."""

    good: int
    total: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A model on its way to a node."""

    model: Model
    download: Download


Inside = Callable[[Key], bool]


def anywhere(_: Key) -> bool:
    return True


class Overview:
    """Answers that span kinds; `inside` leaves out objects that are not asked about."""

    def __init__(
        self, cache: Cache, models: Models, serving: Serving, belongings: Belongings
    ) -> None:
        self._cache = cache
        self._models = models
        self._serving = serving
        self._belongings = belongings
        self._nodes = Memo(cache, (kinds.NODE, kinds.POD), self._node_capacity)

    def problems(self, inside: Inside = anywhere) -> tuple[Problem, ...]:
        """What needs attention, worst first, then the most recent."""
        found = [*self._service_problems(), *self._model_problems(), *self._node_problems()]
        return tuple(sorted((each for each in found if inside(each.about.key)), key=_urgency))

    def services(self, inside: Inside = anywhere) -> Tally:
        return _tally(view.health for view in self._serving.all() if inside(view.key))

    def models(self, inside: Inside = anywhere) -> Tally:
        return _tally(
            view.health
            for view in self._models.all()
            if view.health.level is not Level.OFF and inside(view.key)
        )

    def nodes(self) -> tuple[NodeCapacity, ...]:
        """The nodes that have GPUs, with what is free on each."""
        return self._nodes.value()

    def accelerators(self) -> tuple[ClassCapacity, ...]:
        """The accelerator classes, by name, with what their nodes have free."""
        nodes = self.nodes()
        classes = map(AcceleratorClass, self._objects(kinds.ACCELERATOR_CLASS))
        return tuple(
            class_capacity(each, nodes) for each in sorted(classes, key=lambda each: each.key)
        )

    def gpus(self) -> Tally:
        """Free GPUs of all."""
        nodes = self.nodes()
        return Tally(sum(node.free for node in nodes), sum(node.total for node in nodes))

    def changes(self, inside: Inside = anywhere, *, limit: int = 12) -> tuple[Event, ...]:
        """What OME and Kubernetes last said about services, models and their pods, newest first."""
        told = (each for each in self._belongings.now().about_ome() if inside(each.about))
        return tuple(sorted(told, key=lambda event: event.at or EARLIEST, reverse=True)[:limit])

    def about(self, ref: Ref) -> tuple[Event, ...]:
        """What was said about one object itself, as long as Kubernetes keeps it."""
        return self._belongings.now().about(ref.kind, ref.key)

    def arrivals(self, inside: Inside = anywhere) -> tuple[Arrival, ...]:
        """Downloads in progress, by model and node."""
        return tuple(
            Arrival(view.model, download)
            for view in self._models.all()
            for download in view.downloads
            if download.state == "Updating" and download.total_bytes and inside(view.key)
        )

    def _node_capacity(self) -> tuple[NodeCapacity, ...]:
        return node_capacity(
            map(Node, self._objects(kinds.NODE)), map(Pod, self._objects(kinds.POD))
        )

    def _objects(self, kind: Kind) -> Iterable[Manifest]:
        return self._cache.snapshot(kind).objects.values()

    def _service_problems(self) -> Iterator[Problem]:
        for view in self._serving.all():
            if view.health.troubled:
                yield Problem(view.service.ref, view.health, _since(view), view.diagnosis.cause.fix)

    def _model_problems(self) -> Iterator[Problem]:
        for view in self._models.all():
            if view.health.level is Level.BROKEN or view.model.nodes_failed:
                yield Problem(
                    view.model.ref, view.health, created(view.model.raw), _model_fix(view)
                )

    def _node_problems(self) -> Iterator[Problem]:
        for node in map(Node, self._objects(kinds.NODE)):
            if not node.ready:
                found = condition(node.raw, "Ready")
                health = Health(Level.BROKEN, "Not ready", node.trouble)
                since = found.since if found is not None else None
                about = Ref(kinds.NODE, Key("", node.name))
                yield Problem(about, health, since, "Look at the kubelet of that node.")


def _since(view: ServiceView) -> datetime | None:
    ready = view.status.ready
    return (
        ready.since if ready is not None and ready.since is not None else created(view.service.raw)
    )


def _model_fix(view: ModelView) -> str:
    if view.model.nodes_failed:
        return f"Read the model agent's log on {view.model.nodes_failed[0]}."
    return "Store the model on the Hub, in OCI object storage or on the nodes themselves."


def _tally(healths: Iterable[Health]) -> Tally:
    levels = [health.level for health in healths]
    return Tally(levels.count(Level.GOOD), len(levels))


def _urgency(problem: Problem) -> tuple[int, float, str]:
    moment = problem.since.timestamp() if problem.since is not None else 0.0
    return severity(problem.health.level), -moment, str(problem.about)
