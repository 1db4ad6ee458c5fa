"""What a model is made of and what a runtime asks for: the same traits on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.resources.optional import (
    optional_flag,
    optional_mapping,
    optional_number,
    optional_text,
)

PIPELINE_PARTS = ("scheduler", "textEncoder", "tokenizer", "transformer", "vae")


@dataclass(frozen=True, slots=True)
class Versioned:
    """A format or framework: `version` None is absent, `weight` 0 means OME's own default."""

    name: str
    version: str | None = None
    operator: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class PipelinePart:
    """One component of a diffusion pipeline."""

    library: str
    type: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A diffusion pipeline: `parts` holds the named components that are present."""

    class_name: str | None
    parts: Mapping[str, PipelinePart]
    additional: Mapping[str, PipelinePart]


@dataclass(frozen=True, slots=True)
class Traits:
    """Everything matching compares. None is absent, which is not the same as empty."""

    format: Versioned | None
    framework: Versioned | None
    architecture: str | None
    quantization: str | None
    pipeline: Pipeline | None


@dataclass(frozen=True, slots=True)
class SupportedFormat:
    """One entry of supportedModelFormats; `auto_select` and `priority` are None when absent."""

    name: str
    traits: Traits
    auto_select: bool | None
    priority: int | None
    accelerator_config: Manifest


def supported_format(raw: Mapping[str, Any]) -> SupportedFormat:
    """The typed form of one entry of supportedModelFormats."""
    return SupportedFormat(
        name=text(raw, "name"),
        traits=traits(raw),
        auto_select=optional_flag(raw, "autoSelect"),
        priority=optional_number(raw, "priority"),
        accelerator_config=mapping(raw, "acceleratorConfig"),
    )


def traits(raw: Mapping[str, Any]) -> Traits:
    """The traits in a model's spec or in a supported format; both spell them alike."""
    return Traits(
        format=_versioned(optional_mapping(raw, "modelFormat")),
        framework=_versioned(optional_mapping(raw, "modelFramework")),
        architecture=optional_text(raw, "modelArchitecture"),
        quantization=optional_text(raw, "quantization"),
        pipeline=_pipeline(optional_mapping(raw, "diffusionPipeline")),
    )


def _versioned(raw: Manifest | None) -> Versioned | None:
    if raw is None:
        return None
    return Versioned(
        name=optional_text(raw, "name") or "",
        version=optional_text(raw, "version"),
        operator=optional_text(raw, "operator") or "",
        weight=optional_number(raw, "weight") or 0,
    )


def _pipeline(raw: Manifest | None) -> Pipeline | None:
    if raw is None:
        return None
    additional = mapping(raw, "additionalComponents")
    return Pipeline(
        class_name=optional_text(raw, "className"),
        parts=_parts({part: raw.get(part) for part in PIPELINE_PARTS}),
        additional=_parts({name: value or {} for name, value in additional.items()}),
    )


def _parts(raw: Mapping[str, Any]) -> Mapping[str, PipelinePart]:
    return MappingProxyType(
        {
            str(name): PipelinePart(text(value, "library"), text(value, "type"))
            for name, value in raw.items()
            if isinstance(value, dict)
        }
    )
