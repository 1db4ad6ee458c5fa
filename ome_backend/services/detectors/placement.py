"""Pods on nodes that do not have their model, or that wait because few nodes have it."""

from collections.abc import Iterator

from ome_backend.downloads.node_selection import chosen
from ome_backend.editing import commands
from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.model import Model
from ome_backend.resources.pod import Pod
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity


def model_elsewhere(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The first node that has a model makes it Ready, and OME lets its pods run only there."""
    for service in cluster.services:
        model = cluster.model_of(service)
        if model is None or not model.nodes_ready:
            continue
        pods = _bound_to_model(cluster, service.key)
        astray = [pod for pod in pods if pod.node and pod.node not in model.nodes_ready]
        if astray:
            yield _astray(service.ref, astray, model)
        waiting = [pod for pod in pods if not pod.node and pod.unscheduled is not None]
        lacking = _lacking(cluster, model) if waiting else ()
        if lacking:
            said = waiting[0].unscheduled
            yield DoctorFinding(
                "model-on-some-nodes",
                Severity.RISK,
                service.ref,
                f"Its pods wait while {model.key.name} is on {len(model.nodes_ready)} of "
                f"{len(model.nodes_ready) + len(lacking)} nodes",
                f"{waiting[0].key.name}: {said.message if said is not None else 'not scheduled'} "
                f"The model is ready on {', '.join(model.nodes_ready)}, not on {', '.join(lacking)}.",
                "OME calls the model Ready as soon as one node has it, but lets its pods run on those "
                "nodes only.",
                "Free GPUs on the nodes that have the model, or wait for its other downloads; the "
                "model's page says how they are.",
                command=commands.describe(
                    Ref(kinds.POD, Key(service.key.namespace, waiting[0].key.name))
                ),
                also=(model.ref,),
            )


def ready_hides_failures(cluster: Cluster) -> Iterator[DoctorFinding]:
    """One node that has a model is enough for Ready, however many failed."""
    for model in cluster.models:
        if not model.nodes_ready or not model.nodes_failed:
            continue
        users = [each.ref for each in cluster.services if cluster.model_of(each) is model]
        yield DoctorFinding(
            "ready-hides-failures",
            Severity.RISK,
            model.ref,
            f"It is reported Ready, but failed on {', '.join(model.nodes_failed)}",
            f"status.state: {model.state}; nodesReady: {', '.join(model.nodes_ready)}; nodesFailed: "
            f"{', '.join(model.nodes_failed)}.",
            "Services of it can run on the nodes that have it only, so they find fewer GPUs than there "
            "are, and wait.",
            "Read the model agent's log on the node that failed; it says why.",
            command=commands.listing(
                kinds.POD,
                namespace=cluster.ome_namespace,
                fields=f"spec.nodeName={model.nodes_failed[0]}",
                output="wide",
            ),
            also=tuple(users),
        )


def _astray(service: Ref, pods: list[Pod], model: Model) -> DoctorFinding:
    places = ", ".join(f"{pod.key.name} on {pod.node}" for pod in pods)
    namespace, name = service.key
    return DoctorFinding(
        "model-on-some-nodes",
        Severity.RISK,
        service,
        f"Pods of it run where {model.key.name} is not",
        f"{places}; the model is ready on {', '.join(model.nodes_ready)}.",
        "The engine finds an empty or incomplete directory of the model when it starts there.",
        "Take away what sends the pods to that node, or bring the model there by its "
        "spec.storage.nodeSelector.",
        command=commands.listing(
            kinds.POD,
            namespace=namespace,
            labels=f"ome.io/inferenceservice={name}",
            output="wide",
        ),
        also=(model.ref,),
    )


def _bound_to_model(cluster: Cluster, service: Key) -> list[Pod]:
    """Routers run without the model."""
    pods = cluster.pods_by_service.get(service, ())
    return [pod for pod in pods if pod.component != "router" and not (pod.ended or pod.terminating)]


def _lacking(cluster: Cluster, model: Model) -> tuple[str, ...]:
    """Nodes that ought to have the model and do not: it failed there, is arriving, or nobody began."""
    entry = config_map_entry(model.key)
    known = {each.node for each in cluster.downloads if each.entry == entry}
    asked = storage_uri.downloadable(model.storage_uri).ready
    meant = {node.name for node in chosen(model, cluster.nodes) if node.gpus} if asked else set()
    return tuple(sorted((known | meant | set(model.nodes_failed)) - set(model.nodes_ready)))
