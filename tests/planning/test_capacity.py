"""Free GPUs are what a new pod could really get."""

from ome_backend.planning.capacity import class_capacity, node_capacity
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.kinds import ACCELERATOR_CLASS
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod
from tests.support.builders import manifest, node, pod


def test_pods_hold_gpus_until_they_end() -> None:
    ended = pod("done")
    ended["status"]["phase"] = "Succeeded"
    (found,) = node_capacity([Node(node())], [Pod(pod(gpus=3)), Pod(ended)])
    assert (found.total, found.held, found.free) == (8, 3, 5)


def test_a_node_that_takes_no_pods_has_nothing_free() -> None:
    cordoned = node("b")
    cordoned["spec"]["unschedulable"] = True
    found = node_capacity([Node(node("a", ready=False)), Node(cordoned)], [])
    assert [each.free for each in found] == [0, 0]


def test_a_class_counts_the_nodes_its_selector_names() -> None:
    spec = {"discovery": {"nodeSelector": {"gpu": "h100"}}, "capabilities": {}}
    wanted = AcceleratorClass(manifest(ACCELERATOR_CLASS, "h100", spec=spec))
    nodes = [Node(node("a", gpu="h100")), Node(node("b", gpu="h100")), Node(node("c", gpu="l40s"))]
    found = class_capacity(wanted, node_capacity(nodes, [Pod(pod(node="a", gpus=6))]))
    assert (found.total, found.free, found.largest) == (16, 10, 8)
