"""A pod's status as the kubelet writes it, and the run of its containers read back from there."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.sandbox.controllers.world import World

_PULL_STATES = ("ErrImagePull", "ImagePullBackOff")


@dataclass(frozen=True, slots=True)
class Run:
    """Where a pod's containers are. `state` is ContainerCreating, Running, Error or a reason to wait.

    `since` is when that state began, `last` how the previous run ended.
    """

    state: str
    since: datetime
    ready: bool = False
    restarts: int = 0
    crashes: int = 0
    last: Manifest | None = None
    ready_since: datetime | None = None


def read(world: World, pod: Manifest) -> Run:
    """The run as the stored status tells it."""
    scheduled = _condition_time(world, pod, "PodScheduled")
    status = next(iter(items(pod, "status", "containerStatuses")), None)
    if status is None:
        return Run("ContainerCreating", scheduled)
    restarts = status.get("restartCount", 0)
    last = mapping(status, "lastState", "terminated") or None
    if dig(status, "state", "running") is not None:
        started = world.moment(status, "state", "running", "startedAt")
        ready = status.get("ready") is True
        since = _condition_time(world, pod, "Ready") if ready else None
        return Run("Running", started, ready, restarts, restarts, last, since)
    if dig(status, "state", "terminated") is not None:
        ended = mapping(status, "state", "terminated")
        return Run("Error", world.moment(ended, "finishedAt"), False, restarts, restarts + 1, ended)
    reason = text(status, "state", "waiting", "reason")
    if reason == "CrashLoopBackOff" and last:
        since = world.moment(last, "finishedAt")
        return Run(reason, since, False, restarts, restarts + 1, last)
    since = _condition_time(world, pod, "ContainersReady") if reason in _PULL_STATES else scheduled
    return Run(reason, since)


def written(world: World, pod: Manifest, node: Manifest, run: Run) -> Manifest:
    """The whole status of a bound pod."""
    address = next((text(each, "address") for each in items(node, "status", "addresses")), "")
    scheduled = world.stamp(_condition_time(world, pod, "PodScheduled"))
    return {
        "phase": "Running" if run.state in ("Running", "Error", "CrashLoopBackOff") else "Pending",
        "conditions": _conditions(world, scheduled, run),
        "hostIP": address,
        "podIP": _ip(pod),
        "podIPs": [{"ip": _ip(pod)}],
        "startTime": scheduled,
        "qosClass": "Burstable",
        "containerStatuses": [
            _container(world, pod, each, run) for each in items(pod, "spec", "containers")
        ],
    }


def main_image(pod: Manifest) -> str:
    """The image of the first container."""
    return text(next(iter(items(pod, "spec", "containers")), {}), "image")


def pull_failure(image: str) -> str:
    """What the container runtime says of an image its registry does not have."""
    return (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": '
        f'failed to resolve reference "{image}": {image}: not found'
    )


def _condition_time(world: World, pod: Manifest, name: str) -> datetime:
    for each in items(pod, "status", "conditions"):
        if text(each, "type") == name:
            return world.moment(each, "lastTransitionTime")
    return world.now


def _conditions(world: World, scheduled: str, run: Run) -> list[Manifest]:
    created = run.state == "ContainerCreating" or run.state in _PULL_STATES
    changed = world.stamp(run.ready_since or run.since)
    unready: dict[str, Any] = {
        "reason": "ContainersNotReady",
        "message": "containers with unready status: [ome-container]",
    }
    state = {"status": "True"} if run.ready else {"status": "False"} | unready
    return [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": scheduled},
        {"type": "Initialized", "status": "True", "lastTransitionTime": scheduled},
        {
            "type": "PodReadyToStartContainers",
            "status": "False" if created and run.state == "ContainerCreating" else "True",
            "lastTransitionTime": scheduled,
        },
        {"type": "ContainersReady", "lastTransitionTime": changed} | state,
        {"type": "Ready", "lastTransitionTime": changed} | state,
    ]


def _container(world: World, pod: Manifest, container: Manifest, run: Run) -> Manifest:
    image = text(container, "image")
    status: Manifest = {
        "name": text(container, "name"),
        "image": image,
        "imageID": f"{image.partition(':')[0]}@sha256:{sha256(image.encode()).hexdigest()}",
        "ready": run.ready,
        "started": run.ready,
        "restartCount": run.restarts,
        "state": _state(world, pod, container, run),
    }
    if run.state in _PULL_STATES or run.state == "ContainerCreating":
        status["imageID"] = ""
    if run.last is not None and run.state != "Error":
        status["lastState"] = {"terminated": run.last}
    return status


def _state(world: World, pod: Manifest, container: Manifest, run: Run) -> Manifest:
    if run.state == "Running":
        return {"running": {"startedAt": world.stamp(run.since)}}
    if run.state == "Error":
        return {"terminated": run.last or {}}
    waiting: Manifest = {"reason": run.state}
    image, name = text(container, "image"), text(container, "name")
    if run.state == "ErrImagePull":
        waiting["message"] = pull_failure(image)
    if run.state == "ImagePullBackOff":
        waiting["message"] = (
            f'Back-off pulling image "{image}": ErrImagePull: {pull_failure(image)}'
        )
    if run.state == "CrashLoopBackOff":
        key = f"{text(pod, 'metadata', 'name')}_{text(pod, 'metadata', 'namespace')}"
        uid = text(pod, "metadata", "uid")
        wait = _wait(run.crashes)
        waiting["message"] = f"back-off {wait} restarting failed container={name} pod={key}({uid})"
    return {"waiting": waiting}


def _wait(crashes: int) -> str:
    seconds = min(300, 10 * 2 ** max(0, crashes - 2))
    return f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s"


def _ip(pod: Manifest) -> str:
    digest = sha256(text(pod, "metadata", "uid").encode()).digest()
    return f"10.244.{digest[0] % 64}.{digest[1] % 250 + 2}"
