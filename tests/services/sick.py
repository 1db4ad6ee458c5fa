"""A cluster on which nothing is silently wrong, and the ways to make it ill."""

import json
from collections.abc import Iterable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.services.detectors.cluster import Cluster
from tests.support import builders
from tests.support.builders import NOW

Identity = tuple[str, Key]

GPUS = {"nvidia.com/gpu": 1}
AGENT = {"app.kubernetes.io/component": "ome-model-agent-daemonset"}
QUERY = 'sum(rate(tokens{service="%s"}[1m]))'


def healthy() -> list[Manifest]:
    """Two nodes with agents, a model that is ready on one and arriving on the other, and its service."""
    return [
        *(builders.manifest(kinds.NAMESPACE, name) for name in ("ome", "demo")),
        builders.node("gpu-1", pool="h100"),
        builders.node("gpu-2", pool="h100"),
        agent("gpu-1"),
        agent("gpu-2"),
        report("gpu-2", age=timedelta(seconds=20)),
        accelerator("h100", "80Gi", "9.0"),
        accelerator("b200", "180Gi", "10.0"),
        builders.model(storage=storage()),
        runtime(),
        service(),
        builders.pod(),
        benchmark(),
        definition("podmonitors.monitoring.coreos.com"),
        definition("inferencereplicas.ome.io"),
    ]


def definition(name: str) -> Manifest:
    return builders.manifest(kinds.CUSTOM_RESOURCE_DEFINITION, name, spec={})


def monitor(name: str) -> Manifest:
    """The PodMonitor of a component."""
    return builders.manifest(kinds.POD_MONITOR, name, "demo", spec={})


def cluster(*changed: Manifest, without: Iterable[Manifest] = ()) -> Cluster:
    """The healthy cluster with some objects added or replaced, and others gone."""
    objects = {identity(each): each for each in (*healthy(), *changed)}
    gone = {identity(each) for each in without}
    return Cluster.of((each for name, each in objects.items() if name not in gone), complete=True)


def identity(manifest: Manifest) -> Identity:
    return text(manifest, "kind"), key_of(manifest)


def service(name: str = "chat", **spec: Any) -> Manifest:
    """A service that chooses among its runtime's accelerator classes, scaled by KEDA."""
    wanted = {
        "runtime": {"name": "srt-qwen3", "kind": "ClusterServingRuntime"},
        "engine": {"minReplicas": 1, "maxReplicas": 2},
        "acceleratorSelector": {"policy": "BestFit", "constraints": {"minMemory": 40}},
        "kedaConfig": {"customPromQuery": QUERY},
    }
    held = builders.inference_service(name, **{**wanted, **spec})
    held["metadata"]["annotations"] = {"ome.io/autoscalerClass": "keda"}
    held["status"]["observedGeneration"] = 1
    return without(held)


def without(manifest: Manifest) -> Manifest:
    """The manifest without the fields of its spec that are None."""
    manifest["spec"] = {name: each for name, each in manifest["spec"].items() if each is not None}
    return manifest


def runtime(name: str = "srt-qwen3", **spec: Any) -> Manifest:
    wanted = {
        "modelSizeRange": {"min": "1B", "max": "9B"},
        "acceleratorRequirements": {"acceleratorClasses": ["h100", "b200"]},
    }
    return builders.runtime(name, **{**wanted, **spec})


def formats(**fields: Any) -> list[Manifest]:
    """The formats of the usual runtime, changed."""
    (entry,) = deepcopy(builders.runtime()["spec"]["supportedModelFormats"])
    return [{**entry, **fields}]


def multi_node(name: str) -> Manifest:
    """A service whose engine spans two nodes."""
    part = {"runner": {"name": "ome-container", "image": "sglang:1"}}
    return service(
        name,
        engine={"minReplicas": 1, "maxReplicas": 1, "leader": part, "worker": {"size": 1, **part}},
    )


def storage(**fields: Any) -> Manifest:
    uri, path = "hf://Qwen/Qwen3-8B", "/raid/models/qwen3-8b"
    found = {"storageUri": uri, "path": path, "nodeSelector": {"pool": "h100"}, **fields}
    return {name: each for name, each in found.items() if each is not None}


def waiting(name: str = "big", **fields: Any) -> Manifest:
    """A model that no node has yet."""
    return builders.model(name, ready=(), storage=storage(**fields))


def accelerator(name: str, memory: object, capability: str) -> Manifest:
    spec = {
        "discovery": {"nodeSelector": {"pool": name}},
        "capabilities": {"memoryGB": memory, "computeCapability": capability},
    }
    return builders.manifest(kinds.ACCELERATOR_CLASS, name, spec=spec)


def agent(node: str) -> Manifest:
    """The model agent of a node."""
    pod = builders.pod(f"agent-{node}", "ome", node=node, gpus=0)
    pod["metadata"]["labels"] = AGENT
    return pod


def report(node: str, *, model: str = "qwen3-8b", age: timedelta) -> Manifest:
    """What the model agent of a node said some time ago about a download."""
    said = {
        "status": "Updating",
        "progress": {
            "totalBytes": 100,
            "completedBytes": 40,
            "lastUpdated": (NOW - age).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    }
    data = {f"clusterbasemodel.{model}": json.dumps(said)}
    return builders.manifest(kinds.CONFIG_MAP, node, "ome", data=data)


def benchmark(namespace: str = "demo", **spec: Any) -> Manifest:
    """A benchmark of the service, as one of embeddings."""
    wanted = {
        "task": "text-to-embeddings",
        "trafficScenarios": ["E(64,128)"],
        "endpoint": {"inferenceService": {"name": "chat", "namespace": namespace}},
    }
    return without(builders.manifest(kinds.BENCHMARK_JOB, "load", "demo", spec={**wanted, **spec}))


def pending() -> Manifest:
    """A pod of the service that the scheduler found no room for."""
    said = {"type": "PodScheduled", "status": "False", "message": "0/2 nodes are available."}
    return builders.pod("chat-engine-1", ready=False, node="", conditions=(said,))


def queued() -> Manifest:
    """A pod of the service that wants all eight GPUs of the only node which suits it."""
    said = "0/2 nodes are available: 1 Insufficient nvidia.com/gpu."
    refused = {"type": "PodScheduled", "status": "False", "message": said}
    pod = builders.pod(ready=False, node="", gpus=8, conditions=(refused,))
    named = {"key": "metadata.name", "operator": "In", "values": ["gpu-1"]}
    terms = {"nodeSelectorTerms": [{"matchFields": [named]}]}
    required = {"requiredDuringSchedulingIgnoredDuringExecution": terms}
    pod["spec"]["affinity"] = {"nodeAffinity": required}
    return pod


def rival() -> Manifest:
    """A pod of another service on that node."""
    return builders.pod("rival-engine-0", service="rival", gpus=4)


def unpulled(name: str = "chat-engine-0") -> Manifest:
    """A pod of the service whose image cannot be pulled."""
    waiting = {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "sglang:1"'}
    return builders.pod(
        name, ready=False, container={"ready": False, "state": {"waiting": waiting}}
    )


def running(image: str) -> Manifest:
    """The ready pod of the service, with the image it runs."""
    pod = builders.pod()
    pod["spec"]["containers"][0]["image"] = image
    return pod


def crashing() -> Manifest:
    """A pod of the service whose engine runs out of GPU memory."""
    ended = {
        "reason": "Error",
        "exitCode": 1,
        "message": "torch.OutOfMemoryError: CUDA out of memory.",
    }
    waiting = {"reason": "CrashLoopBackOff", "message": "back-off"}
    state = {"state": {"waiting": waiting}, "lastState": {"terminated": ended}, "restartCount": 4}
    return builders.pod(ready=False, container={"ready": False, **state})


def own(kind: Kind, manifest: Manifest, namespace: str = "demo") -> Manifest:
    """The namespaced twin of a cluster-wide object."""
    twin = deepcopy(manifest)
    twin["kind"], twin["metadata"]["namespace"] = kind.name, namespace
    return twin
