"""What is said of a model, where OME itself says Ready as soon as one node has it."""

import pytest

from ome_backend.downloads.cell import Cell
from ome_backend.downloads.why import model_health
from ome_backend.resources.download import Download, downloads
from ome_backend.resources.health import Health, Level
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from tests.support.builders import model


def arriving(node: str, done: int) -> Cell:
    said = Download(node, "clusterbasemodel.m", "Updating", "downloading", 100, done, 5.0, None)
    return Cell(Model(model()).ref, node, Health(Level.WAITING, f"{done}%", ""), said)


def failed_on(ready: tuple[str, ...], failed: list[str]) -> Manifest:
    raw = model(ready=ready)
    raw["status"]["nodesFailed"] = failed
    return raw


@pytest.mark.parametrize(
    ("raw", "seen", "level", "word"),
    [
        (model(), (), Level.GOOD, "Ready"),
        (model(disabled=True), (), Level.OFF, "Disabled"),
        (failed_on(("a", "b"), ["c"]), (), Level.WAITING, "Ready on 2/3"),
        (failed_on((), ["c"]), (), Level.BROKEN, "Failed"),
        (model(ready=()), (arriving("a", 50),), Level.WAITING, "Downloading"),
        (model(ready=()), (), Level.WAITING, "Pending"),
        (model(ready=(), storage={"storageUri": "s3://b/m"}), (), Level.BROKEN, "Never ready"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.istitle() else "",
)
def test_a_model_is_as_ready_as_its_nodes(
    raw: Manifest, seen: tuple[Cell, ...], level: Level, word: str
) -> None:
    found = model_health(Model(raw), seen)
    assert (found.level, found.word) == (level, word)


def test_progress_is_averaged_over_the_nodes() -> None:
    found = model_health(Model(model(ready=())), (arriving("a", 20), arriving("b", 60)))
    assert found.sentence == "40% has arrived on 2 nodes."


def test_an_unreadable_report_is_said_to_be_unreadable() -> None:
    (found,) = downloads(
        {"metadata": {"name": "gpu-1"}, "data": {"clusterbasemodel.m": "{not json"}}
    )
    assert (found.node, found.state, found.share) == ("gpu-1", "Unreadable", None)
