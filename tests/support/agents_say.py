"""What OME's agents report of models that are on their nodes, written as they would."""

import json
from collections.abc import Mapping

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.support import builders


def ready(commit: str = "") -> Manifest:
    """An entry of a model that is there, fetched at a commit."""
    artifact = {"sha": commit, "parentPath": {}, "childrenPaths": []}
    return {"name": "a-model", "status": "Ready", "config": {"artifact": artifact}}


def report(sandbox: Sandbox, node: str, entries: Mapping[str, Manifest]) -> None:
    """The node, and its agent's config map."""
    sandbox.objects.create(kinds.NODE, builders.node(node))
    labels = {"models.ome/basemodel-status": "true", "node": node}
    made = builders.manifest(
        kinds.CONFIG_MAP, node, "ome", metadata={"labels": labels}, data=_data(entries)
    )
    sandbox.objects.create(kinds.CONFIG_MAP, made)


def again(sandbox: Sandbox, node: str, entries: Mapping[str, Manifest]) -> None:
    """The agent writes its report again."""
    data = _data(entries)
    sandbox.objects.change(kinds.CONFIG_MAP, Key("ome", node), lambda raw: raw.update(data=data))


def _data(entries: Mapping[str, Manifest]) -> dict[str, str]:
    return {name: json.dumps(entry) for name, entry in entries.items()}
