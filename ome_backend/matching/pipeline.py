"""The diffusion pipeline a runtime asks for, against the one a model has."""

from collections.abc import Mapping

from ome_backend.matching.mismatch import Mismatch
from ome_backend.resources.supported_format import PIPELINE_PARTS, Pipeline, PipelinePart


def mismatch(model: Pipeline | None, wanted: Pipeline | None) -> Mismatch | None:
    """The first thing that differs; None where nothing does. A runtime without one takes any.

    Additional components are looked at by name; OME does so in random order.
    Source: pkg/runtimeselector/matcher.go, compareDiffusionPipeline.
    """
    if wanted is None:
        return None
    if model is None:
        text = "diffusion pipeline required by runtime but not specified in model"
        return Mismatch(text, "no diffusion pipeline", "a diffusion pipeline")
    return (
        _class_mismatch(model.class_name, wanted.class_name)
        or _parts_mismatch(model.parts, wanted.parts)
        or _additional_mismatch(model.additional, wanted.additional)
    )


def _class_mismatch(has: str | None, wants: str | None) -> Mismatch | None:
    if wants is None or has == wants:
        return None
    shown = "<nil>" if has is None else has
    return Mismatch(
        f"pipeline class mismatch (model={shown}, runtime={wants})",
        "no pipeline class" if has is None else f"pipeline class {has}",
        f"pipeline class {wants}",
    )


def _parts_mismatch(
    model: Mapping[str, PipelinePart], wanted: Mapping[str, PipelinePart]
) -> Mismatch | None:
    found = (_part_mismatch(name, model.get(name), wanted.get(name)) for name in PIPELINE_PARTS)
    return next(filter(None, found), None)


def _additional_mismatch(
    model: Mapping[str, PipelinePart], wanted: Mapping[str, PipelinePart]
) -> Mismatch | None:
    if wanted and not model:
        text = "diffusion pipeline missing required additional components"
        return Mismatch(text, "no additional components", _named(wanted))
    for name in sorted(wanted):
        if name not in model:
            text = f"diffusion component {name} missing in model"
            return Mismatch(text, f"no component {name}", f"a component {name}")
        if found := _part_mismatch(name, model[name], wanted[name]):
            return found
    return None


def _part_mismatch(
    name: str, model: PipelinePart | None, wanted: PipelinePart | None
) -> Mismatch | None:
    if wanted is None:
        return None
    if model is None:
        text = f"component {name} required by runtime but not specified in model"
        return Mismatch(text, f"no {name}", f"a {name}")
    if wanted.library and wanted.library != model.library:
        return _field_mismatch(f"{name} library", model.library, wanted.library)
    if wanted.type and wanted.type != model.type:
        return _field_mismatch(f"{name} type", model.type, wanted.type)
    return None


def _field_mismatch(what: str, has: str, wants: str) -> Mismatch:
    return Mismatch(
        f"{what} mismatch (model={has}, runtime={wants})",
        f"{what} {has}" if has else f"no {what}",
        f"{what} {wants}",
    )


def _named(parts: Mapping[str, PipelinePart]) -> str:
    return f"a pipeline with {', '.join(sorted(parts))}"
