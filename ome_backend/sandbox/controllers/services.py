"""OME's InferenceService controller (pkg/controller/v1beta1/inferenceservice)."""

from datetime import datetime

from ome_backend.outcome.decision import COMPONENTS, GaveUp
from ome_backend.outcome.reconciliation import reconcile
from ome_backend.outcome.service_status import Observed
from ome_backend.resources import kinds, object_names
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, text
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.sandbox.controllers import children, events, groups
from ome_backend.sandbox.controllers.finalizers import hold, release
from ome_backend.sandbox.controllers.world import World

_FINALIZER = "inferenceservice.finalizers"
_TIME = "lastTransitionTime"


def turn(world: World) -> datetime | None:
    """Reconciles every service. Returns when a failing one is complained about again."""
    due = [_reconcile(world, service) for service in world.list(kinds.INFERENCE_SERVICE)]
    return min((each for each in due if each is not None), default=None)


def _reconcile(world: World, service: Manifest) -> datetime | None:
    if text(service, "metadata", "deletionTimestamp"):
        groups.remove(world, service)
        release(world, kinds.INFERENCE_SERVICE, service, _FINALIZER)
        return None
    hold(world, kinds.INFERENCE_SERVICE, service, _FINALIZER)
    outcome = reconcile(service, world, _observed(world, service), knative=False)
    children.ensure(world, outcome.objects)
    if outcome.gave_up is not None:
        # OME returns early here: the status stays as it was, empty for a new service.
        return _complain(world, service, outcome.gave_up)
    if outcome.decision is not None:
        children.sweep(world, service, outcome.objects)
        groups.ensure(world, service, outcome.objects)
    _report(world, service, outcome.status or {})
    return None


def _observed(world: World, service: Manifest) -> Observed:
    workloads: dict[str, Manifest] = {}
    pods: dict[str, list[Manifest]] = {}
    grouped = groups.present(world, service)
    for component in COMPONENTS:
        own = [
            each for each in grouped if text(each, "metadata", "labels", "component") == component
        ]
        workloads[component] = groups.reported(service, own) or _deployment(
            world, service, component
        )
        pods[component] = _newest_first(world, service, component)
    return Observed(workloads, pods)


def _deployment(world: World, service: Manifest, component: str) -> Manifest:
    key = key_of(service)
    name = object_names.component(key.name, component)
    return world.get(kinds.DEPLOYMENT, Key(key.namespace, name)) or {}


def _newest_first(world: World, service: Manifest, component: str) -> list[Manifest]:
    key = key_of(service)
    label = object_names.shortened(object_names.component(key.name, component))
    found = world.list(kinds.POD, key.namespace, {"app": label})
    return sorted(found, key=lambda each: text(each, "metadata", "creationTimestamp"), reverse=True)


def _complain(world: World, service: Manifest, gave_up: GaveUp) -> datetime | None:
    """A crash of the controller leaves no event: nothing happens to the service, and that is all."""
    if not gave_up.reason:
        return None
    said = gave_up.message
    return events.keep_saying(world, service, gave_up.reason, said, source=events.OME)


def _report(world: World, service: Manifest, status: Manifest) -> None:
    before, after = (_ready(each) for each in (service, {"status": status}))
    dated = [_with_time(world, each) for each in items(status, "conditions")]
    world.set_status(kinds.INFERENCE_SERVICE, service, status | {"conditions": dated})
    name = key_of(service).name
    if after and not before:
        message = f"InferenceService [{name}] is Ready"
        events.say(world, service, "InferenceServiceReady", message, source=events.OME)
    if before and not after:
        message = f"InferenceService [{name}] is no longer Ready"
        events.say(
            world, service, "InferenceServiceNotReady", message, source=events.OME, warning=True
        )


def _ready(service: Manifest) -> bool:
    found = ServiceStatus(service).ready
    return found is not None and found.true


def _with_time(world: World, condition: Manifest) -> Manifest:
    return condition if _TIME in condition else condition | {_TIME: world.stamp()}
