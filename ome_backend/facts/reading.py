"""What OME's loaders return for one configuration: the values of its HuggingFaceModel interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ome_backend.facts import config_text, diffusion, loaders, safetensors, size_text, typed_fields
from ome_backend.facts.config_text import Value
from ome_backend.facts.diffusion import Pipeline
from ome_backend.facts.failure import Failure
from ome_backend.facts.generic_config import completed
from ome_backend.facts.loaders import Loader
from ome_backend.facts.text_loaders import GENERIC, TEXT_LOADERS
from ome_backend.facts.typed_fields import Fields, word
from ome_backend.facts.vision_loaders import VISION_LOADERS

_LOADERS: Final = {**TEXT_LOADERS, **VISION_LOADERS}
Origin = Literal["weights", "index", "configuration"]
_NO_KEY: Final = "model_type or _class_name field is missing or empty in config file '{path}'"
_DIVIDED: Final = Failure("runtime error: integer divide by zero", crash=True)
# The anonymous struct in which OME looks for the type, as Go writes it.
_KEY_STRUCT: Final = 'struct { ModelType string "json:\\"model_type\\"" }'


@dataclass(frozen=True)
class Reading:
    """A configuration as OME's code sees it; `parameters` is 0 when OME does not know."""

    model_type: str
    architecture: str = ""
    parameters: int = 0
    parameters_from: Origin = "configuration"
    bytes: int = 0
    context_length: int = 0
    dtype: str = ""
    quantization_method: str = ""
    transformers_version: str = ""
    vision: bool = False
    embedding: bool = False
    pipeline: Pipeline | None = None


@dataclass(frozen=True)
class Files:
    """A config.json, what lies beside it, and the path that OME's messages give it.

    `index` is the model.safetensors.index.json, `sentences` the config_sentence_transformers.json,
    `headers` those of the safetensors files.
    """

    config: str
    path: str
    index: str | None = None
    sentences: str | None = None
    headers: Sequence[str] = ()


def read_config(files: Files) -> Reading | Failure:
    """What the loader of the configuration's model type returns."""
    path = files.path
    key = _model_type(files.config, path)
    if isinstance(key, Failure):
        return key
    if not key:
        return Failure(_NO_KEY.format(path=path))
    loader = _LOADERS.get(key, GENERIC)
    fields = _fields(loader, files.config, path)
    if isinstance(fields, str):
        prefix = "" if loader is GENERIC else f"failed to load {key} model from '{path}': "
        return Failure(prefix + fields)
    return _reading(loader, fields | _beside(loader, files), files)


def read_pipeline(text: str, path: str) -> Reading | Failure:
    """A diffusers model_index.json, without the weights beside it."""
    key = _model_type(text, path)
    if isinstance(key, Failure):
        return key
    document = config_text.parse(config_text.sanitized(text))
    if not (key or diffusion.class_name(document)):
        return Failure(_NO_KEY.format(path=path))
    pipeline = diffusion.parse(text)
    if isinstance(pipeline, Failure):
        return pipeline
    return Reading("diffusers", pipeline.class_name, vision=True, pipeline=pipeline)


def _model_type(text: str, path: str) -> str | Failure:
    document = config_text.parse(config_text.sanitized(text))
    if isinstance(document, Failure):
        return Failure(f"failed to parse model config JSON from '{path}': {document.text}")
    typed = typed_fields.read(document, "Lookup.model_type")
    if typed.problem:
        said = typed.problem.replace("of type struct", f"of type {_KEY_STRUCT}")
        return Failure(f"failed to parse model config JSON from '{path}': {said}")
    return word(typed.fields, "model_type")


def _fields(loader: Loader, text: str, path: str) -> Fields | str:
    """The typed fields, or what OME says of them."""
    generic = loader is GENERIC
    document: Value = config_text.parse(config_text.sanitized(text) if generic else text)
    if isinstance(document, Failure):
        return _unreadable(loader, path, document.text)
    typed = typed_fields.read(document, loader.struct)
    if typed.problem:
        return _unreadable(loader, path, typed.problem)
    invalid = loaders.invalid(loader, typed.fields)
    if invalid:
        return f"invalid {loader.title} configuration in '{path}': {invalid}"
    return completed(typed.fields, document) if generic else typed.fields


def _unreadable(loader: Loader, path: str, problem: str) -> str:
    return loader.unreadable.format(title=loader.title, path=path, problem=problem)


def _beside(loader: Loader, files: Files) -> Fields:
    """What the file of sentence-transformers says instead of the configuration."""
    if not loader.sentence_file or files.sentences is None:
        return {}
    document = config_text.parse(files.sentences)
    typed = typed_fields.read(None if isinstance(document, Failure) else document, loader.struct)
    readable = not isinstance(document, Failure) and not typed.problem
    return {"similarity_fn_name": word(typed.fields, "similarity_fn_name")} if readable else {}


def _reading(loader: Loader, fields: Fields, files: Files) -> Reading | Failure:
    dtype = loader.dtype(fields)
    quantization = loader.quantization(fields)
    weights_dtype = "" if quantization else dtype
    known = _from_weights(files, weights_dtype)
    try:
        count, origin = known or (loaders.parameters(loader, fields), "configuration")
    except ZeroDivisionError:
        return _DIVIDED
    architectures = fields.get("architectures") or [loader.architecture]
    return Reading(
        model_type=word(fields, "model_type"),
        architecture=architectures[0] or "",
        parameters=count,
        parameters_from=origin,
        bytes=size_text.model_bytes(count, (loader.bytes_dtype or loader.dtype)(fields)),
        context_length=loader.context(fields),
        dtype=dtype,
        quantization_method=quantization,
        transformers_version=word(fields, "transformers_version"),
        vision=loader.vision(fields),
        embedding=loader.embedding(fields),
    )


def _from_weights(files: Files, dtype: str) -> tuple[int, Origin] | None:
    """The count of the headers; without them what the index allows to conclude."""
    counted = safetensors.counted(files.headers) if files.headers else 0
    if isinstance(counted, int) and counted:
        return counted, "weights"
    index = safetensors.weights(files.index or "")
    if index.parameters:
        return index.parameters, "index"
    # Only weights of one dtype, and a known one, can be divided up.
    if index.bytes and size_text.dtype_bytes(dtype) == 2:
        return index.bytes // 2, "index"
    return None
