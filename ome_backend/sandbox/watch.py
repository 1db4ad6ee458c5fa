"""Watches: changes as they happen, as one line of JSON each."""

import math
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

import orjson

from ome_backend.errors import Expired
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox import tables
from ome_backend.sandbox.bell import Bell
from ome_backend.sandbox.call import Call
from ome_backend.sandbox.history import Change, Stored
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.reads import revision_of
from ome_backend.sandbox.selectors import Selector, selector
from ome_backend.sandbox.status import StatusError, expired, future_revision

Encode = Callable[[bytes], bytes]

_LASTS = 1800
_BOOKMARK_EVERY = 60.0
_BOOKMARK_BEFORE_END = 2.0


@dataclass(frozen=True, slots=True)
class Watch:
    """What a client wants to see. `revision` None starts with what is there now."""

    kind: Kind
    namespace: str
    selector: Selector
    revision: int | None
    seconds: float
    bookmarks: bool
    initial_end: bool

    def shows(self, item: Stored | None) -> bool:
        """Whether the object is in view."""
        if item is None or self.namespace not in ("", item.key.namespace):
            return False
        return self.selector == Selector() or self.selector.matches(item)


def watch_of(call: Call) -> Watch:
    """The watch a request asks for. Raises StatusError for selectors or revisions that are none."""
    params = call.params
    fields = params.get("fieldSelector", "")
    if call.target.name:
        fields = ",".join(part for part in (fields, f"metadata.name={call.target.name}") if part)
    seconds = call.number("timeoutSeconds")
    return Watch(
        call.kind,
        call.target.namespace,
        selector(call.kind, params.get("labelSelector", ""), fields),
        None if call.flag("sendInitialEvents") else revision_of(call) or None,
        float(seconds) if seconds else _LASTS,
        call.flag("allowWatchBookmarks"),
        call.flag("sendInitialEvents"),
    )


def encoder(call: Call, as_table: bool) -> Encode:
    """How the object of an event is written: as it is stored, or as a Table of one row."""
    if not as_table:
        return lambda body: body
    include = call.params.get("includeObject", "Metadata")
    return lambda body: orjson.dumps(tables.table(call.kind, {}, [orjson.loads(body)], include))


async def stream(
    objects: Objects, bell: Bell, watch: Watch, encode: Encode
) -> AsyncIterator[bytes]:
    """The events, a chunk at a time. Ends with the time asked for, an ERROR event or the bell."""
    try:
        with bell.listener(watch.kind.resource) as listener:
            revision = watch.revision or 0
            if watch.revision is None:
                revision, first = _initial(objects, watch, encode)
                yield first
            elif revision > objects.revision:
                raise future_revision(revision, objects.revision)
            started = time.monotonic()
            ends, bookmark = started + watch.seconds, _next_bookmark(started, watch, started)
            while not bell.closed and time.monotonic() < ends:
                listener.clear()
                revision, changes = objects.changes(watch.kind, revision)
                if lines := b"".join(_lines(watch, changes, encode)):
                    yield lines
                if time.monotonic() >= bookmark:
                    yield _bookmark(watch.kind, revision)
                    bookmark = _next_bookmark(time.monotonic(), watch, started)
                await listener.wait(min(ends, bookmark) - time.monotonic())
    except Expired as exc:
        yield _line("ERROR", orjson.dumps(expired(exc.message).body()))
    except StatusError as exc:
        yield _line("ERROR", orjson.dumps(exc.body()))


def _next_bookmark(now: float, watch: Watch, started: float) -> float:
    """When the next bookmark is due: every minute, and shortly before the end."""
    last = started + watch.seconds - min(_BOOKMARK_BEFORE_END, watch.seconds / 2)
    if not watch.bookmarks or now >= last:
        return math.inf
    return min(now + _BOOKMARK_EVERY, last)


def _initial(objects: Objects, watch: Watch, encode: Encode) -> tuple[int, bytes]:
    revision, items = objects.snapshot(watch.kind)
    lines = [_line("ADDED", encode(item.body)) for item in items if watch.shows(item)]
    if watch.initial_end and watch.bookmarks:
        marks = {"annotations": {"k8s.io/initial-events-end": "true"}}
        lines.append(_bookmark(watch.kind, revision, marks))
    return revision, b"".join(lines)


def _lines(watch: Watch, changes: Iterable[Change], encode: Encode) -> Iterable[bytes]:
    for change in changes:
        before = watch.shows(change.before)
        now = change.type != "DELETED" and watch.shows(change.now)
        if now:
            yield _line("MODIFIED" if before else "ADDED", encode(change.now.body))
        elif before:
            yield _line("DELETED", encode(_last_seen(change)))


def _last_seen(change: Change) -> bytes:
    """The object as it left the view: its last visible state, at the revision it left."""
    if change.type == "DELETED" or change.before is None:
        return change.now.body
    raw = change.before.manifest()
    raw["metadata"]["resourceVersion"] = str(change.now.revision)
    return orjson.dumps(raw)


def _bookmark(kind: Kind, revision: int, marks: Manifest | None = None) -> bytes:
    metadata: Manifest = {"resourceVersion": str(revision), "creationTimestamp": None}
    mark = {
        "kind": kind.name,
        "apiVersion": kind.api_version,
        "metadata": metadata | (marks or {}),
    }
    return _line("BOOKMARK", orjson.dumps(mark))


def _line(word: str, body: bytes) -> bytes:
    return b'{"type":"' + word.encode() + b'","object":' + body + b"}\n"
