"""Valid objects of every kind; a test names only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def manifest(kind: Kind, name: str, namespace: str = "", **parts: Any) -> Manifest:
    """The envelope every object has."""
    metadata: Manifest = {
        "name": name,
        "uid": f"uid-{name}",
        "resourceVersion": "1",
        "generation": 1,
    }
    metadata["creationTimestamp"] = "2026-03-01T11:00:00Z"
    if namespace:
        metadata["namespace"] = namespace
    metadata.update(parts.pop("metadata", {}))
    return {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata, **parts}


def model(
    name: str = "qwen3-8b", *, namespace: str = "", ready: tuple[str, ...] = ("gpu-1",), **spec: Any
) -> Manifest:
    """A Qwen3 model of 8B, ready on one node."""
    kind = kinds.BASE_MODEL if namespace else kinds.CLUSTER_BASE_MODEL
    held = {
        "modelFormat": {
            "name": "safetensors",
            "version": "1.0.0",
            "operator": "Equal",
            "weight": 1,
        },
        "modelFramework": {
            "name": "transformers",
            "version": "4.51.0",
            "operator": "Equal",
            "weight": 1,
        },
        "modelArchitecture": "Qwen3ForCausalLM",
        "modelParameterSize": "8B",
        "modelCapabilities": ["TEXT_TO_TEXT"],
        "storage": {"storageUri": "hf://Qwen/Qwen3-8B", "path": "/raid/models/qwen3-8b"},
        **spec,
    }
    status = {"state": "Ready" if ready else "In_Transit", "nodesReady": list(ready)}
    return manifest(kind, name, namespace, spec=held, status=status)


def runtime(name: str = "srt-qwen3", *, namespace: str = "", **spec: Any) -> Manifest:
    """A runtime that takes the model above."""
    kind = kinds.SERVING_RUNTIME if namespace else kinds.CLUSTER_SERVING_RUNTIME
    supported = {
        "modelFormat": {
            "name": "safetensors",
            "version": "1.0.0",
            "operator": "Equal",
            "weight": 1,
        },
        "modelFramework": {
            "name": "transformers",
            "version": "4.51.0",
            "operator": "Equal",
            "weight": 1,
        },
        "modelArchitecture": "Qwen3ForCausalLM",
        "autoSelect": True,
        "priority": 1,
    }
    engine = {
        "runner": {
            "name": "ome-container",
            "image": "docker.io/lmsysorg/sglang:v0.5.2",
            "resources": {"limits": {"nvidia.com/gpu": 1}},
        }
    }
    return manifest(
        kind,
        name,
        namespace,
        spec={"supportedModelFormats": [supported], "engineConfig": engine, **spec},
    )


def inference_service(
    name: str = "chat", namespace: str = "demo", *, ready: bool = True, **spec: Any
) -> Manifest:
    """A service of the model above; not ready as OME reports it: everything initialises."""
    status = "True" if ready else "False"
    reason = {} if ready else {"reason": "Initializing", "message": "engine component initializing"}
    reported = [
        {"type": each, "status": status, "lastTransitionTime": "2026-03-01T11:30:00Z", **reason}
        for each in ("EngineReady", "IngressReady", "Ready")
    ]
    held = {
        "model": {"name": "qwen3-8b", "kind": "ClusterBaseModel"},
        "engine": {"minReplicas": 1},
        **spec,
    }
    url = {"url": f"http://{name}.{namespace}.svc.cluster.local:8080"} if ready else {}
    return manifest(
        kinds.INFERENCE_SERVICE, name, namespace, spec=held, status={"conditions": reported, **url}
    )


def pod(
    name: str = "chat-engine-0",
    namespace: str = "demo",
    *,
    service: str = "chat",
    component: str = "engine",
    ready: bool = True,
    node: str = "gpu-1",
    gpus: int = 1,
    container: Manifest | None = None,
    conditions: tuple[Manifest, ...] = (),
) -> Manifest:
    """A pod of a service's engine; `container` is the status of its one container."""
    labels = {
        "ome.io/inferenceservice": service,
        "component": component,
        "serving-runtime": "srt-qwen3",
    }
    limits = {"resources": {"limits": {"nvidia.com/gpu": str(gpus)}}} if gpus else {}
    spec = {"containers": [{"name": "ome-container", "image": "sglang:1", **limits}]}
    state = container or {"ready": ready, "restartCount": 0, "state": {"running": {}}}
    status = {
        "phase": "Running" if node else "Pending",
        "conditions": [{"type": "Ready", "status": "True" if ready else "False"}, *conditions],
        "containerStatuses": [{"name": "ome-container", **state}] if node else [],
    }
    return manifest(
        kinds.POD,
        name,
        namespace,
        metadata={"labels": labels},
        spec={**spec, **({"nodeName": node} if node else {})},
        status=status,
    )


def deployment(
    name: str = "chat-engine",
    namespace: str = "demo",
    *,
    service: str = "chat",
    wanted: int = 1,
    **status: Any,
) -> Manifest:
    """The deployment of a service's engine, complete unless `status` says otherwise."""
    labels = {"ome.io/inferenceservice": service, "component": "engine"}
    counts = {"replicas": wanted, "updatedReplicas": wanted, "readyReplicas": wanted, **status}
    return manifest(
        kinds.DEPLOYMENT,
        name,
        namespace,
        metadata={"labels": labels},
        spec={"replicas": wanted},
        status=counts,
    )


def event(
    reason: str,
    message: str,
    *,
    about: str = "chat",
    kind: str = "InferenceService",
    warning: bool = True,
) -> Manifest:
    """Something a controller said about an object in `demo`."""
    return manifest(
        kinds.EVENT,
        f"{about}.{reason}".lower(),
        "demo",
        type="Warning" if warning else "Normal",
        reason=reason,
        message=message,
        involvedObject={"kind": kind, "name": about, "namespace": "demo"},
        lastTimestamp="2026-03-01T11:50:00Z",
    )


def node(name: str = "gpu-1", *, gpus: int = 8, ready: bool = True, **labels: str) -> Manifest:
    """A GPU node."""
    status = {
        "allocatable": {"nvidia.com/gpu": str(gpus)},
        "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
    }
    return manifest(kinds.NODE, name, metadata={"labels": labels}, spec={}, status=status)
