"""The board: every model on every node that it belongs on, from what the agents report."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from ome_backend.downloads.cell import Cell, Line, Sight
from ome_backend.downloads.disk import Room, Size, model_size, room
from ome_backend.downloads.judgement import SIBLINGS, SILENT, STRAGGLER, Situation, judged, silence
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What one cell was made from, which is all that tells two of them apart, and the cell."""

    uri: str
    sight: Sight
    track: Track | None
    pace: float | None
    usual: float | None
    line: Line | None
    meant: bool
    cell: Cell | None = field(default=None, compare=False)

    def drawn(self, model: Ref, now: datetime) -> "Kept":
        """With the cell."""
        track = self.track
        moving = track is not None and _is_moving(track, now)
        rate = self.pace if moving else None
        eta = remaining(track.samples, rate, now) if track is not None and moving else None
        seen = Situation(
            self.uri, self.sight, track, rate, eta, self.usual, self.line, self.meant, now
        )
        said = track.download if track is not None else None
        name = self.sight.name
        cell = Cell(model, name, judged(seen), said, track, rate, eta, self.line, self.meant)
        return replace(self, cell=cell)


@dataclass(frozen=True)
class Board:
    """All of it, models and nodes by name. `kept` is by entry and node, for the next one."""

    models: tuple[ModelRow, ...]
    nodes: tuple[NodeRow, ...]
    kept: Mapping[str, Mapping[str, Kept]] = field(default_factory=dict, repr=False)

    @cached_property
    def tally(self) -> Tally:
        return tallied(cell for row in self.models for cell in row.cells)

    @cached_property
    def cells(self) -> Mapping[tuple[Ref, str], Cell]:
        return {(cell.model, cell.node): cell for row in self.models for cell in row.cells}

    @cached_property
    def _by_ref(self) -> Mapping[Ref, ModelRow]:
        return {row.model.ref: row for row in self.models}

    @cached_property
    def _by_node(self) -> Mapping[str, NodeRow]:
        return {row.sight.name: row for row in self.nodes}

    def row(self, ref: Ref) -> ModelRow | None:
        return self._by_ref.get(ref)

    def node(self, name: str) -> NodeRow | None:
        return self._by_node.get(name)


def board(
    models: Sequence[Model],
    nodes: Sequence[Node],
    sights: Mapping[str, Sight],
    tracks: Tracks,
    now: datetime,
    *,
    nodes_seen: bool = True,
    before: Board | None = None,
) -> Board:
    """Put it together. `sights` has every node that exists or reports; without `nodes_seen` nothing
    is said about nodes that models belong on. Of the board `before`, which must be of about the same
    time, those cells are taken over of which nothing became different."""
    known = before.kept if before is not None else {}
    seen = _Seen(tuple(nodes) if nodes_seen else None, sights, tracks, now, known)
    lines, kept = _lines(models, tracks, sights), dict[str, dict[str, Kept]]()
    rows = tuple(_row(model, seen, lines, kept) for model in models)
    return Board(rows, _node_rows(rows, sights), kept)


@dataclass(frozen=True)
class _Seen:
    """What all rows are made from; `nodes` is None where nodes cannot be seen."""

    nodes: tuple[Node, ...] | None
    sights: Mapping[str, Sight]
    tracks: Tracks
    now: datetime
    before: Mapping[str, Mapping[str, Kept]]

    @cached_property
    def served(self) -> set[str]:
        """The nodes there are that have an agent or a report."""
        there = {node.name for node in self.nodes or ()}
        return {
            name
            for name, sight in self.sights.items()
            if (sight.agent or sight.reports) and name in there
        }


def _row(
    model: Model,
    seen: _Seen,
    lines: Mapping[tuple[str, str], Line],
    kept: dict[str, dict[str, Kept]],
) -> ModelRow:
    entry = config_map_entry(model.key)
    meant = _meant(model, seen)
    own = {node: held[entry] for node, held in seen.tracks.items() if entry in held}
    earlier = seen.before.get(entry, {})
    paces = {
        node: earlier[node].pace
        if node in earlier and earlier[node].track is track
        else pace(track.samples)
        for node, track in own.items()
    }
    usual = _Usual(own, paces)
    held: dict[str, Kept] = {}
    for node in sorted({*own, *(meant or ())}):
        facts = Kept(
            model.storage_uri,
            seen.sights.get(node) or Sight(node, exists=False),
            own.get(node),
            paces.get(node),
            usual.behind(node),
            lines.get((node, entry)),
            meant is None or node in meant,
        )
        last = earlier.get(node)
        held[node] = last if last == facts else facts.drawn(model.ref, seen.now)
    kept[entry] = held
    cells = tuple(each.cell for each in held.values() if each.cell is not None)
    unplaced = bool(seen.nodes) and choosy(model) and not meant and not own
    health = model_health(model, cells, unplaced=unplaced)
    return ModelRow(model, cells, health, model_size(model, cells), unplaced)


def _meant(model: Model, seen: _Seen) -> set[str] | None:
    """The nodes it belongs on; None where nodes cannot be seen.

    Without a selector it belongs on every node of an agent, and only these.
    """
    if seen.nodes is None:
        return None
    if not storage_uri.downloadable(model.storage_uri).ready:
        return set()
    return {node.name for node in chosen(model, seen.nodes)} if choosy(model) else seen.served


def _is_moving(track: Track, now: datetime) -> bool:
    """Bytes come: it is neither looking what there is, nor checking what came, nor silent."""
    download = track.download
    fetches = download.state == ARRIVING and download.phase not in ("", "scanning", "finalizing")
    return fetches and silence(track, now) < SILENT


class _Usual:
    """The pace of one model on each node that tells one: now, or when it was fetched."""

    def __init__(self, own: Mapping[str, Track], paces: Mapping[str, float | None]) -> None:
        found = {
            node: paces[node] if track.download.state == ARRIVING else track.average
            for node, track in own.items()
        }
        self._known = {node: rate for node, rate in found.items() if rate}
        self._all = sorted(self._known.values())

    def behind(self, node: str) -> float | None:
        """What the other nodes get, where this one gets much less; None where it keeps up."""
        rate = self._known.get(node)
        others = list(self._all)
        if rate is not None:
            if rate >= STRAGGLER * self._all[-1]:
                return None  # not even compared with the fastest
            others.remove(rate)
        median = statistics.median(others) if len(others) >= SIBLINGS else 0.0
        return median if rate is not None and rate < STRAGGLER * median else None


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
