"""A large cluster: thousands of services as OME and `kubectl apply` leave them, with all that belongs to them."""

import json
from collections.abc import Iterator

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.runtime import Runtime
from tests.support import builders

SERVICES = 5_000
NAMESPACES = 50
MODELS = 40
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
FAILING = 47  # every so many services one pod crashes
STARTING = 101  # every so many services one has only just been made

Entry = tuple[Kind, Manifest]


def service_key(index: int) -> Key:
    """Where the service of that number lives."""
    return Key(f"team-{index % NAMESPACES:02}", f"service-{index:05}")


def pod_key(index: int) -> Key:
    """Its one pod."""
    namespace, name = service_key(index)
    return Key(namespace, f"{name}-engine-0")


def cluster(services: int = SERVICES) -> Iterator[Entry]:
    """Every object, what others need first."""
    yield from ((kinds.NAMESPACE, _namespace(number)) for number in range(NAMESPACES))
    yield from ((kinds.NODE, builders.node(f"gpu-{number}")) for number in range(100))
    yield from ((kinds.CLUSTER_BASE_MODEL, _model(number)) for number in range(MODELS))
    yield from ((kinds.CLUSTER_SERVING_RUNTIME, runtime(number)) for number in range(MODELS))
    for index in range(services):
        yield kinds.INFERENCE_SERVICE, service(index)
        yield kinds.DEPLOYMENT, _deployment(index)
        yield kinds.POD, _pod(index)
        if index % FAILING == 0:
            yield kinds.EVENT, _event(index)


def service(index: int) -> Manifest:
    """A service of about 6 kB: a third of it managedFields, a fifth the last applied manifest."""
    namespace, name = service_key(index)
    made = builders.inference_service(
        name,
        namespace,
        ready=bool(index % STARTING),
        model={"name": f"model-{index % MODELS}", "kind": "ClusterBaseModel"},
        runtime={"name": f"runtime-{index % MODELS}", "kind": "ClusterServingRuntime"},
        engine=_engine(),
    )
    return _as_applied(made)


def runtime(number: int) -> Manifest:
    """A runtime for the model of the same number; all others are rejected for their architecture."""
    supported = {
        "modelFormat": {"name": "safetensors", "version": "1.0.0"},
        "modelFramework": {"name": "transformers", "version": "4.51.0"},
        "modelArchitecture": f"Architecture{number}",
        "autoSelect": True,
        "priority": 1,
    }
    return builders.runtime(
        f"runtime-{number}",
        supportedModelFormats=[supported],
        modelSizeRange={"min": "1B", "max": "100B"},
    )


def runtimes(count: int) -> tuple[Runtime, ...]:
    """That many of them, as the matching rules take them."""
    return tuple(Runtime(runtime(number), kinds.CLUSTER_SERVING_RUNTIME) for number in range(count))


def _namespace(number: int) -> Manifest:
    return builders.manifest(kinds.NAMESPACE, f"team-{number:02}")


def _model(number: int) -> Manifest:
    return builders.model(f"model-{number}", modelArchitecture=f"Architecture{number}")


def _deployment(index: int) -> Manifest:
    namespace, name = service_key(index)
    return builders.deployment(f"{name}-engine", namespace, service=name)


def _pod(index: int) -> Manifest:
    namespace, name = service_key(index)
    ended = {"terminated": {"reason": "Error", "exitCode": 1, "message": "CUDA out of memory"}}
    crash = {"ready": False, "restartCount": 3, "state": {"waiting": {}}, "lastState": ended}
    made = builders.pod(
        pod_key(index).name,
        namespace,
        service=name,
        ready=bool(index % FAILING),
        node=f"gpu-{index % 100}",
        container=None if index % FAILING else crash,
    )
    made["spec"] |= {"volumes": [{"name": f"volume-{each}"} for each in range(6)]}
    made["metadata"]["managedFields"] = _managed_fields(made["status"])
    return made


def _event(index: int) -> Manifest:
    namespace, name = pod_key(index)
    made = builders.event("BackOff", "Back-off restarting failed container", about=name, kind="Pod")
    made["metadata"]["namespace"] = made["involvedObject"]["namespace"] = namespace
    return made


def _engine() -> Manifest:
    environment = [{"name": f"SETTING_{each}", "value": f"value-{each}"} for each in range(20)]
    resources = {"cpu": "8", "memory": "64Gi", "nvidia.com/gpu": "1"}
    runner = {
        "name": "ome-container",
        "image": "docker.io/lmsysorg/sglang:v0.5.2",
        "args": ["--tp-size=1", "--mem-frac=0.9", "--host=0.0.0.0", "--port=8080"],
        "env": environment,
        "resources": {"limits": resources, "requests": resources},
    }
    return {"minReplicas": 1, "maxReplicas": 2, "runner": runner}


def _as_applied(made: Manifest) -> Manifest:
    applied = json.dumps({"spec": made["spec"], "kind": made["kind"]})
    made["metadata"]["annotations"] = {LAST_APPLIED: applied}
    made["metadata"]["managedFields"] = _managed_fields(made["spec"]) * 2
    return made


def _managed_fields(owned: Manifest) -> list[Manifest]:
    return [
        {
            "manager": "kubectl-client-side-apply",
            "operation": "Update",
            "apiVersion": "ome.io/v1beta1",
            "time": "2026-03-01T11:00:00Z",
            "fieldsType": "FieldsV1",
            "fieldsV1": _fields(owned),
        }
    ]


def _fields(owned: object) -> Manifest:
    if isinstance(owned, dict):
        return {f"f:{name}": _fields(value) for name, value in owned.items()}
    if isinstance(owned, list):
        return {f"k:{number}": _fields(value) for number, value in enumerate(owned)}
    return {}
