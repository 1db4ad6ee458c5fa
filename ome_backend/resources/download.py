"""What the model agent of each node reports about the models on it (OME's `pkg/modelagent`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ome_backend.resources.manifest import Manifest, dig, mapping, text
from ome_backend.resources.moment import moment


@dataclass(frozen=True, slots=True)
class Download:
    """One model on one node. `state` is Ready, Updating, Failed or Deleted; sizes are bytes."""

    node: str
    entry: str
    state: str
    phase: str
    total_bytes: int
    completed_bytes: int
    bytes_per_second: float
    updated_at: datetime | None

    @property
    def share(self) -> float | None:
        """How much has arrived, 0 to 1; None while the total is not known."""
        if self.total_bytes <= 0:
            return None
        return min(1.0, max(0.0, self.completed_bytes / self.total_bytes))


def downloads(config_map: Manifest) -> Iterator[Download]:
    """Every model an agent's ConfigMap speaks of; an entry that is not JSON is reported as Unreadable."""
    for entry, value in mapping(config_map, "data").items():
        yield _download(text(config_map, "metadata", "name"), entry, _decoded(value))


def _decoded(value: Any) -> Manifest:
    try:
        decoded = json.loads(value)
    except (TypeError, ValueError):
        return {"status": "Unreadable"}
    return decoded if isinstance(decoded, dict) else {"status": "Unreadable"}


def _download(node: str, entry: str, said: Manifest) -> Download:
    return Download(
        node=node,
        entry=entry,
        state=text(said, "status"),
        phase=text(said, "progress", "phase"),
        total_bytes=int(_number(said, "totalBytes")),
        completed_bytes=int(_number(said, "completedBytes")),
        bytes_per_second=_number(said, "speedBytesPerSec"),
        updated_at=moment(said, "progress", "lastUpdated"),
    )


def _number(said: Manifest, name: str) -> float:
    value = dig(said, "progress", name)
    return float(value) if isinstance(value, int | float) else 0.0
