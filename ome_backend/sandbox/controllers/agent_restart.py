"""What makes a model agent fetch a model once more: it starts again, or the download policy changes.

Source: OME pkg/modelagent (scout.go, gopher.go): a new agent takes up every model of its node; a
change of a model means a new download only where its downloadPolicy became another, for hf:// only.
"""

import json
from collections.abc import Mapping

from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox.controllers.world import World
from ome_backend.sandbox.names import generated
from ome_backend.sandbox.premises import agent_pod

REPORTS = {"models.ome/basemodel-status": "true"}
REUSE = "ReuseIfExists"
_POLICIES = "sandbox.ome.io/download-policies"  # on the pod: what its agent knows by heart


def replace_lost(world: World, namespace: str, agents: Mapping[str, str]) -> None:
    """The DaemonSet: a node that had an agent, and has no pod with these labels, gets a new one."""
    served = {text(pod, "spec", "nodeName") for pod in world.list(kinds.POD, namespace, agents)}
    for report in world.list(kinds.CONFIG_MAP, namespace, REPORTS):
        node = key_of(report).name
        if node not in served and world.get(kinds.NODE, Key("", node)) is not None:
            pod = agent_pod(node)
            pod["metadata"]["name"] = generated("ome-model-agent-daemonset-")
            world.create(kinds.POD, pod)


def again(
    agent: Manifest, models: list[Manifest], entries: dict[str, Manifest]
) -> dict[str, Manifest]:
    """The entries of its node as the agent goes on with them: what it fetches once more begins anew."""
    known = _known(agent)
    policies = _policies(models)
    return {
        name: entry
        if known is not None and known.get(name, policies.get(name)) == policies.get(name)
        else _begun(entry, kept=known is None or policies.get(name) == REUSE)
        for name, entry in entries.items()
    }


def remember(world: World, agent: Manifest, models: list[Manifest]) -> None:
    """Note the policies that the agent has acted on."""
    policies = _policies(models)
    if _known(agent) == policies:
        return

    def write(raw: Manifest) -> None:
        annotations = raw["metadata"].setdefault("annotations", {})
        annotations[_POLICIES] = json.dumps(policies, sort_keys=True)

    world.change(kinds.POD, key_of(agent), write)


def _known(agent: Manifest) -> dict[str, str] | None:
    """None for an agent that has just started."""
    written = mapping(agent, "metadata", "annotations").get(_POLICIES)
    known: dict[str, str] | None = json.loads(written) if written else None
    return known


def _policies(models: list[Manifest]) -> dict[str, str]:
    return {
        config_map_entry(key_of(model)): text(model, "spec", "storage", "downloadPolicy")
        for model in models
        if storage_uri.scheme(text(model, "spec", "storage", "storageUri")) == "hf"
    }


def _begun(entry: Manifest, *, kept: bool) -> Manifest:
    """An entry that is not final any more; files that are `kept` need only be checked."""
    there = kept and text(entry, "status") == "Ready"
    return {"name": text(entry, "name"), "status": "Updating"} | ({"kept": True} if there else {})
