"""Nodes: what is free of each, who holds the rest, and free GPUs that lie apart."""

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.nodes import Nodes, fragmentation
from tests.services.conftest import Connect
from tests.support import builders


def cordoned(name: str) -> Manifest:
    return builders.node(name) | {"spec": {"unschedulable": True}}


@pytest.fixture
def nodes(connect: Connect, sandbox: Sandbox) -> Nodes:
    accelerator = builders.manifest(
        kinds.ACCELERATOR_CLASS,
        "h100",
        spec={"capabilities": {}, "discovery": {"nodeSelector": {"gpu": "h100"}}},
    )
    made = (
        (kinds.ACCELERATOR_CLASS, accelerator),
        (kinds.NODE, builders.node("a", gpu="h100")),
        (kinds.NODE, builders.node("b", gpus=4)),
        (kinds.NODE, builders.node("c", ready=False)),
        (kinds.NODE, cordoned("d")),
        (kinds.NODE, builders.node("e", gpus=0)),
        (kinds.POD, builders.pod("one", node="a", gpus=4)),
        (kinds.POD, builders.pod("two", node="a", gpus=1)),
        (kinds.POD, builders.pod("idle", node="a", gpus=0)),
    )
    for kind, raw in made:
        sandbox.objects.create(kind, raw)
    return connect().nodes


def test_a_node_says_what_is_free_and_who_holds_the_rest(nodes: Nodes) -> None:
    view = nodes.get("a")
    assert view is not None
    assert (view.capacity.total, view.capacity.held, view.capacity.free) == (8, 5, 3)
    assert [pod.key.name for pod in view.holders] == ["one", "two"]
    assert len(view.pods) == 3
    assert view.classes == ("h100",)


def test_each_state_has_its_word(nodes: Nodes) -> None:
    words = {view.node.name: view.health.word for view in nodes.all()}
    assert words == {
        "a": "3 free",
        "b": "4 free",
        "c": "Not ready",
        "d": "Cordoned",
        "e": "No GPUs",
    }


def test_a_full_node_is_said_to_be_full(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NODE, builders.node("full", gpus=4))
    sandbox.objects.create(kinds.POD, builders.pod("all", node="full", gpus=4))
    view = connect().nodes.get("full")
    assert view is not None
    assert view.health.word == "Full"


def test_free_gpus_that_lie_apart_are_told(nodes: Nodes) -> None:
    views = nodes.all().rows
    assert "7 GPUs are free, but no node has more than 4" in fragmentation(views)
    assert fragmentation(views[:1]) == ""


def test_there_is_no_such_node(nodes: Nodes) -> None:
    assert nodes.get("nowhere") is None
