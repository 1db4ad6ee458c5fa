"""OME's base model controllers: status from the agents' ConfigMaps, and what the agents read of the model.

Source: OME pkg/controller/v1beta1/basemodel/controller.go.
"""

import json
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox.controllers.finalizers import hold, release
from ome_backend.sandbox.controllers.world import World

_REPORTS = {"models.ome/basemodel-status": "true"}
_FINALIZERS = {
    kinds.BASE_MODEL: "basemodels.ome.io/finalizer",
    kinds.CLUSTER_BASE_MODEL: "clusterbasemodels.ome.io/finalizer",
}
_PLAIN = ("modelType", "modelArchitecture", "modelParameterSize", "modelCapabilities")
_Reports = dict[str, dict[str, Manifest]]


def turn(world: World) -> None:
    """Reports every model's state; ends those that are deleted and gone from all nodes."""
    _end_reports_of_gone_nodes(world)
    reports = _reports(world)
    for kind, finalizer in _FINALIZERS.items():
        for model in world.list(kind):
            said = _said(model, reports)
            if text(model, "metadata", "deletionTimestamp"):
                if not any(text(entry, "status") != "Deleted" for entry in said.values()):
                    release(world, kind, model, finalizer)
                continue
            hold(world, kind, model, finalizer)
            _fill(world, kind, model, said)
            _report(world, kind, model, said)


def _reports(world: World) -> _Reports:
    """By node and entry."""
    return {
        text(config, "metadata", "name"): {
            name: json.loads(value) for name, value in mapping(config, "data").items()
        }
        for config in world.list(kinds.CONFIG_MAP, "ome", _REPORTS)
    }


def _end_reports_of_gone_nodes(world: World) -> None:
    for config in world.list(kinds.CONFIG_MAP, "ome", _REPORTS):
        if world.get(kinds.NODE, Key("", text(config, "metadata", "name"))) is None:
            world.remove(kinds.CONFIG_MAP, key_of(config))


def _said(model: Manifest, reports: _Reports) -> dict[str, Manifest]:
    entry = config_map_entry(key_of(model))
    return {node: data[entry] for node, data in sorted(reports.items()) if entry in data}


def _report(world: World, kind: Kind, model: Manifest, said: dict[str, Manifest]) -> None:
    ready = [node for node, entry in said.items() if text(entry, "status") == "Ready"]
    failed = [node for node, entry in said.items() if text(entry, "status") == "Failed"]
    status: dict[str, Any] = {"state": "Ready" if ready else "Failed" if failed else "In_Transit"}
    status |= {"nodesReady": ready} if ready else {}
    status |= {"nodesFailed": failed} if failed else {}
    world.set_status(kind, model, status)


def _fill(world: World, kind: Kind, model: Manifest, said: dict[str, Manifest]) -> None:
    config = next((entry["config"] for entry in said.values() if entry.get("config")), None)
    if config is not None and _filled(mapping(model, "spec"), config) != model.get("spec"):
        world.change(kind, key_of(model), lambda raw: raw.update(spec=_filled(raw["spec"], config)))


def _filled(spec: Manifest, config: Manifest) -> Manifest:
    """The spec with what is empty taken from the config; the configuration itself is always taken."""
    filled = dict(spec)
    for field in (*_PLAIN, "maxTokens", "quantization"):
        if not filled.get(field) and config.get(field):
            filled[field] = config[field]
    for field in ("modelFormat", "modelFramework"):
        if not text(filled, field, "name") and config.get(field):
            filled[field] = mapping(config, field) | {"operator": "Equal", "weight": 1}
    if config.get("decodedModelConfiguration"):
        filled["modelConfiguration"] = config["decodedModelConfiguration"]
    if text(filled, "modelFormat", "name") == "diffusers" and "diffusionPipeline" not in filled:
        filled["diffusionPipeline"] = {"className": text(config, "modelArchitecture")}
    return filled
