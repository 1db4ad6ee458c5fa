"""The deployment controller: pods for every revision, a rollout that never drops below what is wanted."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from ome_backend.resources import kinds
from ome_backend.resources.condition import condition
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.sandbox.controllers import events, replicas
from ome_backend.sandbox.controllers.world import World

HASH = "pod-template-hash"
_SOURCE = "deployment-controller"


def turn(world: World) -> datetime | None:
    """One step of every rollout, and the end of pods whose deployment is gone."""
    deployments = world.list(kinds.DEPLOYMENT)
    _end_orphans(world, deployments)
    due = [_roll(world, deployment) for deployment in deployments]
    return min((each for each in due if each is not None), default=None)


def _end_orphans(world: World, deployments: list[Manifest]) -> None:
    living = {(key_of(each).namespace, _app(each)) for each in deployments}
    for pod in world.list(kinds.POD):
        labels = mapping(pod, "metadata", "labels")
        if HASH in labels and (key_of(pod).namespace, labels.get("app")) not in living:
            world.remove(kinds.POD, key_of(pod))


def _app(deployment: Manifest) -> str:
    return text(deployment, "spec", "selector", "matchLabels", "app")


def _roll(world: World, deployment: Manifest) -> datetime | None:
    wanted = deployment["spec"].get("replicas", 1)
    current = replicas.revision(mapping(deployment, "spec", "template"))
    pods = world.list(kinds.POD, key_of(deployment).namespace, {"app": _app(deployment)})
    new = [pod for pod in pods if text(pod, "metadata", "labels", HASH) == current]
    old = [pod for pod in pods if text(pod, "metadata", "labels", HASH) != current]
    missing = min(wanted - len(new), wanted + (1 if old else 0) - len(pods))
    for number in range(max(0, missing)):
        world.create(kinds.POD, _pod(world, deployment, current, len(new) + number))
    if missing > 0:
        _scaled(world, deployment, current, "up", len(new), len(new) + missing)
    _shrink(world, deployment, new, old, wanted)
    return _report(world, deployment, current, wanted)


def _shrink(
    world: World, deployment: Manifest, new: list[Manifest], old: list[Manifest], wanted: int
) -> None:
    surplus = sorted(new, key=lambda pod: (not replicas.ready(pod), text(pod, "metadata", "name")))
    for pod in surplus[wanted:]:
        world.remove(kinds.POD, key_of(pod))
    available = sum(replicas.ready(pod) for pod in [*surplus[:wanted], *old])
    for pod in old:
        if not replicas.ready(pod) or available > wanted:
            available -= replicas.ready(pod)
            world.remove(kinds.POD, key_of(pod))
    if len(new) > wanted:
        _scaled(
            world, deployment, text(new[0], "metadata", "labels", HASH), "down", len(new), wanted
        )


def _scaled(
    world: World, deployment: Manifest, revision: str, way: str, before: int, after: int
) -> None:
    name = f"{text(deployment, 'metadata', 'name')}-{revision}"
    message = f"Scaled {way} replica set {name} from {before} to {after}"
    events.say(world, deployment, "ScalingReplicaSet", message, source=_SOURCE)


def _pod(world: World, deployment: Manifest, revision: str, number: int) -> Manifest:
    uid = text(deployment, "metadata", "uid")
    replica_set = f"{text(deployment, 'metadata', 'name')}-{revision}"
    suffix = replicas.letters(f"{uid}/{revision}/{number}/{world.now.isoformat()}", 5)
    template = mapping(deployment, "spec", "template")
    labels = mapping(template, "metadata", "labels") | {HASH: revision}
    return {
        "metadata": {
            "name": f"{replica_set}-{suffix}",
            "generateName": f"{replica_set}-",
            "namespace": key_of(deployment).namespace,
            "labels": labels,
            "annotations": mapping(template, "metadata", "annotations"),
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "kind": "ReplicaSet",
                    "name": replica_set,
                    "uid": str(uuid5(NAMESPACE_URL, f"{uid}/{revision}")),
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "spec": mapping(template, "spec"),
    }


def _report(world: World, deployment: Manifest, current: str, wanted: int) -> datetime | None:
    pods = world.list(kinds.POD, key_of(deployment).namespace, {"app": _app(deployment)})
    new = [pod for pod in pods if text(pod, "metadata", "labels", HASH) == current]
    ready, updated = sum(map(replicas.ready, pods)), sum(map(replicas.ready, new))
    complete = updated == wanted == len(pods)
    conditions = [
        _available(ready >= wanted),
        _progressing(world, deployment, current, complete),
    ]
    status: dict[str, Any] = {
        "observedGeneration": dig(deployment, "metadata", "generation"),
        "replicas": len(pods),
        "updatedReplicas": len(new),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": max(0, len(pods) - ready),
    }
    status = {name: value for name, value in status.items() if value}
    status["conditions"] = [_dated(world, deployment, each) for each in conditions]
    world.set_status(kinds.DEPLOYMENT, deployment, status)
    stuck = conditions[1]["status"] == "False"
    return None if complete or stuck else _deadline(world, deployment, current)


def _available(enough: bool) -> dict[str, str]:
    if enough:
        said = ("True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        said = (
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
        )
    return {"type": "Available", "status": said[0], "reason": said[1], "message": said[2]}


def _progressing(
    world: World, deployment: Manifest, current: str, complete: bool
) -> dict[str, str]:
    replica_set = f'ReplicaSet "{text(deployment, "metadata", "name")}-{current}"'
    if complete:
        said = ("True", "NewReplicaSetAvailable", f"{replica_set} has successfully progressed.")
    elif world.now >= _deadline(world, deployment, current):
        said = ("False", "ProgressDeadlineExceeded", f"{replica_set} has timed out progressing.")
    else:
        said = ("True", "ReplicaSetUpdated", f"{replica_set} is progressing.")
    return {"type": "Progressing", "status": said[0], "reason": said[1], "message": said[2]}


def _deadline(world: World, deployment: Manifest, current: str) -> datetime:
    seconds = deployment["spec"].get("progressDeadlineSeconds", 600)
    before = condition(deployment, "Progressing")
    same = (
        before is not None
        and current in before.message
        and before.reason != "NewReplicaSetAvailable"
    )
    since = before.since if same and before is not None else None
    if before is not None and before.reason == "ProgressDeadlineExceeded" and same:
        return world.now
    return world.after(since or world.now, seconds)


def _dated(world: World, deployment: Manifest, found: dict[str, str]) -> dict[str, str]:
    for before in items(deployment, "status", "conditions"):
        same = {name: value for name, value in before.items() if not name.startswith("last")}
        if same == found:
            return dict(before)
    return found | {"lastTransitionTime": world.stamp(), "lastUpdateTime": world.stamp()}
