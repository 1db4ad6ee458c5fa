"""What the model agent of each node reports about the models on it (OME's `pkg/modelagent`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ome_backend.resources.manifest import Manifest, dig, mapping, text
from ome_backend.resources.moment import moment

MOST = 2**62  # more is no number of bytes
_UNREADABLE: Manifest = {"status": "Unreadable"}


@dataclass(frozen=True, slots=True)
class Download:
    """One model on one node. `state` is Ready, Updating, Failed or Deleted; sizes are bytes.

    A number that makes no sense (negative, not finite, not a number) reads as 0, which is not known.
    """

    node: str
    entry: str
    state: str
    phase: str
    total_bytes: int
    completed_bytes: int
    bytes_per_second: float
    updated_at: datetime | None
    total_files: int = 0
    completed_files: int = 0
    stored_bytes: int = 0  # of a model that is there, where its config tells
    commit: str = ""  # of the Hub's repository, of a model that is there

    @property
    def share(self) -> float | None:
        """How much has arrived, 0 to 1; None while the total is not known."""
        if self.total_bytes <= 0:
            return None
        return min(1.0, max(0.0, self.completed_bytes / self.total_bytes))


def downloads(config_map: Manifest) -> Iterator[Download]:
    """Every model an agent's ConfigMap speaks of; an entry that is not JSON is reported as Unreadable."""
    for entry, value in mapping(config_map, "data").items():
        yield read(text(config_map, "metadata", "name"), entry, value)


def read(node: str, entry: str, value: Any) -> Download:
    """One entry of the ConfigMap of a node's agent."""
    return _download(node, entry, _decoded(value))


def _decoded(value: Any) -> Manifest:
    try:
        decoded = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        return _UNREADABLE
    said = isinstance(decoded, dict) and text(decoded, "status")
    return decoded if said else _UNREADABLE


def _download(node: str, entry: str, said: Manifest) -> Download:
    return Download(
        node=node,
        entry=entry,
        state=text(said, "status"),
        phase=text(said, "progress", "phase"),
        total_bytes=int(_number(said, "progress", "totalBytes")),
        completed_bytes=int(_number(said, "progress", "completedBytes")),
        bytes_per_second=float(_number(said, "progress", "speedBytesPerSec")),
        updated_at=moment(said, "progress", "lastUpdated"),
        total_files=int(_number(said, "progress", "totalFiles")),
        completed_files=int(_number(said, "progress", "completedFiles")),
        stored_bytes=int(_number(said, "config", "decodedModelConfiguration", "model_size_bytes")),
        commit=text(said, "config", "artifact", "sha"),
    )


def _number(said: Manifest, *path: str) -> float:
    value = dig(said, *path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return value if 0 <= value <= MOST else 0
