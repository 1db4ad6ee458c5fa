"""One small object of every kind that is edited, and a change of it."""

from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind

MODEL = {"storage": {"storageUri": "hf://org/model", "path": "/mnt/data/models/org/model"}}
RUNTIME = {
    "supportedModelFormats": [
        {"modelFormat": {"name": "safetensors"}, "modelFramework": {"name": "transformers"}}
    ],
    "engineConfig": {"runner": {"name": "ome-container", "image": "example.com/engine:1"}},
}
SPECS: dict[Kind, dict[str, Any]] = {
    kinds.BASE_MODEL: MODEL,
    kinds.CLUSTER_BASE_MODEL: MODEL,
    kinds.SERVING_RUNTIME: RUNTIME,
    kinds.CLUSTER_SERVING_RUNTIME: RUNTIME,
    kinds.INFERENCE_SERVICE: {"engine": {"minReplicas": 1}},
    kinds.ACCELERATOR_CLASS: {
        "capabilities": {"memoryGB": "80"},
        "discovery": {"nodeSelector": {"gpu": "h100"}},
        "vendor": "nvidia",
    },
    kinds.BENCHMARK_JOB: {
        "endpoint": {"endpoint": {"apiFormat": "openai", "url": "http://example.com"}},
        "maxRequestsPerIteration": 10,
        "maxTimePerIteration": 1,
        "outputLocation": {"storageUri": "pvc://results/here"},
        "task": "text-to-text",
    },
    kinds.FINE_TUNED_WEIGHT: {
        "baseModelRef": {"name": "base"},
        "hyperParameters": {"rank": 8},
        "modelType": "LoRA",
        "storage": {"storageUri": "hf://org/weights"},
    },
}
# What a person changes, what a colleague changes meanwhile, as paths and values.
CHANGES: dict[Kind, tuple[tuple[tuple[str, ...], Any], tuple[tuple[str, ...], Any]]] = {
    kinds.BASE_MODEL: ((("spec", "vendor"), "us"), (("spec", "version"), "2")),
    kinds.CLUSTER_BASE_MODEL: ((("spec", "vendor"), "us"), (("spec", "version"), "2")),
    kinds.SERVING_RUNTIME: ((("spec", "disabled"), True), (("metadata", "labels"), {"a": "b"})),
    kinds.CLUSTER_SERVING_RUNTIME: (
        (("spec", "disabled"), True),
        (("metadata", "labels"), {"a": "b"}),
    ),
    kinds.INFERENCE_SERVICE: (
        (("spec", "engine", "minReplicas"), 2),
        (("spec", "engine", "maxReplicas"), 4),
    ),
    kinds.ACCELERATOR_CLASS: ((("spec", "family"), "hopper"), (("spec", "model"), "h100")),
    kinds.BENCHMARK_JOB: (
        (("spec", "maxTimePerIteration"), 2),
        (("spec", "maxRequestsPerIteration"), 20),
    ),
    kinds.FINE_TUNED_WEIGHT: ((("spec", "vendor"), "us"), (("spec", "version"), "2")),
}
