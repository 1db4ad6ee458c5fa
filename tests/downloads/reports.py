"""Reports of model agents, written as they would reach the console."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ome_backend.downloads.track import Track, begun, followed
from ome_backend.resources import kinds
from ome_backend.resources.download import Download, downloads
from ome_backend.resources.manifest import Manifest
from tests.support.builders import NOW, manifest

ENTRY = "clusterbasemodel.qwen3-8b"
TOTAL = 16_000_000_000


def progress(done: int = 0, *, phase: str = "downloading", **fields: Any) -> Manifest:
    """An entry of a model on its way."""
    said = {
        "phase": phase,
        "totalBytes": TOTAL,
        "completedBytes": done,
        "totalFiles": 8,
        "completedFiles": 8 * done // TOTAL,
        "speedBytesPerSec": 1e8,
        "lastUpdated": "2026-03-01T12:00:00Z",
    }
    return {"name": "qwen3-8b", "status": "Updating", "progress": said | fields}


def report(entries: Mapping[str, Any], node: str = "gpu-1") -> Manifest:
    """The config map of a node's agent; an entry that is a text is written as it is."""
    data = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in entries.items()
    }
    labels = {"models.ome/basemodel-status": "true", "node": node}
    return manifest(kinds.CONFIG_MAP, node, "ome", metadata={"labels": labels}, data=data)


def read(entry: Any, node: str = "gpu-1") -> Download:
    """What the console makes of one entry."""
    (found,) = downloads(report({ENTRY: entry}, node))
    return found


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def told(seconds: float) -> str:
    """The agent's clock, as it writes it."""
    return at(seconds).isoformat().replace("+00:00", "Z")


def tracked(*reports: tuple[float, Manifest], node: str = "gpu-1") -> Track:
    """The track of reports that reach the console so many seconds after NOW."""
    (first, entry), *later = reports
    track = begun(read(entry, node), at(first))
    for seconds, each in later:
        track = followed(track, read(each, node), at(seconds))
    return track


def steadily(rate: float, *, reports: int = 5, every: float = 30.0, node: str = "gpu-1") -> Track:
    """A download that comes at so many bytes a second."""
    entries = (
        (every * number, progress(int(rate * every * number), lastUpdated=told(every * number)))
        for number in range(reports)
    )
    return tracked(*entries, node=node)
