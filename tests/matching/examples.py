"""Small valid models, runtimes and services; a test names only what matters to it."""

from typing import Any

from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kinds import CLUSTER_SERVING_RUNTIME, SERVING_RUNTIME
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

LLAMA = {
    "modelFormat": {"name": "safetensors", "version": "1.0.0"},
    "modelFramework": {"name": "transformers", "version": "4.43.0"},
    "modelArchitecture": "LlamaForCausalLM",
}


def model(**spec: Any) -> Model:
    """A Llama of 8B; a field given as None is left out."""
    return Model(
        {"metadata": {"name": "m"}, "spec": _merged(LLAMA, {"modelParameterSize": "8B"}, spec)}
    )


def entry(**fields: Any) -> dict[str, Any]:
    """A supported format that fits the Llama and may be selected."""
    return _merged(LLAMA, {"autoSelect": True}, fields)


def runtime(
    name: str = "rt", *formats: dict[str, Any], namespace: str = "", **spec: Any
) -> Runtime:
    """A runtime for the Llama; namespaced when `namespace` is given."""
    return Runtime(
        {
            "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
            "spec": {"supportedModelFormats": list(formats) or [entry()], **spec},
        },
        SERVING_RUNTIME if namespace else CLUSTER_SERVING_RUNTIME,
    )


def size_range(low: str, high: str) -> dict[str, str]:
    return {"min": low, "max": high}


def service(**spec: Any) -> InferenceService:
    return InferenceService({"metadata": {"name": "s", "namespace": "demo"}, "spec": spec})


def _merged(*parts: dict[str, Any]) -> dict[str, Any]:
    merged = {name: value for part in parts for name, value in part.items()}
    return {name: value for name, value in merged.items() if value is not None}
