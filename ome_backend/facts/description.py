"""The facts OME derives from a checkpoint's configuration, before anything is downloaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ome_backend.facts import safetensors, size_text
from ome_backend.facts.capabilities import capabilities
from ome_backend.facts.diffusion import Pipeline
from ome_backend.facts.failure import Failure
from ome_backend.facts.reading import Files, Origin, Reading, read_config, read_pipeline
from ome_backend.facts.remarks import remarks

_RECORDED: Final = ("int4", "fp8")


@dataclass(frozen=True)
class Named:
    """A format or framework; `version` None is no version at all, which "" is not."""

    name: str
    version: str | None


@dataclass(frozen=True)
class ModelFacts:
    """What OME's agent would know of a model.

    `parameters` is None where OME knows no count (its size text is "0" then); `bytes` is its
    estimate from count and dtype, `weight_bytes` what the index of the weights says. `quantization`
    is what OME records of `quantization_method`. `problems` are sentences for a user.
    """

    model_type: str
    architecture: str
    parameters: int | None
    parameters_from: Origin
    size_text: str
    bytes: int
    weight_bytes: int | None
    context_length: int
    dtype: str
    quantization: str
    quantization_method: str
    transformers_version: str
    vision: bool
    embedding: bool
    capabilities: tuple[str, ...]
    format: Named
    framework: Named
    pipeline: Pipeline | None
    problems: tuple[str, ...]


def describe(
    config_text: str,
    *,
    index_text: str | None = None,
    sentence_text: str | None = None,
    headers: Sequence[str] = (),
    path: str = "config.json",
) -> ModelFacts | Failure:
    """What OME makes of a config.json; never raises.

    Beside it may lie `index_text`, the model.safetensors.index.json, and `sentence_text`, the
    config_sentence_transformers.json, by which OME tells the embedding models of Qwen3. `headers`
    are the JSON headers of the safetensors files: with them the parameters are counted as on the
    node. `path` is what OME's error texts call the file.
    """
    reading = read_config(Files(config_text, path, index_text, sentence_text, headers))
    if isinstance(reading, Failure):
        return reading
    return facts_of(reading, safetensors.weights(index_text or "").bytes)


def describe_pipeline(
    model_index_text: str, *, path: str = "model_index.json"
) -> ModelFacts | Failure:
    """What OME makes of a diffusers model_index.json, which wins over any config.json."""
    reading = read_pipeline(model_index_text, path)
    return reading if isinstance(reading, Failure) else facts_of(reading)


def facts_of(reading: Reading, weight_bytes: int | None = None) -> ModelFacts:
    """The facts that follow from a reading."""
    able = capabilities(
        reading.model_type,
        reading.architecture,
        vision=reading.vision,
        embedding=reading.embedding,
        diffusion=reading.pipeline is not None,
    )
    form, framework = _origin(reading)
    quantization = _quantization(reading.quantization_method)
    return ModelFacts(
        model_type=reading.model_type,
        architecture=reading.architecture,
        parameters=reading.parameters or None,
        parameters_from=reading.parameters_from,
        size_text=size_text.parameter_text(reading.parameters),
        bytes=reading.bytes,
        weight_bytes=weight_bytes,
        context_length=reading.context_length,
        dtype=reading.dtype,
        quantization=quantization,
        quantization_method=reading.quantization_method,
        transformers_version=reading.transformers_version,
        vision=reading.vision,
        embedding=reading.embedding,
        capabilities=able,
        format=form,
        framework=framework,
        pipeline=reading.pipeline,
        problems=remarks(reading, able, quantization),
    )


def _origin(reading: Reading) -> tuple[Named, Named]:
    if reading.pipeline is not None:
        diffusers = Named("diffusers", reading.pipeline.version)
        return diffusers, diffusers
    return Named("safetensors", "1.0.0"), Named(
        "transformers", reading.transformers_version or None
    )


def _quantization(method: str) -> str:
    return next((known for known in _RECORDED if known in method.lower()), "")
