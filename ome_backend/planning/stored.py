"""What a model object tells of its checkpoint, and where the rest of it can be read."""

from collections.abc import Mapping
from typing import Any

from ome_backend.planning.plan import ModelFacts
from ome_backend.resources.manifest import mapping, text
from ome_backend.resources.model import Model

SKIP_PARSING = "ome.oracle.com/skip-config-parsing"
_HUB = "hf://"


def stored_config(model: Model) -> Mapping[str, Any]:
    """spec.modelConfiguration: a config.json that people wrote there, or the agent's summary of one.

    The agent overwrites it unless the model's annotation skip-config-parsing says otherwise.
    Source: pkg/modelagent/config_parser.go (updateModelSpec).
    """
    return mapping(model.raw, "spec", "modelConfiguration")


def facts_of(
    model: Model, config: Mapping[str, Any] | None = None, *, size: str = ""
) -> ModelFacts:
    """The facts a plan starts from; `config` and `size` stand in for what the model has itself."""
    return ModelFacts(
        config or stored_config(model),
        size=size or model.size_text,
        quantization=model.quantization,
        max_tokens=model.max_tokens,
    )


def config_address(model: Model) -> str:
    """Where the checkpoint's config.json can be read on the Hub; empty for models from elsewhere."""
    if not model.storage_uri.startswith(_HUB):
        return ""
    name, _, branch = model.storage_uri.removeprefix(_HUB).partition("@")
    return f"https://huggingface.co/{name}/raw/{branch or 'main'}/config.json"


def keeps_its_config(model: Model) -> bool:
    """Whether the agent leaves spec.modelConfiguration as people wrote it."""
    return text(model.raw, "metadata", "annotations", SKIP_PARSING).lower() == "true"
