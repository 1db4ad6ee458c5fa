"""The board: what is said of each model on each node, and of all of them together."""

from datetime import timedelta
from typing import Any

import pytest

from ome_backend.downloads.agent import Agent, agents
from ome_backend.downloads.board import Board, board
from ome_backend.downloads.cell import Line, Sight
from ome_backend.downloads.track import Track
from ome_backend.resources import kinds
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from tests.downloads.reports import ENTRY, TOTAL, at, progress, steadily, told, tracked
from tests.support import builders

QWEN = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))
READY, FAILED = {"status": "Ready"}, {"status": "Failed"}


def sight(node: str, **known: Any) -> Sight:
    agent = Agent(node, Key("ome", f"agent-{node}"), "uid", True, workers=1)
    return Sight(node, **({"agent": agent} | known))


def drawn(
    tracks: dict[str, dict[str, Track]],
    *models: Manifest,
    nodes: tuple[str, ...] = ("gpu-1",),
    sights: tuple[Sight, ...] = (),
    seconds: float = 0,
    gpu: str = "",
) -> Board:
    """The board of these models, by default one that no node is ready with."""
    known = {each: sight(each, reports=each in tracks) for each in {*nodes, *tracks}}
    return board(
        [Model(raw) for raw in models or (builders.model(ready=()),)],
        [Node(builders.node(each, gpu=gpu)) for each in nodes],
        known | {each.name: each for each in sights},
        tracks,
        at(seconds),
    )


def said(track: Track, *, seconds: float = 0, **spec: Any) -> tuple[Level, str]:
    raw = builders.model(ready=(), **spec)
    cell = drawn({"gpu-1": {ENTRY: track}}, raw, seconds=seconds).cells[QWEN, "gpu-1"]
    return cell.health.level, cell.health.word


def reports(*seconds: float, done: int = 4 * 10**9) -> Track:
    """Reports that come on, with nothing more arrived."""
    return tracked(*((each, progress(done, lastUpdated=told(each))) for each in seconds))


@pytest.mark.parametrize(
    ("track", "seconds", "expected"),
    [
        (tracked((0, READY)), 0, (Level.GOOD, "Ready")),
        (tracked((0, FAILED)), 0, (Level.BROKEN, "Failed")),
        (tracked((0, {"status": "Deleted"})), 0, (Level.OFF, "Deleted")),
        (tracked((0, {"status": "Odd"})), 0, (Level.UNKNOWN, "Odd")),
        (tracked((0, {})), 0, (Level.UNKNOWN, "Unreadable")),
        (tracked((0, {"status": "Updating"})), 0, (Level.WAITING, "Waiting")),
        (tracked((0, {"status": "Updating"})), 1800, (Level.BROKEN, "Stuck")),
        (tracked((0, progress(0, phase="scanning"))), 0, (Level.WAITING, "Scanning")),
        (tracked((0, progress(TOTAL, phase="finalizing"))), 0, (Level.WAITING, "Finalizing")),
        (steadily(1e8), 120, (Level.WAITING, "75%")),
        (steadily(1e8), 120 + 299, (Level.WAITING, "75%")),
        (steadily(1e8), 120 + 300, (Level.BROKEN, "Silent")),
        (reports(0, 150, 290), 290, (Level.WAITING, "25%")),
        (reports(0, 150, 300), 300, (Level.BROKEN, "Stuck")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_a_cell_says_how_it_is(track: Track, seconds: float, expected: tuple[Level, str]) -> None:
    assert said(track, seconds=seconds) == expected


def test_an_old_report_is_silent_from_the_first_look_on() -> None:
    assert said(tracked((0, progress(10, lastUpdated=told(-3600)))))[1] == "Silent"


def test_a_report_from_the_future_is_not_silent() -> None:
    assert said(tracked((0, progress(10, lastUpdated=told(3600)))))[1] == "0%"


def test_an_agent_with_a_wrong_clock_is_not_silent_once_it_was_seen_to_report() -> None:
    late = tracked(*((30.0 * n, progress(n, lastUpdated=told(30 * n - 3600))) for n in range(2)))
    assert said(late, seconds=40)[1] == "0%"


def test_object_storage_tells_no_progress_and_is_not_called_stuck() -> None:
    storage = {"storageUri": "oci://n/space/b/bucket/o/qwen", "path": "/raid/models/qwen"}
    assert said(tracked((0, {"status": "Updating"})), seconds=7200, storage=storage) == (
        Level.WAITING,
        "Fetching",
    )


def test_a_scheme_that_no_agent_fetches_never_becomes_ready() -> None:
    storage = {"storageUri": "s3://bucket/qwen"}
    assert said(tracked((0, {"status": "Updating"})), storage=storage)[1] == "Never ready"


def test_a_straggler_is_named_with_what_the_others_get() -> None:
    tracks = {node: {ENTRY: steadily(1e8, node=node)} for node in ("a", "b", "c")}
    tracks["d"] = {ENTRY: steadily(1e7, node="d")}
    seen = drawn(tracks, nodes=("a", "b", "c", "d"), seconds=120)
    words = {node: cell.health.word for (_, node), cell in seen.cells.items()}
    assert words == {"a": "75%", "b": "75%", "c": "75%", "d": "Slow"}
    assert "10.0 MB/s, where other nodes get 100 MB/s" in seen.cells[QWEN, "d"].health.sentence


@pytest.mark.parametrize(
    ("known", "word"),
    [
        (sight("gpu-1", reports=False), "Never reported"),
        (sight("gpu-1", agent=None), "No agent"),
        (sight("gpu-1", agent=None, agents_seen=False), "Not begun"),
        (sight("gpu-1", ready=False), "Node not ready"),
        (sight("gpu-1", reports=None), "Not known"),
        (sight("gpu-1"), "Not begun"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_node_that_says_nothing_has_a_reason(known: Sight, word: str) -> None:
    storage = {"storageUri": "hf://a/b", "path": "/m", "nodeSelector": {"gpu": "yes"}}
    raw = builders.model(ready=(), storage=storage)
    seen = drawn({}, raw, sights=(known,), gpu="yes")
    assert seen.cells[QWEN, "gpu-1"].health.word == word


def test_a_selector_that_no_node_meets_is_said_to_meet_none() -> None:
    raw = builders.model(
        ready=(), storage={"storageUri": "hf://a/b", "nodeSelector": {"gpu": "no"}}
    )
    (row,) = drawn({}, raw).models
    assert (row.unplaced, row.health.word, row.cells) == (True, "No node", ())


def test_a_report_of_a_node_that_is_gone_is_shown_as_such() -> None:
    seen = drawn(
        {"old": {ENTRY: tracked((0, READY), node="old")}}, sights=(Sight("old", exists=False),)
    )
    assert seen.cells[QWEN, "old"].health.word == "Node gone"


def test_a_model_that_is_there_on_some_nodes_says_on_how_many() -> None:
    tracks = {
        "a": {ENTRY: tracked((0, READY), node="a")},
        "b": {ENTRY: steadily(1e8, node="b")},
        "c": {ENTRY: tracked((0, FAILED), node="c")},
    }
    raw = builders.model(ready=("a",))
    (row,) = drawn(tracks, raw, nodes=("a", "b", "c", "d"), seconds=120).models
    assert row.health.word == "Ready on 1/4"
    said = "It is ready on 1 of 4 nodes, failed on 1, arriving on 1, not begun on 1."
    assert row.health.sentence == said


def test_all_of_it_is_added_up() -> None:
    tracks = {node: {ENTRY: steadily(1e8, node=node)} for node in ("a", "b")}
    tracks["c"] = {ENTRY: tracked((0, READY), node="c")}
    tally = drawn(tracks, nodes=("a", "b", "c"), seconds=120).tally
    assert (tally.cells, tally.ready, tally.arriving, tally.pace) == (3, 1, 2, 2e8)
    assert (tally.completed_bytes, tally.total_bytes) == (24 * 10**9, 32 * 10**9)
    assert (tally.eta, tally.share) == (timedelta(seconds=40), 0.75)


def test_one_whose_end_is_not_known_makes_the_end_of_all_unknown() -> None:
    tracks = {
        "a": {ENTRY: steadily(1e8, node="a")},
        "b": {ENTRY: tracked((0, progress(0, phase="scanning")))},
    }
    assert drawn(tracks, nodes=("a", "b"), seconds=120).tally.eta is None


def test_those_who_wait_are_lined_up_by_age_behind_those_that_run() -> None:
    old, young = builders.model("old", ready=()), builders.model("young", ready=())
    old["metadata"]["creationTimestamp"] = "2026-01-01T00:00:00Z"
    waiting = tracked((0, {"status": "Updating"}))
    held = {
        ENTRY: steadily(1e8),
        "clusterbasemodel.young": waiting,
        "clusterbasemodel.old": waiting,
    }
    seen = drawn({"gpu-1": held}, builders.model(ready=()), young, old, seconds=120)
    lines = {ref.key.name: cell.line for (ref, _), cell in seen.cells.items()}
    assert lines == {"qwen3-8b": None, "old": Line(0, 1), "young": Line(1, 1)}


def test_disk_need_is_what_a_download_reports_else_worked_out() -> None:
    other = builders.model("other", ready=())
    known = sight("gpu-1", disk=10**10)
    seen = drawn(
        {"gpu-1": {ENTRY: steadily(1e8)}}, builders.model(ready=()), other, sights=(known,)
    )
    sizes = {row.model.key.name: (row.size.bytes, row.size.evidence) for row in seen.models}
    assert sizes == {
        "qwen3-8b": (TOTAL, Evidence.REPORTED),
        "other": (16 * 10**9, Evidence.COMPUTED),
    }
    node = seen.node("gpu-1")
    assert node is not None
    assert (node.room.needed, node.room.missing) == (32 * 10**9, 20 * 10**9)
    assert node.room.tight


@pytest.mark.parametrize(
    ("args", "workers"),
    [
        (["--num-download-worker", "2"], 2),
        (["--num-download-worker=3"], 3),
        (["--num-download-worker"], 5),
        (["--num-download-worker", "many"], 5),
        ([], 5),
    ],
    ids=["word", "assigned", "cut off", "no number", "none"],
)
def test_how_many_an_agent_fetches_at_once_is_read_from_its_arguments(
    args: list[str], workers: int
) -> None:
    pod = builders.pod("agent-1", "ome")
    pod["metadata"]["labels"] = {"app.kubernetes.io/component": "ome-model-agent-daemonset"}
    pod["spec"]["containers"] = [{"name": "model-agent", "args": args}]
    (found,) = agents([pod, builders.pod()], "ome")
    assert (found.node, found.workers) == ("gpu-1", workers)
