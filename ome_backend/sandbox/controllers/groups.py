"""Groups of a leader and its workers, as the LeaderWorkerSet controller makes them.

The sandbox serves no LeaderWorkerSet: the pods belong to the InferenceService itself.
"""

from collections.abc import Iterable

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.sandbox.controllers import replicas
from ome_backend.sandbox.controllers.world import World

SET = "LeaderWorkerSet"
_LWS = "leaderworkerset.sigs.k8s.io/"
NAME, REVISION, SIZE = _LWS + "name", _LWS + "template-revision-hash", _LWS + "size"
INDEX, GROUP = _LWS + "worker-index", _LWS + "group-index"


def ensure(world: World, service: Manifest, objects: Iterable[Manifest]) -> None:
    """Brings the pods of all sets of a service to the plan; a group of an old revision goes whole."""
    wanted: dict[str, Manifest] = {}
    for each in objects:
        wanted |= _pods(each) if each["kind"] == SET else {}
    for pod in present(world, service):
        name = text(pod, "metadata", "name")
        revision = text(pod, "metadata", "labels", REVISION)
        if name not in wanted or text(wanted[name], "metadata", "labels", REVISION) != revision:
            world.remove(kinds.POD, key_of(pod))
    for manifest in wanted.values():
        if world.get(kinds.POD, key_of(manifest)) is None:
            world.create(kinds.POD, manifest)


def remove(world: World, service: Manifest) -> None:
    """Ends all groups of a service."""
    for pod in present(world, service):
        world.remove(kinds.POD, key_of(pod))


def reported(service: Manifest, pods: list[Manifest]) -> Manifest:
    """The set as its controller would report it, told from its pods; empty before it has any."""
    if not pods:
        return {}
    available = {"type": "Available", "status": "False", "reason": "GroupsProgressing"}
    available |= {"message": "Replicas are progressing"}
    if all(replicas.ready(pod) for pod in pods):
        available |= {"status": "True", "reason": "AllGroupsReady"}
        available |= {"message": "All replicas are ready"}
    generation = dig(service, "metadata", "generation") or 1
    return {"metadata": {"generation": generation}, "status": {"conditions": [available]}}


def group_size(pod: Manifest) -> int:
    """How many pods share the work of this one; 1 for a pod of its own."""
    return int(text(pod, "metadata", "annotations", SIZE) or 1)


def present(world: World, service: Manifest) -> list[Manifest]:
    """The pods of all groups of a service."""
    key = key_of(service)
    labels = {"ome.io/inferenceservice": key.name}
    return [
        pod
        for pod in world.list(kinds.POD, key.namespace, labels)
        if NAME in mapping(pod, "metadata", "labels")
    ]


def _pods(made: Manifest) -> dict[str, Manifest]:
    size = dig(made, "spec", "leaderWorkerTemplate", "size")
    found = (
        _pod(made, group, index, size)
        for group in range(dig(made, "spec", "replicas"))
        for index in range(size)
    )
    return {text(pod, "metadata", "name"): pod for pod in found}


def _pod(made: Manifest, group: int, index: int, size: int) -> Manifest:
    template = mapping(made, "spec", "leaderWorkerTemplate")
    part = mapping(template, "workerTemplate" if index else "leaderTemplate")
    lws, namespace = text(made, "metadata", "name"), text(made, "metadata", "namespace")
    leader = f"{lws}-{group}"
    [owner] = items(made, "metadata", "ownerReferences")
    labels = mapping(part, "metadata", "labels") | {
        NAME: lws,
        GROUP: str(group),
        INDEX: str(index),
        _LWS + "group-key": replicas.letters(f"{owner['uid']}/{group}", 10),
        REVISION: replicas.revision(template),
    }
    return {
        "metadata": {
            "name": f"{leader}-{index}" if index else leader,
            "namespace": namespace,
            "labels": labels,
            "annotations": mapping(part, "metadata", "annotations") | {SIZE: str(size)},
            "ownerReferences": [owner],
        },
        "spec": _addressed(mapping(part, "spec"), f"{leader}.{lws}.{namespace}", size, index),
    }


def _addressed(spec: Manifest, leader: str, size: int, index: int) -> Manifest:
    values = {
        "LWS_LEADER_ADDRESS": leader,
        "LWS_GROUP_SIZE": str(size),
        "LWS_WORKER_INDEX": str(index),
    }
    added = [{"name": name, "value": value} for name, value in values.items()]
    containers = [
        each | {"env": [*items(each, "env"), *added]} for each in items(spec, "containers")
    ]
    return spec | {"containers": containers}
