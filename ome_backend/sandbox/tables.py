"""Server-side tables: what `kubectl get` prints, by the printer columns of each kind."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, items
from ome_backend.schema import crds
from ome_backend.schema.columns import Column

_AGE = Column("Age", ".metadata.creationTimestamp", "date")
_BUILT_IN = {
    kinds.POD: (
        Column("Status", ".status.phase"),
        Column("Restarts", ".status.containerStatuses[*].restartCount", "integer"),
        _AGE,
        Column("Node", ".spec.nodeName"),
    ),
    kinds.NAMESPACE: (Column("Status", ".status.phase"), _AGE),
    kinds.NODE: (
        Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
        _AGE,
        Column("Version", ".status.nodeInfo.kubeletVersion"),
    ),
    kinds.EVENT: (
        Column("Last Seen", ".lastTimestamp", "date"),
        Column("Type", ".type"),
        Column("Reason", ".reason"),
        Column("Kind", ".involvedObject.kind"),
        Column("Object", ".involvedObject.name"),
        Column("Message", ".message"),
    ),
    kinds.DEPLOYMENT: (
        Column("Replicas", ".spec.replicas", "integer"),
        Column("Ready", ".status.readyReplicas", "integer"),
        _AGE,
    ),
    kinds.SERVICE: (Column("Cluster-IP", ".spec.clusterIP"), _AGE),
    kinds.CUSTOM_RESOURCE_DEFINITION: (Column("Created At", ".metadata.creationTimestamp"),),
    kinds.SECRET: (Column("Type", ".type"), _AGE),
}
_STEP = re.compile(r"\.(\w+)|\[\?\(@\.(\w+)==(?:'([^']*)'|(\w+))\)\]|\[(\*|\d+)\]")
_WORDS = {"true": True, "false": False}
_UNITS = ((86400 * 365, "y"), (86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def table(
    kind: Kind, metadata: Manifest, manifests: Iterable[Manifest], include: str = "Metadata"
) -> Manifest:
    """The objects as a meta.k8s.io/v1 Table; `include` is None, Metadata or Object."""
    columns = _columns(kind)
    now = datetime.now(UTC)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": [_definition(column) for column in columns],
        "rows": [_row(columns, manifest, include, now) for manifest in manifests],
    }


def find(manifest: Manifest, path: str) -> Any:
    """The first value at a printer column's JSONPath, or None."""
    values: list[Any] = [manifest]
    for step in _STEP.finditer(path):
        values = [below for value in values for below in _below(value, step)]
    return values[0] if values else None


def _columns(kind: Kind) -> Sequence[Column]:
    crd = crds.crd(kind.name)
    own = crd.columns if crd else _BUILT_IN.get(kind, (_AGE,))
    return (Column("Name", ".metadata.name"), *own)


def _definition(column: Column) -> Manifest:
    return {
        "name": column.name,
        "type": column.type,
        "format": "name" if column.name == "Name" else "",
        "description": "",
        "priority": 0,
    }


def _row(columns: Sequence[Column], manifest: Manifest, include: str, now: datetime) -> Manifest:
    cells = [_cell(column, find(manifest, column.path), now) for column in columns]
    if include == "None":
        return {"cells": cells}
    if include == "Object":
        return {"cells": cells, "object": manifest}
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {"cells": cells, "object": head | {"metadata": manifest["metadata"]}}


def _cell(column: Column, value: Any, now: datetime) -> Any:
    if column.type == "date":
        return _age(value, now)
    if column.type == "string" and value is not None and not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def _age(value: Any, now: datetime) -> str:
    if not isinstance(value, str):
        return "<unknown>"
    seconds = max(int((now - datetime.fromisoformat(value)).total_seconds()), 0)
    for size, letter in _UNITS:
        if seconds >= size * (2 if letter in "mhd" else 1):
            return f"{seconds // size}{letter}"
    return f"{seconds}s"


def _below(value: Any, step: re.Match[str]) -> Iterator[Any]:
    name, key, quoted, word, index = step.groups()
    if name is not None:
        if isinstance(value, dict) and value.get(name) is not None:
            yield value[name]
        return
    found = items({"list": value}, "list")
    if key is not None:
        wanted = quoted if quoted is not None else _WORDS.get(word, word)
        yield from (item for item in found if isinstance(item, dict) and item.get(key) == wanted)
    else:
        yield from found if index == "*" else found[int(index) : int(index) + 1]
