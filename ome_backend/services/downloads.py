"""Models on their way to the nodes: the board over the watch cache."""

from collections.abc import Callable
from datetime import UTC, datetime

from ome_backend.config import Settings
from ome_backend.downloads.agent import Agent, agents
from ome_backend.downloads.board import Board, board
from ome_backend.downloads.cell import Sight
from ome_backend.downloads.track import Track
from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Snapshot
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import dig
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.quantity import quantity
from ome_backend.services.download_history import DownloadHistory
from ome_backend.services.listing import Memo

LOOK_AGAIN = 15  # seconds after which time alone may have made a download silent, or nearer its end
SHOWN = (*kinds.MODEL_KINDS, kinds.CONFIG_MAP, kinds.NODE, kinds.POD)


def _now() -> datetime:
    return datetime.now(UTC)


class Downloads:
    """Answers about downloads. The history of reports begins when this is made."""

    def __init__(
        self, cache: Cache, settings: Settings, clock: Callable[[], datetime] = _now
    ) -> None:
        self._cache = cache
        self._namespace = settings.ome_namespace
        self._clock = clock
        self._history = DownloadHistory(cache, clock)
        self._agents = Memo(cache, (kinds.POD,), self._find_agents)
        self._models = Memo(cache, kinds.MODEL_KINDS, self._all_models)
        watched = (*kinds.MODEL_KINDS, kinds.CONFIG_MAP, kinds.NODE)
        self._last: tuple[int, Board] | None = None
        self._memo = Memo(cache, watched, self._board, era=self.era)

    def board(self) -> Board:
        """Every model on every node, as of now."""
        return self._memo.value()

    def models(self) -> tuple[Model, ...]:
        """Every model, by name."""
        return self._models.value()

    def sources(self) -> tuple[Snapshot, ...]:
        """What the board is made from: models, reports, nodes, pods."""
        return tuple(map(self._cache.snapshot, SHOWN))

    def track(self, model: Ref, node: str) -> Track | None:
        """What was seen of a model's way to a node since the console began to watch."""
        return self._history.tracks().get(node, {}).get(config_map_entry(model.key))

    def agent(self, node: str) -> Agent | None:
        """The agent of a node; None where none is seen."""
        return next((each for each in self._agents.value() if each.node == node), None)

    def era(self) -> int:
        """Another number when time, or an agent's pod, makes what was said outdated."""
        return hash(
            (_past(self._clock()), self._agents.value(), self._cache.snapshot(kinds.POD).state)
        )

    def _board(self) -> Board:
        tracks, known, now = self._history.tracks(), self._sees(kinds.NODE), self._clock()
        held = self._cache.snapshot(kinds.NODE).objects
        nodes = [Node(held[key]) for key in sorted(held)]
        sights = self._sights(nodes, set(tracks), known=known)
        past, last = _past(now), self._last
        before = last[1] if last is not None and last[0] == past else None
        made = board(
            self._models.value(), nodes, sights, tracks, now, nodes_seen=known, before=before
        )
        self._last = (past, made)
        return made

    def _sights(self, nodes: list[Node], reporting: set[str], *, known: bool) -> dict[str, Sight]:
        running = {each.node: each for each in self._agents.value()}
        seen, told = self._sees(kinds.POD), self._sees(kinds.CONFIG_MAP)
        sights = {
            node.name: Sight(
                node.name,
                ready=node.ready,
                agent=running.get(node.name),
                agents_seen=seen,
                reports=node.name in reporting if told else None,
                disk=_disk(node),
            )
            for node in nodes
        }
        for name in sorted(reporting - set(sights)):
            sights[name] = Sight(name, exists=not known, agent=running.get(name), agents_seen=seen)
        return sights

    def _sees(self, kind: Kind) -> bool:
        """Whether what is not in the cache does not exist."""
        return self._cache.snapshot(kind).state in ("live", "stale")

    def _find_agents(self) -> tuple[Agent, ...]:
        return agents(self._cache.snapshot(kinds.POD).objects.values(), self._namespace)

    def _all_models(self) -> tuple[Model, ...]:
        found = [
            Model(raw, kind)
            for kind in kinds.MODEL_KINDS
            for raw in self._cache.snapshot(kind).objects.values()
        ]
        return tuple(sorted(found, key=lambda model: (model.key.name, model.key.namespace)))


def _past(now: datetime) -> int:
    """Grows every LOOK_AGAIN seconds."""
    return int(now.timestamp()) // LOOK_AGAIN


def _disk(node: Node) -> int | None:
    """Allocatable ephemeral-storage in bytes."""
    found = quantity(dig(node.raw, "status", "allocatable", "ephemeral-storage"))
    return int(found) if found else None
