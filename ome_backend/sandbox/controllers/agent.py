"""OME's model agents: one per node, bringing models there and telling in a ConfigMap how far they are.

Source: OME pkg/modelagent (scout.go, gopher.go, configmap_reconciler.go).
"""

import json
from datetime import datetime

from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry, node_label
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.resources.node import Node
from ome_backend.sandbox.controllers import agent_restart, download, node_fit
from ome_backend.sandbox.controllers.world import World

OME = "ome"
AGENT_LABEL = "app.kubernetes.io/component"
AGENT = "ome-model-agent-daemonset"
_PREFIX = "models.ome.io/"


def turn(world: World) -> datetime | None:
    """One look of every running agent at its node. Returns when a download is due again."""
    agent_restart.replace_lost(world, OME, {AGENT_LABEL: AGENT})
    due = [_work(world, node, agent) for node, agent in _agents(world)]
    return min((each for each in due if each is not None), default=None)


def _agents(world: World) -> list[tuple[Manifest, Manifest]]:
    found = []
    for pod in world.list(kinds.POD, OME, {AGENT_LABEL: AGENT}):
        node = world.get(kinds.NODE, Key("", text(pod, "spec", "nodeName")))
        if node is not None and Node(node).ready and text(pod, "status", "phase") == "Running":
            found.append((node, pod))
    return found


def _work(world: World, node: Manifest, agent: Manifest) -> datetime | None:
    name = text(node, "metadata", "name")
    said, models = _entries(world, name), _models(world, node)
    before = agent_restart.again(agent, [model for _, model in models], said)
    after: dict[str, Manifest] = {}
    labels: dict[str, str] = {}
    due: list[datetime] = []
    for kind, model in models:
        key = key_of(model)
        entry, again = download.advance(
            world, node, kind, model, before.get(config_map_entry(key)), after
        )
        after[config_map_entry(key)] = entry
        labels[node_label(key)] = text(entry, "status")
        due += [again] if again is not None else []
    _log(world, agent, said, after)
    _publish(world, node, name, said, after)
    _label(world, node, labels)
    agent_restart.remember(world, agent, [model for _, model in models])
    return min(due, default=None)


def _models(world: World, node: Manifest) -> list[tuple[Kind, Manifest]]:
    """What belongs on the node, oldest first. `spec.disabled` is not looked at, as in OME."""
    found = [
        (kind, model)
        for kind in kinds.MODEL_KINDS
        for model in world.list(kind)
        if not text(model, "metadata", "deletionTimestamp") and _wanted(node, model)
    ]
    return sorted(found, key=lambda each: text(each[1], "metadata", "creationTimestamp"))


def _wanted(node: Manifest, model: Manifest) -> bool:
    storage = mapping(model, "spec", "storage")
    return (
        storage_uri.scheme(text(storage, "storageUri")) != "pvc"
        and node_fit.selected(node, mapping(storage, "nodeSelector"))
        and node_fit.affine(node, mapping(storage, "nodeAffinity"))
    )


def _entries(world: World, node: str) -> dict[str, Manifest]:
    data = mapping(world.get(kinds.CONFIG_MAP, Key(OME, node)) or {}, "data")
    return {name: json.loads(value) for name, value in data.items()}


def _publish(
    world: World,
    node: Manifest,
    name: str,
    before: dict[str, Manifest],
    after: dict[str, Manifest],
) -> None:
    if before == after:
        return
    data = {entry: json.dumps(value, separators=(",", ":")) for entry, value in after.items()}
    if world.get(kinds.CONFIG_MAP, Key(OME, name)) is None:
        world.create(kinds.CONFIG_MAP, _config_map(name, data))
        return
    world.change(kinds.CONFIG_MAP, Key(OME, name), lambda raw: raw.update(data=data))


def _config_map(node: str, data: dict[str, str]) -> Manifest:
    return {
        "metadata": {
            "name": node,
            "namespace": OME,
            "labels": {"models.ome/basemodel-status": "true", "node": node},
            "annotations": {
                "models.ome.io/node-name": node,
                "models.ome.io/managed-by": "model-agent",
            },
        },
        "data": data,
    }


def _label(world: World, node: Manifest, labels: dict[str, str]) -> None:
    def write(raw: Manifest) -> None:
        kept = {
            name: value
            for name, value in raw["metadata"].get("labels", {}).items()
            if not name.startswith(_PREFIX)
        }
        raw["metadata"]["labels"] = kept | labels

    current = {
        name: value
        for name, value in mapping(node, "metadata", "labels").items()
        if name.startswith(_PREFIX)
    }
    if current != labels:
        world.change(kinds.NODE, key_of(node), write)


def recap(world: World, agent: Manifest) -> list[str]:
    """What an agent says of its node's models when it starts; nothing for other pods."""
    if mapping(agent, "metadata", "labels").get(AGENT_LABEL) != AGENT:
        return []
    entries = _entries(world, text(agent, "spec", "nodeName"))
    return [_line(world, agent, name, text(entry, "status")) for name, entry in entries.items()]


def _log(
    world: World, agent: Manifest, before: dict[str, Manifest], after: dict[str, Manifest]
) -> None:
    for entry in sorted({*before, *after}):
        old, new = text(before.get(entry, {}), "status"), text(after.get(entry, {}), "status")
        if old != new:
            line = _line(world, agent, entry, new)
            world.logs.append(OME, text(agent, "metadata", "name"), "model-agent", line)


def _line(world: World, agent: Manifest, entry: str, status: str) -> str:
    said = {"": "Deleted model files", "Updating": "Downloading model", "Ready": "Model ready"}
    problem = download.trouble(world, agent, entry) if status in ("Failed", "Updating") else ""
    message, level = problem or said.get(status, status), "error" if problem else "info"
    line = {"level": level, "ts": world.stamp(), "logger": "gopher", "msg": message, "model": entry}
    return json.dumps(line)
