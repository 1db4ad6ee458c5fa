"""One supported format of a runtime against one model: what differs."""

from collections.abc import Iterator

from ome_backend.matching import pipeline, version
from ome_backend.matching.mismatch import Mismatch, differing, missing, unwanted
from ome_backend.resources.supported_format import Traits, Versioned

UNKNOWN = Mismatch("unknown mismatch", "a format", "no format at all")


def mismatches(model: Traits, wanted: Traits) -> tuple[Mismatch, ...]:
    """Every check that fails, in OME's order; empty when the format matches.

    Architecture, quantization, framework and versions must be on both sides or on neither.
    Source: pkg/runtimeselector/matcher.go, compareSupportedModelFormats, getFormatMismatchReason.
    """
    found = tuple(_mismatches(model, wanted))
    return (UNKNOWN,) if not found and wanted.format is None else found


def wording(found: tuple[Mismatch, ...]) -> str:
    """OME's words for the mismatches of one format."""
    return ", ".join(entry.text for entry in found)


def label(model: Traits) -> str:
    """How OME names a model's traits in its messages. Source: getModelFormatLabel."""
    parts = [*_label(model.format), model.architecture, model.quantization]
    parts += _label(model.framework)
    return "mt:" + ":".join(part for part in parts if part is not None)


def _label(part: Versioned | None) -> list[str | None]:
    return [] if part is None else [part.name, part.version]


def _mismatches(model: Traits, wanted: Traits) -> Iterator[Mismatch]:
    if found := pipeline.mismatch(model.pipeline, wanted.pipeline):
        yield found
    if found := _trait("architecture", model.architecture, wanted.architecture):
        yield found
    if found := _trait("quantization", model.quantization, wanted.quantization):
        yield found
    if (
        model.format
        and wanted.format
        and (found := _versioned("format", model.format, wanted.format))
    ):
        yield found
    if found := _framework(model.framework, wanted.framework):
        yield found


def _trait(what: str, has: str | None, wants: str | None) -> Mismatch | None:
    if has == wants:
        return None
    if has is None:
        return missing(what, wants or "")
    return unwanted(what, has) if wants is None else differing(what, has, wants)


def _framework(has: Versioned | None, wants: Versioned | None) -> Mismatch | None:
    if has is None:
        return missing("framework", wants.name) if wants else None
    if wants is None:
        return unwanted("framework", has.name)
    return _versioned("framework", has, wants)


def _versioned(what: str, has: Versioned, wants: Versioned) -> Mismatch | None:
    if has.name != wants.name:
        return _name_mismatch(what, has.name, wants.name)
    if has.version is not None and wants.version is not None:
        if version.satisfies(wants.version, has.version, wants.operator):
            return None
        return _version_mismatch(what, has, wants)
    if has.version == wants.version:
        return None
    return _version_on_one_side(what, has, wants)


def _name_mismatch(what: str, has: str, wants: str) -> Mismatch:
    return Mismatch(
        f"{what} name mismatch (model={has}, runtime={wants})",
        f"{what} {has}" if has else f"no {what}",
        f"{what} {wants}",
    )


def _version_mismatch(what: str, has: Versioned, wants: Versioned) -> Mismatch:
    asked = version.asked(wants.version or "", has.version or "", wants.operator)
    return Mismatch(
        f"{what} version mismatch (model={has.version}, runtime={wants.version})",
        f"{has.name} {has.version}",
        f"{wants.name} {asked}",
    )


def _version_on_one_side(what: str, has: Versioned, wants: Versioned) -> Mismatch:
    if has.version is None:
        text = f"model has no {what} version but runtime requires {wants.version}"
        return Mismatch(text, f"{has.name} without a version", f"{wants.name} {wants.version}")
    text = f"model has {what} version but runtime has no version requirement"
    return Mismatch(text, f"{has.name} {has.version}", f"{wants.name} without a version")
