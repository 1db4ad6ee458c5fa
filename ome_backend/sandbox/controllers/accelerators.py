"""OME's accelerator class controller: which nodes carry a class (pkg/controller/v1beta1/acceleratorclass)."""

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest, dig, key_of, mapping, text
from ome_backend.resources.quantity import quantity
from ome_backend.sandbox.controllers import node_fit
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
    nodes = [
        text(node, "metadata", "name") for node in world.list(kinds.NODE) if _carries(node, found)
    ]
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


def _carries(node: Manifest, found: Manifest) -> bool:
    """Labels equal and, as in OME, the node's system memory at least the accelerator's."""
    if not node_fit.selected(node, mapping(found, "spec", "discovery", "nodeSelector")):
        return False
    needed = quantity(dig(found, "spec", "capabilities", "memoryGB"))
    return needed is None or (quantity(dig(node, "status", "capacity", "memory")) or 0) >= needed
