"""What a new object begins with: its type, the parts its schema asks for, and what nearly every one has."""

from collections.abc import Mapping
from typing import Any, Final

from ome_backend.editing.placing import placed
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.crds import Crd
from ome_backend.schema.yaml_dump import dump

_Values = Mapping[tuple[str, ...], Any]

_MODEL: Final[_Values] = {
    ("spec", "modelFormat", "name"): "safetensors",
    ("spec", "modelFramework", "name"): "transformers",
}
_RUNTIME: Final[_Values] = {
    ("spec", "supportedModelFormats"): [
        {
            "modelFramework": {"name": "transformers"},
            "modelFormat": {"name": "safetensors"},
            "autoSelect": True,
            "priority": 1,
        }
    ],
    ("spec", "protocolVersions"): ["openAI"],
    ("spec", "engineConfig", "runner", "name"): "ome-container",
}
_USUAL: Final[Mapping[str, _Values]] = {
    kinds.BASE_MODEL.name: _MODEL,
    kinds.CLUSTER_BASE_MODEL.name: _MODEL,
    kinds.SERVING_RUNTIME.name: _RUNTIME,
    kinds.CLUSTER_SERVING_RUNTIME.name: _RUNTIME,
    kinds.INFERENCE_SERVICE.name: {("spec", "engine"): {"minReplicas": 1, "maxReplicas": 1}},
    kinds.FINE_TUNED_WEIGHT.name: {("spec", "hyperParameters", "strategy"): "lora"},
    kinds.ACCELERATOR_CLASS.name: {
        ("spec", "resources"): [{"name": "nvidia.com/gpu", "quantity": "1"}]
    },
    kinds.BENCHMARK_JOB.name: {
        ("spec", "task"): "text-to-text",
        ("spec", "trafficScenarios"): ["D(100,100)"],
        ("spec", "numConcurrency"): [1, 4],
        ("spec", "maxTimePerIteration"): 10,
        ("spec", "maxRequestsPerIteration"): 100,
    },
    kinds.SECRET.name: {("type",): "Opaque"},
}


def beginning(crd: Crd, namespace: str = "") -> str:
    """The text that a new object of a kind begins with; the person names it and fills it in."""
    manifest: Manifest = {
        "apiVersion": crd.kind.api_version,
        "kind": crd.kind.name,
        "metadata": {"namespace": namespace} if crd.kind.namespaced and namespace else {},
    }
    spec = crd.schema.get("properties", {}).get("spec")
    if spec is not None and crd.kind != kinds.NAMESPACE:
        _require(manifest, "spec", spec)
    for path, value in _USUAL.get(crd.kind.name, {}).items():
        placed(manifest, path, value)
    return dump(manifest)


def _require(held: Manifest, name: str, schema: Mapping[str, Any]) -> None:
    """The object and the objects it must have, all of them empty."""
    inside = held.setdefault(name, {})
    for each in schema.get("required", ()):
        child = schema["properties"].get(each, {})
        if child.get("type") == "object":
            _require(inside, each, child)
