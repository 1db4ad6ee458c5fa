"""OME's accelerator class controller: which nodes carry a class (pkg/controller/v1beta1/acceleratorclass)."""

from ome_backend.matching.accelerators_nodes import discover
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.resources.node import Node
from ome_backend.sandbox.controllers.finalizers import hold, release
from ome_backend.sandbox.controllers.world import World

_FINALIZER = "acceleratorclasses.ome.io/finalizer"


def turn(world: World) -> None:
    """Writes the nodes of every class into its status."""
    for found in world.list(kinds.ACCELERATOR_CLASS):
        if text(found, "metadata", "deletionTimestamp"):
            release(world, kinds.ACCELERATOR_CLASS, found, _FINALIZER)
            continue
        hold(world, kinds.ACCELERATOR_CLASS, found, _FINALIZER)
        _report(world, found)


def _report(world: World, found: Manifest) -> None:
    nodes = list(discover(AcceleratorClass(found), map(Node, world.list(kinds.NODE))).nodes)
    status = mapping(found, "status")
    if status.get("nodes", []) == nodes and "availableNodes" in status:
        return
    world.change(
        kinds.ACCELERATOR_CLASS,
        key_of(found),
        lambda raw: raw.update(status=_status(world, nodes)),
        status=True,
    )


def _status(world: World, nodes: list[str]) -> Manifest:
    return {"nodes": nodes, "availableNodes": len(nodes), "lastUpdated": world.stamp()}
