"""A keystroke in the editor until everything that is wrong with the text is known."""

from collections.abc import Iterator
from typing import Any

import yaml

from benchmarks import cluster, console
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, measure
from ome_backend.backend import Backend
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import dump
from ome_backend.services.editing import Editing
from ome_backend.services.schemas import ClusterSchemas

SERVICES = 50
USUAL, LARGE = (
    3,
    40,
)  # of what is counted: arguments, variables, volumes, tolerations of each container
TARGET = 100.0
TIMES = 31


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running(SERVICES) as held, console.opened(held) as backend:
        large = _runtime(LARGE)
        baseline = measure(
            f"PyYAML in C reads {_size(large)}",
            lambda: yaml.load(large, Loader=yaml.CSafeLoader),
            times=TIMES,
        )
        yield Report("Checking while typing", baseline, (*_figures(held, backend),))


def _figures(held: Cluster, backend: Backend) -> Iterator[Figure]:
    for kind, make in (("runtime", _runtime), ("service", _service)):
        for count in (USUAL, LARGE):
            text = make(count)
            assert not backend.editing.check(text).all_problems, "a manifest that is not valid"
            yield _check(backend.editing, f"a {kind} of {_size(text)}", text)
    yield measure(
        "the first check after a start, schemas not read ahead",
        lambda: _unread(held, backend).check(_runtime(USUAL)),
        times=7,
    )


def _check(editing: Editing, name: str, text: str) -> Figure:
    return measure(name, lambda: editing.check(text), times=TIMES, target=TARGET)


def _unread(held: Cluster, backend: Backend) -> Editing:
    """An editor that has not seen the cluster's definitions yet."""
    client = console.client(held)
    return Editing(client, backend.cache, ClusterSchemas(client), backend.settings.ome_namespace)


def _size(text: str) -> str:
    return f"{text.count(chr(10)):,} lines, {len(text) / 1000:.0f} kB"


def _runtime(count: int) -> str:
    formats = [
        {
            "modelFormat": {"name": "safetensors"},
            "modelFramework": {"name": "transformers"},
            "modelArchitecture": f"Architecture{number}",
            "priority": number + 1,
            "autoSelect": True,
        }
        for number in range(count)
    ]
    spec = {"supportedModelFormats": formats, "engineConfig": _component(count)}
    return dump(_manifest("ServingRuntime", "large", spec))


def _service(count: int) -> str:
    model = {"name": "model-1", "kind": "ClusterBaseModel"}
    spec = {"model": model, "engine": {"minReplicas": 1, "maxReplicas": 3} | _component(count)}
    return dump(_manifest("InferenceService", "large", spec))


def _manifest(kind: str, name: str, spec: Manifest) -> Manifest:
    metadata = {"name": name, "namespace": "team-00"}
    return {"apiVersion": "ome.io/v1beta1", "kind": kind, "metadata": metadata, "spec": spec}


def _component(count: int) -> Manifest:
    """A pod with three containers."""
    sidecars = [_container(f"sidecar-{number}", count) for number in range(2)]
    return {
        "runner": _container("ome-container", count),
        "containers": sidecars,
        "volumes": [{"name": f"v{number}", "emptyDir": {}} for number in range(count)],
        "tolerations": [{"key": f"k{number}", "operator": "Exists"} for number in range(count)],
    }


def _container(name: str, count: int) -> dict[str, Any]:
    numbers = range(count)
    return {
        "name": name,
        "image": "registry.example.com/engine:1",
        "args": [f"--flag-{number}={number}" for number in numbers],
        "env": [_variable(number) for number in numbers],
        "volumeMounts": [{"name": f"v{number}", "mountPath": f"/m{number}"} for number in numbers],
        "resources": {"limits": {"cpu": 10, "memory": "64Gi", "nvidia.com/gpu": 8}},
        "livenessProbe": {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 10},
    }


def _variable(number: int) -> Manifest:
    if number % 2:
        return {"name": f"V{number}", "value": str(number)}
    source = {"fieldRef": {"fieldPath": "metadata.name"}}
    return {"name": f"V{number}", "valueFrom": source}
