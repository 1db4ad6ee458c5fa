"""OME's InferenceService controller (pkg/controller/v1beta1/inferenceservice)."""

from datetime import datetime

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.sandbox.controllers import children, events, groups, service_status
from ome_backend.sandbox.controllers.finalizers import hold, release
from ome_backend.sandbox.controllers.plan import GaveUp, plan
from ome_backend.sandbox.controllers.world import World

_FINALIZER = "inferenceservice.finalizers"
_MODE = "ome.io/deploymentMode"
_NO_KNATIVE = (
    "It is not possible to use Serverless deployment mode when Knative Services are not available"
)


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
    mode = text(service, "metadata", "annotations", _MODE)
    if mode == "VirtualDeployment":
        _report(world, service, service_status.virtual(world, service))
        return None
    if mode == "Serverless":
        return _complain(world, service, "ServerlessModeRejected", _NO_KNATIVE)
    decided = plan(service, world)
    if isinstance(decided, GaveUp):
        # OME returns early here: the status stays as it was, empty for a new service.
        return _complain(world, service, decided.reason, decided.message)
    if any(children.serverless(each) for each in decided.components.values()):
        return _complain(world, service, "ServerlessModeRejected", _NO_KNATIVE)
    children.ensure(world, decided)
    groups.ensure(world, decided)
    _report(world, service, service_status.reported(world, decided))
    return None


def _complain(world: World, service: Manifest, reason: str, message: str) -> datetime | None:
    if not reason:
        return None
    return events.keep_saying(world, service, reason, message, source=events.OME)


def _report(world: World, service: Manifest, status: Manifest) -> None:
    before, after = (service_status.ready(each) for each in (service, {"status": status}))
    world.set_status(kinds.INFERENCE_SERVICE, service, status)
    name = key_of(service).name
    if after and not before:
        message = f"InferenceService [{name}] is Ready"
        events.say(world, service, "InferenceServiceReady", message, source=events.OME)
    if before and not after:
        message = f"InferenceService [{name}] is no longer Ready"
        events.say(
            world, service, "InferenceServiceNotReady", message, source=events.OME, warning=True
        )
