"""What OME's agent writes about a model: into its spec, and into the ConfigMap of each node.

Source: pkg/modelagent/config_parser.go (extractModelMetadataFromHF, updateModelSpec),
model_data.go (ConvertMetadataToModelConfig).
"""

import copy
from typing import Final

from ome_backend.facts import diffusion
from ome_backend.facts.description import ModelFacts, Named
from ome_backend.facts.go_integers import int32
from ome_backend.resources.manifest import Manifest, mapping, text

_SKIP: Final = "ome.oracle.com/skip-config-parsing"
_TEXTS: Final = ("modelType", "modelArchitecture", "modelParameterSize")
_NO_ARTIFACT: Final = {"sha": "", "parentPath": None, "childrenPaths": None}
_ENTRY: Final = (
    "modelType",
    "modelArchitecture",
    "modelFramework",
    "modelFormat",
    "modelParameterSize",
    "maxTokens",
    "modelCapabilities",
    "apiCapabilities",
    "decodedModelConfiguration",
    "quantization",
)


def skips_parsing(model: Manifest) -> bool:
    """Whether the model's annotation tells the agent not to look at its configuration."""
    return text(mapping(model, "metadata", "annotations"), _SKIP).lower() == "true"


def metadata(facts: ModelFacts) -> Manifest:
    """Everything the agent keeps of the facts, under the names of the model's spec."""
    configuration = {
        "model_type": facts.model_type,
        "architecture": facts.architecture,
        "context_length": facts.context_length,
        "parameter_count": facts.size_text,
        "has_vision": facts.vision,
        "is_embedding": facts.embedding,
        "transformers_version": facts.transformers_version,
        "torch_dtype": facts.dtype,
        "model_size_bytes": facts.bytes,
    }
    return {
        "modelType": facts.model_type,
        "modelArchitecture": facts.architecture,
        "modelFramework": _named(facts.framework),
        "modelFormat": _named(facts.format),
        "modelParameterSize": facts.size_text,
        "maxTokens": int32(facts.context_length),
        "modelCapabilities": list(facts.capabilities),
        "modelConfiguration": configuration,
        "quantization": facts.quantization,
        "diffusionPipeline": diffusion.manifest(facts.pipeline) if facts.pipeline else None,
    }


def derived_spec(facts: ModelFacts, spec: Manifest) -> Manifest:
    """The spec as the agent leaves it: what was empty is filled, the configuration overwritten.

    An architecture that the configuration does not name becomes the empty text; the context
    length (maxTokens) is not the agent's to set.
    """
    return filled(spec, metadata(facts))


def filled(spec: Manifest, found: Manifest) -> Manifest:
    """A copy of `spec` with the agent's `metadata` in its empty fields."""
    result = copy.deepcopy(spec)
    result |= {name: found[name] for name in _TEXTS if spec.get(name) is None}
    if not text(spec, "modelFormat", "name"):
        result["modelFormat"] = found["modelFormat"]
    for name in ("modelFramework", "quantization", "diffusionPipeline"):
        if spec.get(name) is None and found.get(name):
            result[name] = found[name]
    if not spec.get("modelCapabilities") and found.get("modelCapabilities"):
        result["modelCapabilities"] = found["modelCapabilities"]
    if found.get("modelConfiguration"):
        result["modelConfiguration"] = found["modelConfiguration"]
    return result


def node_entry(found: Manifest, artifact: Manifest | None = None) -> Manifest:
    """The `config` of a model in a node's ConfigMap, from the agent's `metadata`."""
    decoded = found.get("decodedModelConfiguration") or found.get("modelConfiguration")
    values = found | {"decodedModelConfiguration": decoded}
    if not text(found, "modelFormat", "name"):
        values["modelFormat"] = None
    entry = {name: values[name] for name in _ENTRY if values.get(name)}
    return {**entry, "artifact": artifact or dict(_NO_ARTIFACT)}


def _named(named: Named) -> Manifest:
    version = {} if named.version is None else {"version": named.version}
    return {"name": named.name, **version}
