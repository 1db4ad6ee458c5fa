"""Why a pod is not ready: the scheduler, the image, the container or the engine."""

from collections.abc import Sequence

from ome_backend.resources.event import Event
from ome_backend.resources.health import Level
from ome_backend.resources.manifest import text
from ome_backend.resources.pod import Container, Pod
from ome_backend.services.finding import Finding


def pod_trouble(where: str, pod: Pod, events: Sequence[Event]) -> Finding | None:
    """Why this pod is not ready; None for one that is on its way out."""
    if pod.terminating:
        return None
    refused = pod.unscheduled
    if refused is not None:
        return _unscheduled(where, pod, refused.message)
    for container in pod.containers:
        found = _container(where, pod, container)
        if found is not None:
            return found
    if pod.phase == "Failed":
        return Finding(
            where,
            Level.BROKEN,
            "Pod failed",
            f"{pod.key.name} failed: {text(pod.raw, 'status', 'message')}",
        )
    return Finding(
        where,
        Level.WAITING,
        "Starting",
        f"{pod.key.name} is {_progress(pod)}.",
        _last_said(pod, events),
    )


def _progress(pod: Pod) -> str:
    if any(each.state == "running" for each in pod.containers):
        return "running but not ready: the engine is loading the model"
    return "being created on " + pod.node if pod.node else "waiting for the scheduler"


def _last_said(pod: Pod, events: Sequence[Event]) -> str:
    said = [
        each
        for each in events
        if each.about_kind == "Pod" and each.about == pod.key and each.warning
    ]
    return said[-1].message if said else ""


def _unscheduled(where: str, pod: Pod, message: str) -> Finding:
    if "Insufficient" in message and "gpu" in message:
        plural = "" if pod.gpus == 1 else "s"
        return Finding(
            where,
            Level.WAITING,
            "No free GPUs",
            f"{pod.key.name} needs {pod.gpus} GPU{plural} on one node, and no node that suits has that many free.",
            evidence=message,
            fix="Scale down or delete a service that holds GPUs, choose a runtime that needs fewer, or add a node.",
        )
    if "node affinity" in message or "node selector" in message or "affinity/selector" in message:
        return Finding(
            where,
            Level.WAITING,
            "No suitable node",
            f"No node that {pod.key.name} may run on has the model and the accelerator it asks for.",
            evidence=message,
            fix="See on which nodes the model is ready, and compare them with the accelerator class.",
        )
    return Finding(
        where, Level.WAITING, "Unschedulable", f"{pod.key.name} finds no node.", evidence=message
    )


def _container(where: str, pod: Pod, container: Container) -> Finding | None:
    named = f"{container.name} in {pod.key.name}"
    if container.state == "waiting" and container.reason in (
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
    ):
        return Finding(
            where,
            Level.BROKEN,
            "Image not pulled",
            f"The image {container.image} cannot be pulled.",
            evidence=container.message,
            fix="Correct the image where it is named, in the service or its runtime, or the credentials to pull it.",
        )
    if container.state == "waiting" and container.reason in (
        "CreateContainerConfigError",
        "CreateContainerError",
    ):
        return Finding(
            where,
            Level.BROKEN,
            "Cannot start",
            f"{named} cannot be started: {container.message}",
            fix="Correct what the message names in the runtime or the service.",
        )
    return _crash(where, named, container) if container.crashed else None


def _crash(where: str, named: str, container: Container) -> Finding:
    ended = container.state == "terminated"
    reason = container.reason if ended else container.last_reason
    message = container.message if ended else container.last_message
    code = container.exit_code if ended else container.last_exit_code
    said = next((line for line in reversed(message.splitlines()) if line.strip()), "")
    out_of_memory = "out of memory" in message.lower()
    if out_of_memory:
        word, why = "Out of GPU memory", "the GPUs have too little memory for the model"
        fix = (
            "Choose a runtime with more GPUs or GPUs with more memory, or lower the context length."
        )
    elif reason == "OOMKilled":
        word, why = "Out of memory", "it used more memory than its limit"
        fix = "Raise resources.limits.memory of the engine."
    else:
        word, why = "Crashing", said or f"it ended with {reason or 'an error'}"
        fix = "Read the log of the last run."
    restarts = f"{container.restarts} restart{'' if container.restarts == 1 else 's'}"
    return Finding(
        where,
        Level.BROKEN,
        word,
        f"{named} keeps crashing ({restarts}): {why}.",
        evidence=said or f"{reason}, exit code {code}",
        fix=fix,
    )
