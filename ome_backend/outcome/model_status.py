"""How far the model of a service is loaded, as OME tells it from pods (isvc/status/)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ome_backend.outcome import conditions
from ome_backend.resources.manifest import Manifest, items, mapping, text

PENDING: Final = "Pending"
LOADING: Final = "Loading"
LOADED: Final = "Loaded"
FAILED: Final = "FailedToLoad"
_TRANSITIONS: Final = {
    PENDING: "InProgress",
    LOADING: "InProgress",
    LOADED: "UpToDate",
    FAILED: "BlockedByFailedLoad",
}
_INITIALIZER: Final = "storage-initializer"
_MAIN: Final = "ome-container"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a container ended last."""

    message: str
    exit_code: int


def with_model(
    status: Manifest, component: Manifest, pods: Sequence[Manifest], *, raw: bool
) -> Manifest:
    """The status with what `pods`, the newest first, tell of the model.

    `component` is the component's own part of the status. Source: PropagateModelStatus.
    """
    if not pods:
        return with_state(status, PENDING)
    current = component.get("latestReadyRevision") == component.get("latestCreatedRevision")
    if conditions.is_true(status, conditions.READY) and (raw or current):
        return with_state(status, LOADED, copies=len(pods))
    return with_containers(status, pods[0])


def with_containers(status: Manifest, pod: Manifest) -> Manifest:
    """The status with what the containers of a pod tell; only two of them are looked at.

    Source: checkContainerStatuses.
    """
    for found in _called(pod, "initContainerStatuses", _INITIALIZER):
        if mapping(found, "state").get("running") is not None:
            return with_state(status, LOADING)
        if _failing(found):
            ended = last_end(found)
            return with_failure(status, ended) if ended is not None else status
    for found in _called(pod, "containerStatuses", _MAIN):
        ended = last_end(found) if _failing(found) else None
        status = with_state(status, PENDING) if ended is None else with_failure(status, ended)
    return status


def last_end(container: Manifest) -> Ended | None:
    """How the container ended, now or before it was started again; None where it did not.

    Source: safeGetTerminationMessage.
    """
    ended = mapping(container, "state").get("terminated")
    if ended is None and _looping(container):
        ended = mapping(container, "lastState").get("terminated")
    if ended is None:
        return None
    return Ended(text(ended, "message"), ended.get("exitCode") or 0)


def with_failure(status: Manifest, ended: Ended) -> Manifest:
    """The status with a model that could not be loaded."""
    info: Manifest = {"reason": "ModelLoadFailed"}
    info |= {"message": ended.message} if ended.message else {}
    info |= {"exitCode": ended.exit_code} if ended.exit_code else {}
    return with_state(status, FAILED, failure=info)


def with_state(
    status: Manifest, state: str, *, copies: int = 0, failure: Manifest | None = None
) -> Manifest:
    """The status with the model in a state. Source: UpdateModelRevisionStates."""
    model = mapping(status, "modelStatus")
    states = {"activeModelState": ""} | mapping(model, "modelRevisionStates")
    states |= {"targetModelState": state}
    made = model | {"transitionStatus": _TRANSITIONS[state]}
    if state == LOADED:
        states |= {"activeModelState": LOADED}
        made |= {"modelCopies": {"failedCopies": 0, "totalCopies": copies}}
    made |= {"modelRevisionStates": states} | ({"lastFailureInfo": failure} if failure else {})
    return status | {"modelStatus": made}


def _called(pod: Manifest, where: str, name: str) -> list[Manifest]:
    return [each for each in items(pod, "status", where) if text(each, "name") == name]


def _failing(container: Manifest) -> bool:
    return text(container, "state", "terminated", "reason") == "Error" or _looping(container)


def _looping(container: Manifest) -> bool:
    return text(container, "state", "waiting", "reason") == "CrashLoopBackOff"
