"""Diffusion pipelines: what OME reads from a diffusers model_index.json.

Source: pkg/hfutil/modelconfig/diffusion.go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ome_backend.facts import config_text
from ome_backend.facts.config_text import Value
from ome_backend.facts.failure import Failure
from ome_backend.resources.manifest import Manifest

_CLASS_NAMES: Final = ("_class_name", "class_name", "className")
_PARTS: Final = {
    "scheduler": "scheduler",
    "text_encoder": "textEncoder",
    "tokenizer": "tokenizer",
    "transformer": "transformer",
    "unet": "transformer",
    "vae": "vae",
}


@dataclass(frozen=True)
class Pipeline:
    """A pipeline and its parts; a part is a mapping with `library` and `type`, either may lack."""

    class_name: str
    version: str
    parts: Mapping[str, Manifest]
    others: Mapping[str, Manifest]


def class_name(document: Value) -> str:
    """The name of the pipeline's class, which serves as model type; empty when there is none."""
    return _text(document, *_CLASS_NAMES)


def parse(text: str) -> Pipeline | Failure:
    """The pipeline a model_index.json describes."""
    document = config_text.parse(config_text.sanitized(text))
    if isinstance(document, Failure):
        return Failure(f"failed to parse model_index.json: {document.text}")
    if not isinstance(document, dict):
        return Failure("failed to parse model_index.json: not an object")
    version = _text(document, "_diffusers_version", "diffusers_version")
    known, others = _components(document)
    pipeline = Pipeline(class_name(document), version, known, others)
    if not (pipeline.class_name or known or others):
        return Failure("model_index.json did not contain diffusion pipeline metadata")
    return pipeline


def manifest(pipeline: Pipeline) -> Manifest:
    """The pipeline as `spec.diffusionPipeline` holds it."""
    found: Manifest = {"className": pipeline.class_name, **pipeline.parts}
    if pipeline.others:
        found["additionalComponents"] = dict(pipeline.others)
    return found


def _components(document: dict[str, Value]) -> tuple[dict[str, Manifest], dict[str, Manifest]]:
    known: dict[str, Manifest] = {}
    others: dict[str, Manifest] = {}
    for key, value in document.items():
        part = None if key.startswith("_") else _component(value)
        if part is not None and key.lower() in _PARTS:
            known[_PARTS[key.lower()]] = part
        elif part is not None:
            others[key] = part
    return known, others


def _component(value: Value) -> Manifest | None:
    if isinstance(value, list) and all(each is None or isinstance(each, str) for each in value):
        words = [each or "" for each in value]
        library, kind = (["", *words] if len(words) == 1 else [*words, "", ""])[:2]
        return _named(library, kind) if words else None
    kind = _text(value, *_CLASS_NAMES, "type")
    library = _text(value, "_library", "library")
    return _named(library, kind) if kind or library else None


def _named(library: str, kind: str) -> Manifest:
    return {name: word for name, word in (("library", library), ("type", kind)) if word}


def _text(document: Value, *keys: str) -> str:
    values = [document.get(key) for key in keys] if isinstance(document, dict) else []
    return next((value for value in values if isinstance(value, str) and value), "")
