"""The life of the simulated cluster: every controller gets its turn when something it watches changed.

A step depends only on what is stored and on the time, so a console that was away carries on where it
stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.sandbox import company
from ome_backend.sandbox.controllers import (
    accelerators,
    agent,
    benchmarks,
    events,
    kubelet,
    models,
    scheduler,
    services,
    workloads,
)
from ome_backend.sandbox.controllers.engine_logs import EngineLogs
from ome_backend.sandbox.controllers.world import World
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs

# Enough for a new service to come from its defaults to bound pods within one step.
_ROUNDS = 10
_MODELS = frozenset({*kinds.MODEL_KINDS, kinds.NODE, kinds.CONFIG_MAP, kinds.SECRET, kinds.POD})
_WORKLOADS = frozenset({kinds.DEPLOYMENT, kinds.POD})


@dataclass
class _Controller:
    """When a controller last had its turn: on which versions, and when it wants the next."""

    turn: Callable[[World], datetime | None]
    watched: frozenset[Kind]
    seen: tuple[int, ...] = ()
    due: datetime | None = None

    def run(self, world: World) -> bool:
        """Gives it a turn if one is due; True if it had one."""
        versions = tuple(world.versions[kind] for kind in self.watched)
        if versions == self.seen and (self.due is None or self.due > world.now):
            return False
        self.seen = versions
        self.due = self.turn(world)
        return True


class Simulation:
    """All controllers over one store. `speed` is how much faster than the clock they live."""

    def __init__(self, objects: Objects, logs: PodLogs, speed: float = 1.0) -> None:
        self._world = World(objects, logs, speed)
        self._logs = _Controller(EngineLogs().turn, frozenset({kinds.POD}))
        self._controllers = _controllers()

    def step(self, now: datetime) -> None:
        """Does all that is due at `now`. Costs next to nothing and writes nothing when nothing is."""
        self.catch_up(now)
        self._logs.run(self._world)

    def catch_up(self, now: datetime) -> None:
        """A step that leaves the engines' logs alone: they are written for the present only."""
        self._world.now = now
        for _ in range(_ROUNDS):
            ran = [each.run(self._world) for each in self._controllers]
            if not any(ran):
                break

    def stop(self) -> None:
        """Stops following the store; the simulation is not to be used any more."""
        self._world.leave()


def _controllers() -> list[_Controller]:
    return [
        _Controller(_silent(accelerators.turn), frozenset({kinds.ACCELERATOR_CLASS, kinds.NODE})),
        _Controller(agent.turn, _MODELS),
        _Controller(
            _silent(models.turn), frozenset({*kinds.MODEL_KINDS, kinds.CONFIG_MAP, kinds.NODE})
        ),
        _Controller(
            services.turn,
            frozenset(
                {
                    kinds.INFERENCE_SERVICE,
                    *kinds.MODEL_KINDS,
                    *kinds.RUNTIME_KINDS,
                    kinds.ACCELERATOR_CLASS,
                    kinds.FINE_TUNED_WEIGHT,
                    kinds.SERVICE,
                    kinds.DEPLOYMENT,
                    kinds.POD,
                }
            ),
        ),
        _Controller(workloads.turn, _WORKLOADS),
        _Controller(scheduler.turn, frozenset({kinds.POD, kinds.NODE})),
        _Controller(kubelet.turn, frozenset({kinds.POD, kinds.NODE})),
        _Controller(benchmarks.turn, frozenset({kinds.BENCHMARK_JOB, kinds.INFERENCE_SERVICE})),
        _Controller(events.forget, frozenset({kinds.EVENT})),
    ]


def _silent(turn: Callable[[World], None]) -> Callable[[World], datetime | None]:
    def without_due(world: World) -> None:
        turn(world)

    return without_due


def seed(objects: Objects, logs: PodLogs, now: datetime) -> None:
    """Fills an empty store with the company, each object as old as it says, and lives through its past."""
    simulation = Simulation(objects, logs)
    past = company.history()
    ends = [*(age for age, _ in past[1:]), timedelta(0)]
    for (age, chapter), end in zip(past, ends, strict=True):
        moment = now - age
        for entry in chapter:
            _enter(objects, entry, moment)
        for after in _moments(age - end):
            simulation.catch_up(moment + after)
    simulation.catch_up(now)
    simulation.stop()


def _enter(objects: Objects, entry: company.Entry, moment: datetime) -> None:
    if entry.patch is not None:
        objects.change(entry.kind, entry.key, lambda raw: company.apply(raw, entry.patch or {}))
        return
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = entry.manifest["metadata"] | {"creationTimestamp": stamp}
    objects.create(entry.kind, company.defaulted(entry.manifest | {"metadata": metadata}, objects))


def _moments(length: timedelta) -> list[timedelta]:
    """Dense at first, when much happens, then ever wider, up to the next chapter."""
    seconds = [0, 1, 3, 5, 8, 12, 16, 20, 25, 30, 40, 60, 90, 120, 300, 600, 1200, 3600, 7200]
    return [timedelta(seconds=each) for each in seconds if timedelta(seconds=each) < length]
