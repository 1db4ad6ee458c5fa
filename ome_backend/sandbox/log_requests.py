"""GET .../pods/x/log: a container's lines, and following them."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import POD
from ome_backend.resources.manifest import Manifest, dig, items, text
from ome_backend.sandbox.bell import Bell
from ome_backend.sandbox.call import Call
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import Line, PodLogs
from ome_backend.sandbox.status import bad_request, not_found

_LOOK_AGAIN = 30.0


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What a client wants to read. None means no bound."""

    key: Key
    container: str
    previous: bool
    follow: bool
    timestamps: bool
    tail: int | None
    since: datetime | None
    limit_bytes: int | None


def log_request(objects: Objects, logs: PodLogs, call: Call) -> LogRequest:
    """The request, checked against the pod. Raises StatusError with the API server's texts."""
    pod = objects.get(POD, call.key)
    if pod is None:
        raise not_found(POD, call.target.name)
    container = _container(call, pod)
    previous = call.flag("previous")
    if previous and not logs.has_previous(call.target.namespace, call.target.name, container):
        raise bad_request(
            f'previous terminated container "{container}" in pod "{call.target.name}" not found'
        )
    if not previous:
        _require_started(logs, pod, call.key, container)
    return LogRequest(
        call.key,
        container,
        previous,
        call.flag("follow"),
        call.flag("timestamps"),
        call.number("tailLines"),
        _since(call),
        call.number("limitBytes"),
    )


def read(logs: PodLogs, wanted: LogRequest) -> bytes:
    """The lines there are."""
    return _text(wanted, _first(logs, wanted))[: wanted.limit_bytes]


async def follow(
    objects: Objects, logs: PodLogs, bell: Bell, wanted: LogRequest
) -> AsyncIterator[bytes]:
    """The lines there are and those to come, until the container ends, the pod is gone or the bell closes."""
    key = wanted.key
    run = logs.run(key.namespace, key.name, wanted.container)
    with bell.listener(log_topic(key.namespace, key.name)) as listener:
        lines = _first(logs, wanted)
        seen = max((line.number for line in lines), default=0) or _last(logs, wanted)
        left = wanted.limit_bytes
        while True:
            listener.clear()
            if chunk := _text(wanted, lines)[:left]:
                yield chunk
            left = None if left is None else left - len(chunk)
            if bell.closed or left == 0 or wanted.previous or not objects.stored(POD, key):
                return
            if logs.run(key.namespace, key.name, wanted.container) != run:
                return
            lines = logs.lines(key.namespace, key.name, wanted.container, after=seen)
            seen = lines[-1].number if lines else seen
            if not lines:
                await listener.wait(_LOOK_AGAIN)


def log_topic(namespace: str, pod: str) -> str:
    """The topic that rings when the pod's logs change."""
    return f"log/{namespace}/{pod}"


def _first(logs: PodLogs, wanted: LogRequest) -> list[Line]:
    key = wanted.key
    lines = logs.lines(key.namespace, key.name, wanted.container, previous=wanted.previous)
    if wanted.since is not None:
        lines = [line for line in lines if line.time >= wanted.since]
    if wanted.tail is not None:
        lines = lines[-wanted.tail :] if wanted.tail else []
    return lines


def _last(logs: PodLogs, wanted: LogRequest) -> int:
    key = wanted.key
    lines = logs.lines(key.namespace, key.name, wanted.container, previous=wanted.previous)
    return lines[-1].number if lines else 0


def _text(wanted: LogRequest, lines: Iterable[Line]) -> bytes:
    if not wanted.timestamps:
        return "".join(f"{line.text}\n" for line in lines).encode()
    return "".join(f"{_time(line)} {line.text}\n" for line in lines).encode()


def _time(line: Line) -> str:
    return line.time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def _since(call: Call) -> datetime | None:
    if (seconds := call.number("sinceSeconds")) is not None:
        return datetime.now(UTC) - timedelta(seconds=seconds)
    if not (moment := call.params.get("sinceTime", "")):
        return None
    try:
        return datetime.fromisoformat(moment)
    except ValueError as exc:
        raise bad_request(f"invalid sinceTime: {exc}") from exc


def _container(call: Call, pod: Manifest) -> str:
    own = [text(item, "name") for item in items(pod, "spec", "containers")]
    first = [text(item, "name") for item in items(pod, "spec", "initContainers")]
    chosen = call.params.get("container", "")
    name = call.target.name
    if chosen and chosen not in (*own, *first):
        raise bad_request(f"container {chosen} is not valid for pod {name}")
    if chosen or len(own) == 1:
        return chosen or own[0]
    choices = f"choose one of: [{' '.join(own)}]"
    if first:
        choices += f" or one of the init containers: [{' '.join(first)}]"
    raise bad_request(f"a container name must be specified for pod {name}, {choices}")


def _require_started(logs: PodLogs, pod: Manifest, key: Key, container: str) -> None:
    states = (*items(pod, "status", "containerStatuses"),)
    states += (*items(pod, "status", "initContainerStatuses"),)
    own: Manifest = next((state for state in states if text(state, "name") == container), {})
    reason = text(own, "state", "waiting", "reason")
    ran = dig(own, "lastState", "terminated") or logs.lines(key.namespace, key.name, container)
    if not reason or ran:
        return
    what = "trying and failing to pull image" if "Pull" in reason else reason
    raise bad_request(f'container "{container}" in pod "{key.name}" is waiting to start: {what}')
