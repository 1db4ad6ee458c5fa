"""The board: every model on every node that it belongs on, from what the agents report."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ome_backend.downloads.cell import Cell, Line, Sight
from ome_backend.downloads.disk import Room, Size, model_size, room
from ome_backend.downloads.judgement import SIBLINGS, SILENT, Situation, judged, silence
from ome_backend.downloads.node_selection import choosy, chosen
from ome_backend.downloads.pace import pace, remaining
from ome_backend.downloads.tally import Tally, tallied
from ome_backend.downloads.track import ARRIVING, Track
from ome_backend.downloads.why import model_health
from ome_backend.facts import storage_uri
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.health import Health
from ome_backend.resources.kind import Ref
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.resources.node import Node

Tracks = Mapping[str, Mapping[str, Track]]  # by node, then by the entry of its config map


@dataclass(frozen=True)
class ModelRow:
    """One model over all its nodes. `unplaced` when its selector names no node that there is."""

    model: Model
    cells: tuple[Cell, ...]
    health: Health
    size: Size
    unplaced: bool

    @cached_property
    def tally(self) -> Tally:
        return tallied(self.cells)


@dataclass(frozen=True)
class NodeRow:
    """One node with all its models."""

    sight: Sight
    cells: tuple[Cell, ...]
    room: Room

    @cached_property
    def tally(self) -> Tally:
        return tallied(self.cells)


@dataclass(frozen=True)
class Board:
    """All of it, models and nodes by name."""

    models: tuple[ModelRow, ...]
    nodes: tuple[NodeRow, ...]

    @cached_property
    def tally(self) -> Tally:
        return tallied(cell for row in self.models for cell in row.cells)

    @cached_property
    def cells(self) -> Mapping[tuple[Ref, str], Cell]:
        return {(cell.model, cell.node): cell for row in self.models for cell in row.cells}

    @cached_property
    def _by_ref(self) -> Mapping[Ref, ModelRow]:
        return {row.model.ref: row for row in self.models}

    def row(self, ref: Ref) -> ModelRow | None:
        return self._by_ref.get(ref)

    def node(self, name: str) -> NodeRow | None:
        return next((row for row in self.nodes if row.sight.name == name), None)


def board(
    models: Sequence[Model],
    nodes: Sequence[Node],
    sights: Mapping[str, Sight],
    tracks: Tracks,
    now: datetime,
    *,
    nodes_seen: bool = True,
) -> Board:
    """Put it together. `sights` has every node that exists or reports; without `nodes_seen` nothing
    is said about nodes that models belong on."""
    lines = _lines(models, tracks, sights)
    rows = tuple(
        _row(model, nodes if nodes_seen else None, sights, tracks, lines, now) for model in models
    )
    return Board(rows, _node_rows(rows, sights))


def _row(
    model: Model,
    nodes: Sequence[Node] | None,
    sights: Mapping[str, Sight],
    tracks: Tracks,
    lines: Mapping[tuple[str, str], Line],
    now: datetime,
) -> ModelRow:
    entry = config_map_entry(model.key)
    meant = _meant(model, nodes, sights)
    own = {node: held[entry] for node, held in tracks.items() if entry in held}
    paces = {node: pace(track.samples) for node, track in own.items()}
    usual = _usual(own, paces)
    cells = tuple(
        _cell(
            model,
            sights.get(node) or Sight(node, exists=False),
            own.get(node),
            paces.get(node),
            _of_others(usual, node),
            lines.get((node, entry)),
            meant is None or node in meant,
            now,
        )
        for node in sorted({*own, *(meant or ())})
    )
    unplaced = bool(nodes) and choosy(model) and not meant and not own
    health = model_health(model, cells, unplaced=unplaced)
    return ModelRow(model, cells, health, model_size(model, cells), unplaced)


def _meant(
    model: Model, nodes: Sequence[Node] | None, sights: Mapping[str, Sight]
) -> set[str] | None:
    """The nodes it belongs on; None where nodes cannot be seen.

    Without a selector it belongs on every node of an agent, and only these.
    """
    if nodes is None:
        return None
    if not storage_uri.downloadable(model.storage_uri).ready:
        return set()
    found = {node.name for node in chosen(model, nodes)}
    if choosy(model):
        return found
    served = {name for name, sight in sights.items() if sight.agent is not None or sight.reports}
    return found & served


def _cell(
    model: Model,
    sight: Sight,
    track: Track | None,
    rate: float | None,
    usual: float | None,
    line: Line | None,
    meant: bool,
    now: datetime,
) -> Cell:
    moving = track is not None and _is_moving(track, now)
    rate = rate if moving else None
    eta = remaining(track.samples, rate, now) if track is not None and moving else None
    seen = Situation(model.storage_uri, sight, track, rate, eta, usual, line, meant, now)
    download = track.download if track is not None else None
    return Cell(model.ref, sight.name, judged(seen), download, track, rate, eta, line, meant)


def _is_moving(track: Track, now: datetime) -> bool:
    """Bytes come: it is neither looking what there is, nor checking what came, nor silent."""
    download = track.download
    fetches = download.state == ARRIVING and download.phase not in ("", "scanning", "finalizing")
    return fetches and silence(track, now) < SILENT


def _usual(own: Mapping[str, Track], paces: Mapping[str, float | None]) -> Mapping[str, float]:
    """The pace of each node that tells one: now, or when it was fetched."""
    known: dict[str, float] = {}
    for node, track in own.items():
        rate = paces[node] if track.download.state == ARRIVING else track.average
        if rate:
            known[node] = rate
    return known


def _of_others(usual: Mapping[str, float], node: str) -> float | None:
    others = [rate for name, rate in usual.items() if name != node]
    return statistics.median(others) if len(others) >= SIBLINGS else None


def _lines(
    models: Iterable[Model], tracks: Tracks, sights: Mapping[str, Sight]
) -> Mapping[tuple[str, str], Line]:
    """Who waits for how many others on its node: a guess, from how old the models are.

    An agent takes models in the order in which it hears of them, which is nowhere to be read.
    """
    ages = {config_map_entry(each.key): (str(created(each.raw)), str(each.key)) for each in models}
    found: dict[tuple[str, str], Line] = {}
    for node, held in tracks.items():
        agent = sights[node].agent if node in sights else None
        arriving = [name for name, track in held.items() if track.download.state == ARRIVING]
        waiting = [name for name in arriving if not held[name].download.phase and name in ages]
        busy = sum(bool(held[name].download.phase) for name in arriving)
        if agent is None or not waiting or busy < agent.workers:
            continue
        for number, name in enumerate(sorted(waiting, key=ages.__getitem__)):
            found[node, name] = Line(number, agent.workers)
    return found


def _node_rows(rows: Sequence[ModelRow], sights: Mapping[str, Sight]) -> tuple[NodeRow, ...]:
    held: dict[str, list[tuple[Cell, Size]]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            held[cell.node].append((cell, row.size))
    names = sorted(
        {*held, *(name for name, sight in sights.items() if sight.agent or sight.reports)}
    )
    return tuple(
        NodeRow(
            sights.get(name) or Sight(name, exists=False),
            tuple(cell for cell, _ in held[name]),
            room(held[name], sights[name].disk if name in sights else None),
        )
        for name in names
    )
