"""Holding an object until its controller has cleaned up after it."""

from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, items, key_of
from ome_backend.sandbox.controllers.world import World


def hold(world: World, kind: Kind, manifest: Manifest, finalizer: str) -> None:
    """Adds the finalizer where it is missing."""
    if finalizer not in items(manifest, "metadata", "finalizers"):
        world.change(
            kind,
            key_of(manifest),
            lambda raw: raw["metadata"].setdefault("finalizers", []).append(finalizer),
        )


def release(world: World, kind: Kind, manifest: Manifest, finalizer: str) -> None:
    """Takes the finalizer away, which ends an object that is being deleted."""

    def take(raw: Manifest) -> None:
        kept = [each for each in items(raw, "metadata", "finalizers") if each != finalizer]
        raw["metadata"]["finalizers"] = kept
        if not kept:
            del raw["metadata"]["finalizers"]

    if finalizer in items(manifest, "metadata", "finalizers"):
        world.change(kind, key_of(manifest), take)
