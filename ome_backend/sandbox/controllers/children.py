"""The objects OME creates for a service, kept as they should be, where the sandbox serves their kind.

The sandbox runs no autoscaler: a Deployment has the fewest replicas that its autoscaler allows.
"""

from collections.abc import Iterable

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, key_of, mapping, text
from ome_backend.sandbox.controllers.world import World

_SERVED = (kinds.CONFIG_MAP, kinds.SERVICE, kinds.DEPLOYMENT)


def ensure(world: World, objects: Iterable[Manifest]) -> None:
    """Creates what is missing and corrects what differs."""
    found = list(objects)
    for manifest in found:
        kind = _kind(manifest)
        if kind is not None:
            _put(world, kind, _scaled(world, manifest, found))


def sweep(world: World, service: Manifest, objects: Iterable[Manifest]) -> None:
    """Deletes what belongs to components that are gone."""
    key = key_of(service)
    kept = {(each["kind"], text(each, "metadata", "name")) for each in objects}
    for kind in (kinds.DEPLOYMENT, kinds.SERVICE):
        for each in world.list(kind, key.namespace, {"ome.io/inferenceservice": key.name}):
            name = text(each, "metadata", "name")
            if (kind.name, name) not in kept:
                world.remove(kind, Key(key.namespace, name))


def _kind(manifest: Manifest) -> Kind | None:
    named = (manifest["apiVersion"], manifest["kind"])
    return next((kind for kind in _SERVED if (kind.api_version, kind.name) == named), None)


def _scaled(world: World, manifest: Manifest, objects: Iterable[Manifest]) -> Manifest:
    if manifest["kind"] != kinds.DEPLOYMENT.name:
        return manifest
    name = text(manifest, "metadata", "name")
    present = world.get(kinds.DEPLOYMENT, key_of(manifest)) or {}
    fewest = next(
        (_fewest(each) for each in objects if dig(each, "spec", "scaleTargetRef", "name") == name),
        dig(present, "spec", "replicas") or 1,
    )
    return manifest | {"spec": mapping(manifest, "spec") | {"replicas": fewest}}


def _fewest(scaler: Manifest) -> int:
    spec = mapping(scaler, "spec")
    return int(spec.get("minReplicas") or spec.get("minReplicaCount") or 1)


def _put(world: World, kind: Kind, manifest: Manifest) -> None:
    present = world.get(kind, key_of(manifest))
    if present is None:
        world.create(kind, manifest)
        return
    field = "data" if "data" in manifest else "spec"
    labels = mapping(manifest, "metadata", "labels")
    if present.get(field) == manifest[field] and mapping(present, "metadata", "labels") == labels:
        return

    def write(raw: Manifest) -> None:
        raw[field] = manifest[field]
        raw["metadata"]["labels"] = labels

    world.change(kind, key_of(manifest), write)
