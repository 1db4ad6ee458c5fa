"""What the API server itself writes into an object over its life: birth, change, deletion."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import (
    CONFIG_MAP,
    EVENT,
    NAMESPACE,
    NODE,
    POD,
    SECRET,
    SERVICE,
)
from ome_backend.resources.manifest import Manifest, items, mapping, text

_KEPT = (
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


def newborn(kind: Kind, manifest: Manifest) -> Manifest:
    """The object as first stored, without a resourceVersion; a uid or creation time is kept."""
    metadata = dict(mapping(manifest, "metadata"))
    metadata.setdefault("uid", str(uuid4()))
    metadata.setdefault("creationTimestamp", timestamp())
    if _counts_generations(kind):
        metadata.setdefault("generation", 1)
    if not kind.namespaced:
        metadata.pop("namespace", None)
    made = manifest | {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata}
    return _BIRTHS.get(kind, _as_given)(made)


def successor(before: Manifest, after: Manifest, *, status: bool) -> Manifest:
    """`after` with what a writer cannot change, and the generation grown if its content changed."""
    metadata = dict(mapping(after, "metadata"))
    for name in (*_KEPT, "resourceVersion"):
        metadata.pop(name, None)
        if name in before["metadata"]:
            metadata[name] = before["metadata"][name]
    if "generation" in metadata and not status and content(before) != content(after):
        metadata["generation"] += 1
    return after | {"metadata": metadata}


def content(manifest: Manifest) -> Manifest:
    """What a generation counts changes of: all but metadata and status."""
    return {name: value for name, value in manifest.items() if name not in ("metadata", "status")}


def terminating(manifest: Manifest) -> bool:
    """Whether the object is being deleted."""
    return bool(text(manifest, "metadata", "deletionTimestamp"))


def finished(manifest: Manifest) -> bool:
    """Whether nothing holds a terminating object any longer."""
    held = items(manifest, "metadata", "finalizers") or items(manifest, "spec", "finalizers")
    return terminating(manifest) and not held


def terminated(kind: Kind, manifest: Manifest) -> Manifest:
    """The object marked as being deleted; its first deletion time stays."""
    if terminating(manifest):
        return manifest
    marks: dict[str, Any] = {"deletionTimestamp": timestamp(), "deletionGracePeriodSeconds": 0}
    metadata = mapping(manifest, "metadata") | marks
    if "generation" in metadata:
        metadata["generation"] += 1
    phase = {"status": {"phase": "Terminating"}} if kind == NAMESPACE else {}
    return manifest | {"metadata": metadata} | phase


def timestamp(now: datetime | None = None) -> str:
    """The time as Kubernetes writes it."""
    return (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counts_generations(kind: Kind) -> bool:
    """Whether the server numbers the states of the kind's objects; of many built-in ones not."""
    return kind not in _UNCOUNTED


def _namespace(manifest: Manifest) -> Manifest:
    metadata = manifest["metadata"]
    labels = mapping(metadata, "labels") | {"kubernetes.io/metadata.name": metadata.get("name", "")}
    return manifest | {
        "metadata": metadata | {"labels": labels},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def _pod(manifest: Manifest) -> Manifest:
    return manifest | {"status": {"phase": "Pending"} | mapping(manifest, "status")}


def _as_given(manifest: Manifest) -> Manifest:
    return manifest


_UNCOUNTED = (NAMESPACE, NODE, EVENT, SERVICE, CONFIG_MAP, SECRET)
_BIRTHS = {NAMESPACE: _namespace, POD: _pod}
