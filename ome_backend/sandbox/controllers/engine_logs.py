"""Keeps the pods' logs growing: what each should have written by now, and not yet has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text
from ome_backend.sandbox.controllers import agent, engine_lines, engines
from ome_backend.sandbox.controllers.world import World

_BACKLOG = 100
_SECONDS_BETWEEN_TURNS = 1.0


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a pod's main container; `ended` None while it runs."""

    started: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    run: _Run
    until: datetime


@dataclass
class EngineLogs:
    """Remembers per pod up to when its log is written.

    Nothing of this is stored: after a restart of the console the last lines are written again, the
    same as before.
    """

    _written: dict[Key, _Written] = field(default_factory=dict)

    def turn(self, world: World) -> datetime | None:
        """Writes the lines that are due. Returns when the next ones are."""
        pods = {key_of(pod): pod for pod in world.list(kinds.POD)}
        for key in set(self._written) - set(pods):
            world.logs.drop(key.namespace, key.name)
            del self._written[key]
        for key, pod in pods.items():
            run = _run(world, pod)
            if run is not None:
                self._written[key] = _written(world, pod, run, self._written.get(key))
        return world.after(world.now, _SECONDS_BETWEEN_TURNS) if self._written else None


def _written(world: World, pod: Manifest, run: _Run, before: _Written | None) -> _Written:
    same = before is not None and before.run.started == run.started
    if before is None:
        world.logs.drop(key_of(pod).namespace, key_of(pod).name)
        _write_previous(world, pod)
    elif not same:
        world.logs.restart(key_of(pod).namespace, key_of(pod).name, _container(pod))
    backlog = timedelta(seconds=_BACKLOG * engine_lines.STEADY_EVERY / world.speed)
    since = max(before.until if before and same else run.started, world.now - backlog)
    until = run.ended or world.now
    if since < until or not same:
        for line in _lines(world, pod, run.started, since, until):
            _append(world, pod, line)
    if before is None:
        for line in agent.recap(world, pod):
            _append(world, pod, line)
    if run.ended is not None and not (before and same and before.run.ended):
        for line in engines.last_words(world, pod):
            _append(world, pod, line)
    return _Written(run, max(since, until))


def _run(world: World, pod: Manifest) -> _Run | None:
    """The latest run; None before the first."""
    status = _status(pod)
    running = mapping(status, "state", "running")
    if running:
        return _Run(world.moment(running, "startedAt"))
    ended = mapping(status, "state", "terminated") or mapping(status, "lastState", "terminated")
    if not ended:
        return None
    return _Run(world.moment(ended, "startedAt"), world.moment(ended, "finishedAt"))


def _write_previous(world: World, pod: Manifest) -> None:
    """The run before; of a container that waits to be started again it is the latest one, too."""
    last = mapping(_status(pod), "lastState", "terminated")
    if not last:
        return
    started, ended = (world.moment(last, each) for each in ("startedAt", "finishedAt"))
    for line in _lines(world, pod, started, started, ended):
        _append(world, pod, line, previous=True)
    for line in engines.last_words(world, pod):
        _append(world, pod, line, previous=True)


def _lines(
    world: World, pod: Manifest, started: datetime, since: datetime, until: datetime
) -> Iterator[str]:
    seconds = engines.loading_time(world, pod)
    if engines.last_words(world, pod):
        # A run that fails never gets to its steady lines.
        until = min(until, world.after(started, seconds * 0.6))
    return engine_lines.between(pod, started, since, until, world.speed, seconds)


def _status(pod: Manifest) -> Manifest:
    return next(iter(items(pod, "status", "containerStatuses")), {})


def _container(pod: Manifest) -> str:
    return text(next(iter(items(pod, "spec", "containers")), {}), "name")


def _append(world: World, pod: Manifest, line: str, *, previous: bool = False) -> None:
    key = key_of(pod)
    world.logs.append(key.namespace, key.name, _container(pod), line, previous=previous)
