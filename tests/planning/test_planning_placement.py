"""Where replicas could start now."""

import pytest

from ome_backend.planning.capacity import NodeCapacity
from ome_backend.planning.placement import Need, Pool, pools
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.kinds import ACCELERATOR_CLASS
from ome_backend.resources.node import Node
from tests.support.builders import manifest, node


def accelerator(name: str) -> AcceleratorClass:
    spec = {"discovery": {"nodeSelector": {"gpu": name}}, "capabilities": {}}
    return AcceleratorClass(manifest(ACCELERATOR_CLASS, name, spec=spec))


def h100s(*free: int) -> list[NodeCapacity]:
    return [
        NodeCapacity(Node(node(f"n{at}", gpu="h100")), 8, 8 - each) for at, each in enumerate(free)
    ]


def only(nodes: list[NodeCapacity], need: Need) -> Pool:
    (found,) = pools(nodes, [accelerator("h100")], need)
    return found


@pytest.mark.parametrize(
    ("free", "need", "replicas", "sentence"),
    [
        pytest.param((8, 8), Need(4), 4, "4 replicas could start now; 16 GPUs free.", id="room"),
        pytest.param(
            (8, 3), Need(8), 1, "1 replica could start now; 11 GPUs free.", id="room for one"
        ),
        pytest.param((3, 3, 2), Need(4), 0, "8 GPUs free, but no node has 4.", id="fragmented"),
        pytest.param((1, 0), Need(4), 0, "1 GPU free; a pod needs 4.", id="too few"),
        pytest.param(
            (8, 8, 8),
            Need(8, pods=2),
            1,
            "1 replica could start now; 24 GPUs free.",
            id="two nodes",
        ),
        pytest.param(
            (8, 4), Need(8, pods=2), 0, "There is room for 1 of the 2 pods of a replica.", id="half"
        ),
        pytest.param((8,), Need(0), 0, "A replica asks for no GPUs.", id="no GPUs"),
    ],
)
def test_replicas_that_could_start(
    free: tuple[int, ...], need: Need, replicas: int, sentence: str
) -> None:
    found = only(h100s(*free), need)
    assert (found.replicas, found.sentence) == (replicas, sentence)


def test_only_nodes_that_have_the_model_count() -> None:
    found = only(h100s(8, 8), Need(4, ready=frozenset({"n1"})))
    assert ([each.node.name for each in found.nodes], found.left_out, found.replicas) == (
        ["n1"],
        ("n0",),
        2,
    )


def test_a_model_that_is_on_no_node_of_the_class_cannot_run_there() -> None:
    found = only(h100s(8), Need(4, ready=frozenset()))
    assert found.sentence == "None of its nodes has the model and the labels that are asked for."


def test_only_nodes_with_the_labels_count() -> None:
    assert only(h100s(8, 8), Need(8, labels={"zone": "a"})).replicas == 0
    assert only(h100s(8, 8), Need(8, labels={"gpu": "h100"})).replicas == 2


def test_a_node_that_takes_no_pods_has_no_room() -> None:
    cordoned = node("n9", gpu="h100")
    cordoned["spec"]["unschedulable"] = True
    assert only([NodeCapacity(Node(cordoned), 8, 0)], Need(1)).replicas == 0


def test_pools_with_most_room_come_first_and_nodes_of_no_class_are_kept() -> None:
    other = NodeCapacity(Node(node("x")), 8, 0)
    found = pools([*h100s(4), other], [accelerator("h100"), accelerator("a100")], Need(4))
    assert [(each.name, each.replicas) for each in found] == [("no class", 2), ("h100", 1)]
