"""The supported formats of a runtime, as they stand and as a new one would have to be."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ome_backend.matching import formats
from ome_backend.matching.mismatch import Mismatch
from ome_backend.resources.manifest import Manifest, items, mapping
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.resources.supported_format import SupportedFormat, Traits, supported_format

# What a new entry takes over from the nearest one is how it is run and weighed, not what it is for.
_WHAT_IT_IS_FOR = (
    "modelArchitecture",
    "quantization",
    "diffusionPipeline",
    "modelType",
    "version",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A supported format with its place in the list of the manifest."""

    index: int
    raw: Manifest
    format: SupportedFormat


def entries(runtime: Runtime) -> tuple[Entry, ...]:
    """The supported formats of `runtime` in the order of the manifest."""
    listed = items(runtime.raw, "spec", "supportedModelFormats")
    return tuple(
        Entry(index, raw, supported_format(raw))
        for index, raw in enumerate(listed)
        if isinstance(raw, dict)
    )


def nearest(model: Traits, found: Sequence[Entry]) -> Entry | None:
    """The entry with the fewest mismatches; of equals one OME may select, then the first."""
    return min(
        found, key=lambda entry: (_distance(model, entry), not _selectable(entry)), default=None
    )


def differences(model: Traits, entry: Entry) -> tuple[Mismatch, ...]:
    return formats.mismatches(model, entry.format.traits)


def entry_for(model: Model, pattern: Entry | None) -> Manifest:
    """A supported format for exactly this model, run and weighed like `pattern`."""
    raw: Manifest = deepcopy(pattern.raw) if pattern else {"autoSelect": True}
    for name in _WHAT_IT_IS_FOR:
        raw.pop(name, None)
    for name in ("modelFormat", "modelFramework"):
        raw[name] = _versioned(mapping(raw, name), mapping(model.raw, "spec", name))
    for name in ("modelArchitecture", "quantization", "diffusionPipeline"):
        value = mapping(model.raw, "spec").get(name)
        if value is not None:
            raw[name] = deepcopy(value)
    return raw


def _versioned(pattern: Manifest, model: Manifest) -> dict[str, Any]:
    kept = {name: value for name, value in pattern.items() if name == "weight"}
    named = {name: model[name] for name in ("name", "version") if model.get(name) is not None}
    return {**named, "operator": "Equal", **kept}


def _distance(model: Traits, entry: Entry) -> int:
    return len(differences(model, entry))


def _selectable(entry: Entry) -> bool:
    return entry.format.auto_select is True
