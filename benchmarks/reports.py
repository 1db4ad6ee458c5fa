"""Model agents that are busy: every model on its way to every node, told in a config map a node."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks import population
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from tests.support import builders

NODES, MODELS = 64, population.MODELS
AT_ONCE = 5  # downloads of an agent, each of which it tells anew with every report
TOTAL = 140 * 10**9

_AGENT = {"app.kubernetes.io/component": "ome-model-agent-daemonset"}
_STEP = 10**7


def cluster() -> Iterator[tuple[Kind, Manifest]]:
    """Nodes with their agents and first reports of the population's models."""
    for number in range(NODES):
        node = name(number)
        pod = builders.pod(f"agent-{node}", "ome", node=node, gpus=0)
        pod["metadata"]["labels"] = _AGENT
        yield kinds.NODE, builders.node(node)
        yield kinds.POD, pod
        yield kinds.CONFIG_MAP, _report(node)


def name(number: int) -> str:
    return f"busy-{number:02}"


def key(write: int) -> Key:
    """Whose report the write of that number is."""
    return Key("ome", name(write % NODES))


def advanced(raw: Manifest, write: int) -> None:
    """The report with AT_ONCE of its downloads a little further."""
    first = write // NODES * AT_ONCE
    for number in range(first, first + AT_ONCE):
        raw["data"][_entry(number % MODELS)] = _progress(_STEP * (write + 1))


def _report(node: str) -> Manifest:
    labels = {"models.ome/basemodel-status": "true", "node": node}
    data = {_entry(number): _progress(0) for number in range(MODELS)}
    return builders.manifest(kinds.CONFIG_MAP, node, "ome", metadata={"labels": labels}, data=data)


def _entry(number: int) -> str:
    return config_map_entry(Key("", f"model-{number}"))


def _progress(done: int) -> str:
    told = {
        "phase": "downloading",
        "totalBytes": TOTAL,
        "completedBytes": min(done, TOTAL),
        "totalFiles": 36,
        "completedFiles": 36 * min(done, TOTAL) // TOTAL,
        "speedBytesPerSec": 9.5e8,
        "lastUpdated": datetime.now(UTC).isoformat(),
    }
    return json.dumps({"name": "download", "status": "Updating", "progress": told})
