"""The kubelets: from a bound pod to a ready engine, an image that cannot be pulled or a crash loop."""

from collections.abc import Callable
from datetime import datetime

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text
from ome_backend.sandbox.controllers import engines, events, pod_status
from ome_backend.sandbox.controllers.pod_status import Run
from ome_backend.sandbox.controllers.world import World

_PULL, _IMAGE_BACK_OFF, _CRASH_AFTER = 4.0, 12.0, 11.0
_BACK_OFFS = (1, 10, 20, 40, 80, 160, 300)
# After a long sleep a crash loop catches up in turns, not all at once.
_MOST_STEPS = 40


def turn(world: World) -> datetime | None:
    """Moves every pod as far as its time has come. Returns when the next one moves."""
    due = [_advance(world, pod) for pod in world.list(kinds.POD) if _bound(pod)]
    return min((each for each in due if each is not None), default=None)


def back_off(crashes: int) -> int:
    """Seconds until a container that crashed so many times is started again."""
    return _BACK_OFFS[min(crashes, len(_BACK_OFFS)) - 1]


def _bound(pod: Manifest) -> bool:
    ended = (
        text(pod, "metadata", "deletionTimestamp") or text(pod, "status", "phase") == "Succeeded"
    )
    return bool(text(pod, "spec", "nodeName")) and not ended


def _advance(world: World, pod: Manifest) -> datetime | None:
    node = world.get(kinds.NODE, Key("", text(pod, "spec", "nodeName")))
    if node is None:
        world.remove(kinds.POD, key_of(pod))
        return None
    run = pod_status.read(world, pod)
    before = run
    for _ in range(_MOST_STEPS):
        due, move = _next(world, pod, node, run)
        if due is None or due > world.now:
            break
        run = move(world, pod, run, due)
    if run != before or "containerStatuses" not in mapping(pod, "status"):
        status = pod_status.written(world, pod, node, run)
        world.change(kinds.POD, key_of(pod), lambda raw: raw.update(status=status), status=True)
    if run.state == "ImagePullBackOff":
        return _complain_of_image(world, pod)
    return due


_Move = Callable[[World, Manifest, Run, datetime], Run]


def _next(world: World, pod: Manifest, node: Manifest, run: Run) -> tuple[datetime | None, _Move]:
    """When the next thing happens to a pod, and what."""
    match run.state:
        case "ContainerCreating":
            move = _fail_pull if _missing_image(pod) else _start
            return world.after(run.since, _PULL), move
        case "ErrImagePull":
            return world.after(run.since, _IMAGE_BACK_OFF), _wait_for_image
        case "Running" if not run.ready:
            if engines.out_of_memory(world, pod, node) is not None:
                return world.after(run.since, _CRASH_AFTER), _crash
            return world.after(run.since, engines.loading_time(world, pod)), _become_ready
        case "Error" | "CrashLoopBackOff":
            return world.after(run.since, back_off(run.crashes)), _restart
    return None, _start


def _missing_image(pod: Manifest) -> bool:
    """The sandbox's registries have every image but those whose tag says so."""
    return any("missing" in _tag(each) for each in items(pod, "spec", "containers"))


def _tag(container: Manifest) -> str:
    return text(container, "image").rpartition("/")[2].partition(":")[2]


def _start(world: World, pod: Manifest, run: Run, at: datetime) -> Run:
    for container in items(pod, "spec", "containers"):
        name, image = text(container, "name"), text(container, "image")
        _say(
            world, pod, "Pulled", f'Container image "{image}" already present on machine', run.since
        )
        _say(world, pod, "Created", f"Created container: {name}", at)
        _say(world, pod, "Started", f"Started container {name}", at)
    return Run("Running", at, restarts=run.restarts, crashes=run.crashes, last=run.last)


def _fail_pull(world: World, pod: Manifest, run: Run, at: datetime) -> Run:
    image = pod_status.main_image(pod)
    said = pod_status.pull_failure(image)
    _say(world, pod, "Pulling", f'Pulling image "{image}"', run.since)
    _say(world, pod, "Failed", f'Failed to pull image "{image}": {said}', at, warning=True)
    _say(world, pod, "Failed", "Error: ErrImagePull", at, warning=True)
    return Run("ErrImagePull", at)


def _wait_for_image(_world: World, _pod: Manifest, _run: Run, at: datetime) -> Run:
    return Run("ImagePullBackOff", at)


def _complain_of_image(world: World, pod: Manifest) -> datetime:
    message = f'Back-off pulling image "{pod_status.main_image(pod)}"'
    return events.keep_saying(world, pod, "BackOff", message, source="kubelet")


def _become_ready(_world: World, _pod: Manifest, run: Run, at: datetime) -> Run:
    return Run("Running", run.since, True, run.restarts, run.crashes, run.last, ready_since=at)


def _crash(world: World, pod: Manifest, run: Run, at: datetime) -> Run:
    crashes = run.crashes + 1
    ended = engines.crash(world, pod, run.since, at)
    if crashes > 1:
        name = text(items(pod, "spec", "containers")[0], "name")
        message = f"Back-off restarting failed container {name} in pod {key_of(pod).name}"
        _say(world, pod, "BackOff", message, at, warning=True)
    state = "Error" if crashes == 1 else "CrashLoopBackOff"
    return Run(state, at, restarts=run.restarts, crashes=crashes, last=ended)


def _restart(world: World, pod: Manifest, run: Run, at: datetime) -> Run:
    for container in items(pod, "spec", "containers"):
        _say(world, pod, "Started", f"Started container {text(container, 'name')}", at)
    return Run("Running", at, restarts=run.restarts + 1, crashes=run.crashes, last=run.last)


def _say(
    world: World, pod: Manifest, reason: str, message: str, at: datetime, *, warning: bool = False
) -> None:
    events.say(world, pod, reason, message, source="kubelet", warning=warning, at=at)
