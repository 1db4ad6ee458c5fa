"""The company's ground: namespaces, nodes, secrets and OME's own pods."""

from dataclasses import dataclass
from typing import Any

from ome_backend.resources.manifest import Manifest

_NAMESPACES = (
    "kube-system",
    "ome",
    "monitoring",
    "team-chat",
    "team-search",
    "team-vision",
    "demo",
)
_AGENT_IMAGE = "ghcr.io/moirai-internal/model-agent:v0.1.5"
_MANAGER_IMAGE = "ghcr.io/moirai-internal/ome-manager:v0.1.5"
_KUBELET = "v1.33.4"


@dataclass(frozen=True, slots=True)
class _Machine:
    """A kind of GPU node: what it has and how its vendor's operator labels it."""

    pool: str
    instance: str
    cpu: int
    memory: str
    disk: str
    resource: str
    gpus: int
    labels: dict[str, str]


def _nvidia(product: str, memory: int, family: str, major: int, minor: int) -> dict[str, str]:
    return {
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.product": product,
        "nvidia.com/gpu.memory": str(memory),
        "nvidia.com/gpu.count": "8",
        "nvidia.com/gpu.family": family,
        "nvidia.com/gpu.compute.major": str(major),
        "nvidia.com/gpu.compute.minor": str(minor),
    }


_H100 = _Machine(
    "h100", "BM.GPU.H100.8", 224, "2016Gi", "12Ti", "nvidia.com/gpu", 8,
    _nvidia("NVIDIA-H100-80GB-HBM3", 81559, "hopper", 9, 0),
)  # fmt: skip
_H200 = _Machine(
    "h200", "BM.GPU.H200.8", 224, "3024Gi", "14Ti", "nvidia.com/gpu", 8,
    _nvidia("NVIDIA-H200", 143771, "hopper", 9, 0),
)  # fmt: skip
_A100 = _Machine(
    "a100", "BM.GPU.A100-v2.8", 128, "2016Gi", "6Ti", "nvidia.com/gpu", 8,
    _nvidia("NVIDIA-A100-SXM4-80GB", 81920, "ampere", 8, 0),
)  # fmt: skip
_L40S = _Machine(
    "l40s", "BM.GPU.L40S.8", 112, "1008Gi", "180Gi", "nvidia.com/gpu", 8,
    _nvidia("NVIDIA-L40S", 46068, "ada-lovelace", 8, 9),
)  # fmt: skip
_MI300X = _Machine(
    "mi300x", "BM.GPU.MI300X.8", 112, "2016Gi", "14Ti", "amd.com/gpu", 8,
    {"amd.com/gpu.product-name": "AMD_Instinct_MI300X_OAM", "amd.com/gpu.vram": "192G"},
)  # fmt: skip
_SYSTEM = _Machine("system", "VM.Standard.E5.Flex", 16, "128Gi", "200Gi", "", 0, {})

_NODES = (
    ("cpu-1", _SYSTEM),
    ("cpu-2", _SYSTEM),
    ("gpu-h100-1", _H100),
    ("gpu-h100-2", _H100),
    ("gpu-h200-1", _H200),
    ("gpu-a100-1", _A100),
    ("gpu-l40s-1", _L40S),
    ("gpu-mi300x-1", _MI300X),
)


def manifests() -> list[Manifest]:
    """Everything, in an order in which it could have been made."""
    gpu_nodes = [name for name, machine in _NODES if machine.gpus]
    return [
        *(_namespace(name) for name in _NAMESPACES),
        *(_node(number, name, machine) for number, (name, machine) in enumerate(_NODES, 11)),
        _configuration(),
        *(_token(namespace) for namespace in ("ome", *_NAMESPACES[3:])),
        _deployment(),
        *(agent_pod(name) for name in gpu_nodes),
    ]


def _namespace(name: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _node(number: int, name: str, machine: _Machine) -> Manifest:
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": machine.instance,
        "topology.kubernetes.io/region": "eu-central-1",
        "topology.kubernetes.io/zone": f"eu-central-1{'ab'[number % 2]}",
        "company.example/pool": machine.pool,
    } | machine.labels
    taint = {"key": machine.resource, "value": "present", "effect": "NoSchedule"}
    taints = {"taints": [taint]} if machine.resource else {}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"providerID": f"company://{name}"} | taints,
        "status": _node_status(number, name, machine),
    }


def _node_status(number: int, name: str, machine: _Machine) -> Manifest:
    gpus = {machine.resource: str(machine.gpus)} if machine.gpus else {}
    capacity = {
        "cpu": str(machine.cpu),
        "memory": machine.memory,
        "ephemeral-storage": machine.disk,
        "pods": "110",
    } | gpus
    return {
        "capacity": capacity,
        "allocatable": capacity | {"cpu": str(machine.cpu - 1)},
        "conditions": [
            _condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
            _condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
            _condition("PIDPressure", "False", "KubeletHasSufficientPID"),
            _condition("Ready", "True", "KubeletReady"),
        ],
        "addresses": [
            {"type": "InternalIP", "address": f"10.0.4.{number}"},
            {"type": "Hostname", "address": name},
        ],
        "nodeInfo": {
            "kubeletVersion": _KUBELET,
            "osImage": "Ubuntu 24.04.3 LTS",
            "kernelVersion": "6.8.0-85-generic",
            "containerRuntimeVersion": "containerd://2.1.4",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }


def _condition(name: str, status: str, reason: str) -> Manifest:
    said = reason.replace("Kubelet", "kubelet ", 1)
    return {"type": name, "status": status, "reason": reason, "message": said}


def _configuration() -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "inferenceservice-config", "namespace": "ome"},
        "data": {
            "deploy": '{"defaultDeploymentMode": "RawDeployment"}',
            "ingress": '{"ingressDomain": "svc.cluster.local", "disableIngressCreation": true}',
        },
    }


def _token(namespace: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hf-token", "namespace": namespace},
        "type": "Opaque",
        "data": {"token": "c2FuZGJveA=="},
    }


def _deployment() -> Manifest:
    labels = {"app": "ome-controller-manager", "control-plane": "ome-controller-manager"}
    container: dict[str, Any] = {
        "name": "manager",
        "image": _MANAGER_IMAGE,
        "args": ["--metrics-bind-address=:8080", "--leader-elect"],
        "ports": [{"containerPort": 8080, "name": "metrics", "protocol": "TCP"}],
        "resources": {
            "requests": {"cpu": "500m", "memory": "512Mi"},
            "limits": {"cpu": "2", "memory": "2Gi"},
        },
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "ome-controller-manager", "namespace": "ome", "labels": labels},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "ome-controller-manager"}},
            "template": {
                "metadata": {
                    "labels": labels,
                    "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
                },
                "spec": {"serviceAccountName": "ome-controller-manager", "containers": [container]},
            },
        },
    }


def agent_pod(node: str) -> Manifest:
    """The pod of the model agent on a GPU node, as its DaemonSet makes it."""
    container: dict[str, Any] = {
        "name": "model-agent",
        "image": _AGENT_IMAGE,
        "args": ["--models-root-dir", "/raid/models", "--num-download-worker", "2"],
        "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
        "ports": [{"containerPort": 8080, "name": "metrics", "protocol": "TCP"}],
        "resources": {
            "requests": {"cpu": "2", "memory": "8Gi"},
            "limits": {"cpu": "10", "memory": "64Gi"},
        },
        "volumeMounts": [{"name": "models", "mountPath": "/raid/models"}],
    }
    daemon_set = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "name": "ome-model-agent-daemonset",
        "uid": "5b1f1c52-6f0e-4f8e-9a35-2f6f0b0b7c11",
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"ome-model-agent-daemonset-{node.removeprefix('gpu-')}",
            "namespace": "ome",
            "labels": {"app.kubernetes.io/component": "ome-model-agent-daemonset"},
            "annotations": {"prometheus.io/scrape": "true", "prometheus.io/port": "8080"},
            "ownerReferences": [daemon_set],
        },
        "spec": {
            "nodeName": node,
            "serviceAccountName": "ome-model-agent",
            "tolerations": [{"operator": "Exists"}],
            "containers": [container],
            "volumes": [{"name": "models", "hostPath": {"path": "/raid/models"}}],
        },
    }
