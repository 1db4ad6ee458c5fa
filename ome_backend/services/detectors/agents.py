"""Model agents: without one nothing arrives on a node, and nobody says so."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from ome_backend.downloads.agent import is_agent
from ome_backend.downloads.judgement import SILENT
from ome_backend.downloads.node_selection import choosy, chosen
from ome_backend.editing import commands
from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.model import Model
from ome_backend.resources.moment import age
from ome_backend.resources.pod import Pod
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity


def off(cluster: Cluster) -> Iterator[DoctorFinding]:
    """From v1.3 OME is installed without the agent unless it is asked for."""
    waiting = [model for model in cluster.models if _waiting(model)]
    if not waiting or any(_agents(cluster)) or cluster.downloads:
        return
    yield DoctorFinding(
        "agent-off",
        Severity.BROKEN,
        waiting[0].ref,
        "No model agent runs, so no model arrives",
        f"{_models(waiting)} In_Transit; the namespace {cluster.ome_namespace} has no pod of the model "
        "agent and no report of one.",
        "These models stay In_Transit for ever, and services of them never get a pod.",
        "Install the model agent: modelAgent.enabled=true in the values of OME's chart.",
        command=commands.listing("daemonsets", kinds.POD, namespace=cluster.ome_namespace),
        also=tuple(model.ref for model in waiting[1:]),
    )


def missing_on_node(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A node that models belong on, without an agent to bring them there."""
    agents = {pod.node for pod in _agents(cluster) if not pod.ended}
    if not agents:
        return
    lacking: dict[str, list[Model]] = defaultdict(list)
    for model in cluster.models:
        if choosy(model) and storage_uri.downloadable(model.storage_uri).ready:
            for node in chosen(model, cluster.nodes):
                if node.name not in agents and node.name not in model.nodes_ready:
                    lacking[node.name].append(model)
    for name, models in lacking.items():
        yield DoctorFinding(
            "agent-missing-on-node",
            Severity.RISK,
            Ref(kinds.NODE, Key("", name)),
            "It has no model agent",
            f"{_models(models)} to be on it; no pod of the model agent runs there.",
            "These models never arrive on this node, and their services never run there.",
            "See why the agent's DaemonSet leaves the node out: its node selector, or a taint.",
            command=_pods_on(cluster, name),
            also=tuple(model.ref for model in models),
        )


def no_node(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A model that no node is meant to have waits without a word."""
    for model in cluster.models:
        if not _waiting(model) or not choosy(model) or chosen(model, cluster.nodes):
            continue
        yield DoctorFinding(
            "model-without-node",
            Severity.BROKEN,
            model.ref,
            "No node is meant to have it",
            "No node carries the labels of spec.storage.nodeSelector and spec.storage.nodeAffinity.",
            "The model stays In_Transit for ever, and services of it never get a pod.",
            "Label a node for it, or change spec.storage.nodeSelector.",
            command=commands.listing(kinds.NODE, options=["--show-labels"]),
        )


def stale(cluster: Cluster, now: datetime) -> Iterator[DoctorFinding]:
    """An agent that died in a download leaves its last report behind."""
    by_entry = {config_map_entry(model.key): model for model in cluster.models}
    for download in cluster.downloads:
        model, said = by_entry.get(download.entry), download.updated_at
        if model is None or said is None or download.state != "Updating" or now - said < SILENT:
            continue
        share = f" at {download.share:.0%}" if download.share is not None else ""
        yield DoctorFinding(
            "agent-stale",
            Severity.RISK,
            model.ref,
            f"Its download to {download.node} has been silent for {age(said, now)}",
            f"The last report of the model agent is of {said:%Y-%m-%d %H:%M:%S} UTC{share}; it writes "
            "one every 30 seconds.",
            "The download has most likely stopped; the node stays Updating.",
            f"Read the log of the model agent on {download.node}, and delete its pod to start over.",
            command=_log(cluster, download.node),
            also=(Ref(kinds.NODE, Key("", download.node)),),
        )


def _agents(cluster: Cluster) -> Iterator[Pod]:
    return (pod for pod in cluster.pods if is_agent(pod, cluster.ome_namespace))


def _waiting(model: Model) -> bool:
    """An agent should be fetching it, and no node has said anything final."""
    return (
        storage_uri.downloadable(model.storage_uri).ready
        and not (model.nodes_ready or model.nodes_failed)
        and model.state in ("", "In_Transit")
    )


def _models(models: list[Model]) -> str:
    """The subject of a sentence about them."""
    if len(models) == 1:
        return f"{models[0].key} is"
    return f"{models[0].key} and {len(models) - 1} more are"


def _log(cluster: Cluster, node: str) -> str:
    agent = next((pod.key.name for pod in _agents(cluster) if pod.node == node), "")
    if agent:
        return commands.logs(Key(cluster.ome_namespace, agent), tail=200)
    return _pods_on(cluster, node)


def _pods_on(cluster: Cluster, node: str) -> str:
    """Lists OME's own pods on a node."""
    return commands.listing(
        kinds.POD,
        namespace=cluster.ome_namespace,
        fields=f"spec.nodeName={node}",
        output="wide",
    )
