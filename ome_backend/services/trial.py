"""Trying out other facts of a model: how would OME choose, before anything is written."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from ome_backend.matching.patching import Change, Edit, Path, edits
from ome_backend.matching.what_if import WhatIf, what_if
from ome_backend.resources.model import Model
from ome_backend.services.runtimes import Runtimes

_PATHS: dict[str, Path] = {
    "format_version": ("spec", "modelFormat", "version"),
    "framework_version": ("spec", "modelFramework", "version"),
    "architecture": ("spec", "modelArchitecture"),
    "quantization": ("spec", "quantization"),
    "size": ("spec", "modelParameterSize"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a model may be tried out; empty is absent."""

    format_version: str = ""
    framework_version: str = ""
    architecture: str = ""
    quantization: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """The ranking before and after, and the change as it could be written; no `edits` without a change."""

    found: WhatIf
    edits: tuple[Edit, ...]


def facts_of(model: Model) -> Facts:
    """The facts as the model declares them."""
    return Facts(
        format_version=model.format_version,
        framework_version=model.framework_version,
        architecture=model.architecture,
        quantization=model.quantization,
        size=model.size_text,
    )


def try_out(model: Model, wanted: Facts, runtimes: Runtimes) -> Trial:
    """What OME would choose for services of the model's namespace if it declared `wanted`."""
    changed = edits(_changes(model, wanted), {model.ref: model.raw})
    found = what_if(model, runtimes.manifests(), None, model.key.namespace, changed)
    return Trial(found, changed)


def _changes(model: Model, wanted: Facts) -> Iterator[Change]:
    """Only what differs; a version without a format or framework to belong to cannot be set."""
    held = facts_of(model)
    for each in fields(Facts):
        value = getattr(wanted, each.name)
        if value != getattr(held, each.name) and settable(model, each.name):
            yield Change(model.ref, _PATHS[each.name], value or None)


def settable(model: Model, name: str) -> bool:
    """Whether the model has what the fact belongs to."""
    owners = {"format_version": model.format_name, "framework_version": model.framework_name}
    return bool(owners.get(name, True))
