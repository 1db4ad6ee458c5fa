"""OME's benchmark controller: waits for the service, runs, reports (pkg/controller/v1beta1/benchmark)."""

from datetime import datetime

from ome_backend.facts.failure import Failure
from ome_backend.outcome import benchmark_arguments
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.service_status import ServiceStatus
from ome_backend.sandbox.controllers.finalizers import hold, release
from ome_backend.sandbox.controllers.world import World

_FINALIZER = "benchmarkjob.finalizers"
_PER_SCENARIO = 15.0


def turn(world: World) -> datetime | None:
    """Moves every job as far as its time has come. Returns when the next one ends."""
    due = [_advance(world, job) for job in world.list(kinds.BENCHMARK_JOB)]
    return min((each for each in due if each is not None), default=None)


def _advance(world: World, job: Manifest) -> datetime | None:
    if text(job, "metadata", "deletionTimestamp"):
        release(world, kinds.BENCHMARK_JOB, job, _FINALIZER)
        return None
    hold(world, kinds.BENCHMARK_JOB, job, _FINALIZER)
    state = text(job, "status", "state")
    if state in ("Completed", "Failed"):
        return None
    if state == "Running":
        return _run(world, job)
    return _begin(world, job)


def _begin(world: World, job: Manifest) -> datetime | None:
    output = benchmark_arguments.storage(mapping(job, "spec", "outputLocation"))
    if isinstance(output, Failure):
        _report(world, job, state="Failed", failureMessage=output.text)
    elif _reachable(world, job):
        _report(world, job, state="Running", startTime=world.stamp())
        return _end(world, job, world.now)
    elif not text(job, "status", "state"):
        _report(world, job, state="Pending")
    return None


def _run(world: World, job: Manifest) -> datetime | None:
    started = world.moment(job, "status", "startTime")
    ends = _end(world, job, started)
    if ends > world.now:
        return ends
    details = f"{_scenarios(job)} traffic scenarios measured"
    _report(world, job, state="Completed", completionTime=world.stamp(ends), details=details)
    return None


def _end(world: World, job: Manifest, started: datetime) -> datetime:
    return world.after(started, _PER_SCENARIO * _scenarios(job))


def _scenarios(job: Manifest) -> int:
    return max(1, len(items(job, "spec", "trafficScenarios")))


def _reachable(world: World, job: Manifest) -> bool:
    wanted = mapping(job, "spec", "endpoint", "inferenceService")
    if not wanted:
        return True
    key = Key(text(wanted, "namespace"), text(wanted, "name"))
    service = world.get(kinds.INFERENCE_SERVICE, key)
    ready = ServiceStatus(service).ready if service is not None else None
    return ready is not None and ready.true


def _report(world: World, job: Manifest, **said: str) -> None:
    status = mapping(job, "status") | said | {"lastReconcileTime": world.stamp()}
    world.set_status(kinds.BENCHMARK_JOB, job, status)
