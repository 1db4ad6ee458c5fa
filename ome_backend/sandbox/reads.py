"""GET: one object, or a list with selectors and pages."""

import base64
import binascii
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence

import orjson

from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, text
from ome_backend.sandbox import tables
from ome_backend.sandbox.call import Answer, Call, answer
from ome_backend.sandbox.history import Stored, storage_order
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.registry import list_head
from ome_backend.sandbox.selectors import Selector, selector
from ome_backend.sandbox.status import (
    CONTINUE_EXPIRED,
    bad_request,
    expired,
    future_revision,
    invalid_revision,
    not_found,
)

_SNAPSHOTS = 32


class Pages:
    """The snapshots that lists in pages go on from: the latest few, then 410 Expired."""

    def __init__(self, limit: int = _SNAPSHOTS) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[Kind, int], tuple[Stored, ...]] = OrderedDict()

    def keep(self, kind: Kind, revision: int, items: tuple[Stored, ...]) -> None:
        """Keeps what a list saw."""
        self._kept[kind, revision] = items
        self._kept.move_to_end((kind, revision))
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def find(self, kind: Kind, revision: int) -> tuple[Stored, ...]:
        """What the list saw at that revision. Raises StatusError 410."""
        if (kind, revision) not in self._kept:
            raise expired(CONTINUE_EXPIRED)
        return self._kept[kind, revision]

    def clear(self) -> None:
        """Forgets all: every list in pages has to start again."""
        self._kept.clear()


def answer_read(objects: Objects, pages: Pages, call: Call, *, as_table: bool) -> Answer:
    """One object or a list, as JSON or as a Table. Raises StatusError."""
    if call.target.name:
        items = [_one(objects, call)]
        metadata: Manifest = {"resourceVersion": str(items[0].revision)}
    else:
        metadata, items = select(objects, pages, call)
    if as_table:
        include = call.params.get("includeObject", "Metadata")
        rows = (item.manifest() for item in items)
        return answer(tables.table(call.kind, metadata, rows, include))
    if call.target.name:
        return Answer(items[0].body)
    return Answer(encode_list(call.kind, metadata, items, custom=call.resource.custom))


def _one(objects: Objects, call: Call) -> Stored:
    _check_revision(objects, call)
    found = objects.stored(call.kind, call.key)
    if found is None:
        raise not_found(call.kind, call.target.name)
    return found


def select(objects: Objects, pages: Pages, call: Call) -> tuple[Manifest, list[Stored]]:
    """The metadata of a list and its items, as selectors, `limit` and `continue` ask for."""
    chosen = selector(
        call.kind, call.params.get("labelSelector", ""), call.params.get("fieldSelector", "")
    )
    limit = call.number("limit") or 0
    if call.params.get("resourceVersion") == "0":
        limit = 0
    revision, whole, start = _snapshot(objects, pages, call)
    rest = whole[bisect_left(whole, start, key=storage_order) :] if start else whole
    matching = _matching(rest, call.target.namespace, chosen)
    metadata: Manifest = {"resourceVersion": str(revision)}
    if not limit or len(matching) <= limit:
        return metadata, matching
    pages.keep(call.kind, revision, whole)
    metadata["continue"] = _token(revision, storage_order(matching[limit]))
    if chosen == Selector():
        metadata["remainingItemCount"] = len(matching) - limit
    return metadata, matching[:limit]


def _snapshot(objects: Objects, pages: Pages, call: Call) -> tuple[int, tuple[Stored, ...], str]:
    if cont := call.params.get("continue", ""):
        revision, start = _read_token(cont)
        return revision, pages.find(call.kind, revision), start
    _check_revision(objects, call)
    return (*objects.snapshot(call.kind), "")


def encode_list(kind: Kind, metadata: Manifest, items: Sequence[Stored], *, custom: bool) -> bytes:
    """The list as JSON, out of the bodies as they are stored.

    As with the real server, items of built-in kinds come without `apiVersion` and `kind`.
    """
    head = orjson.dumps(list_head(kind) | {"metadata": metadata})[:-1]
    cut = 0 if custom else len(orjson.dumps({"apiVersion": kind.api_version, "kind": kind.name}))
    bodies = (item.body if custom else b"{" + item.body[cut:] for item in items)
    return head + b',"items":[' + b",".join(bodies) + b"]}"


def revision_of(call: Call) -> int | None:
    """The `resourceVersion` parameter, None when absent. Raises StatusError for what is none."""
    value = call.params.get("resourceVersion", "")
    if value and not (value.isascii() and value.isdigit()):
        raise invalid_revision(value)
    return int(value) if value else None


def _check_revision(objects: Objects, call: Call) -> None:
    wanted = revision_of(call) or 0
    match = call.params.get("resourceVersionMatch", "")
    if match == "Exact" and wanted != objects.revision:
        raise expired(f"The resourceVersion for the provided list is too old: {wanted}")
    if wanted > objects.revision:
        raise future_revision(wanted, objects.revision)


def _matching(items: Sequence[Stored], namespace: str, chosen: Selector) -> list[Stored]:
    if chosen == Selector():
        return [item for item in items if namespace in ("", item.key.namespace)]
    return [
        item for item in items if namespace in ("", item.key.namespace) and chosen.matches(item)
    ]


def _token(revision: int, start: str) -> str:
    raw = orjson.dumps({"v": "meta.k8s.io/v1", "rv": revision, "start": start})
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read_token(token: str) -> tuple[int, str]:
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return int(raw["rv"]), text(raw, "start")
    except (ValueError, TypeError, KeyError, binascii.Error) as exc:
        raise bad_request(f"continue key is not valid: {exc}") from exc
