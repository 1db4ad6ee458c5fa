"""What would make a supported format of a runtime match a model."""

from collections.abc import Sequence
from dataclasses import replace

from ome_backend.matching import formats, version
from ome_backend.matching.patching import APPEND, Change, applied, patch
from ome_backend.matching.remedies_entry import (
    Entry,
    differences,
    entries,
    entry_for,
    nearest,
)
from ome_backend.matching.remedies_fix import Danger, Fix
from ome_backend.matching.remedies_model import Step, declaring, expressible, fix
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.resources.supported_format import Traits, Versioned, supported_format

_ANY_OLDER = version.GREATER_THAN_OR_EQUAL


def fixes(model: Model, runtime: Runtime) -> tuple[Fix, ...] | None:
    """The ways to make one of the formats match; None when one does.

    A model that really is something else than the runtime takes gets a supported format of its
    own; what the model declares of itself is never bent to fit.
    """
    found = entries(runtime)
    if any(not differences(model.traits, entry) for entry in found):
        return None
    declared, added = _declaring(model, found), _own_entry(model, runtime, found)
    if declared and added and all(change in added.changes for change in declared.changes):
        added = None  # what the model has to declare in any case is enough
    return tuple(way for way in (declared, added, _widening(model, runtime, found)) if way)


def _declaring(model: Model, found: Sequence[Entry]) -> Fix | None:
    """The entry for which the model has to declare least."""
    ways = [way for way in (declaring(model, entry) for entry in found) if way]
    return min(ways, key=lambda way: (len(way.changes), way.danger), default=None)


def _own_entry(model: Model, runtime: Runtime, found: Sequence[Entry]) -> Fix | None:
    pattern = nearest(model.traits, found)
    steps = expressible(model, pattern)
    if steps is None:
        return None
    completed = _completed(model, steps)
    raw = entry_for(completed, pattern)
    change = Change(runtime.ref, ("spec", "supportedModelFormats", APPEND), raw)
    danger, risk = _doubt(completed.traits, pattern)
    added = Fix((change,), f"Add {_label(raw)} to the formats of {runtime.ref}.", risk, danger)
    return _both(added, fix(model, steps)) if steps else added


def _completed(model: Model, steps: Sequence[Step]) -> Model:
    changes = [Change(model.ref, step.path, step.value) for step in steps]
    return Model(applied(model.raw, patch(model.raw, changes)), model.kind)


def _both(first: Fix, second: Fix) -> Fix:
    return Fix(
        (*first.changes, *second.changes),
        f"{first.sentence} {second.sentence}",
        f"{first.risk} {second.risk}",
        max(first.danger, second.danger),
    )


def _doubt(model: Traits, pattern: Entry | None) -> tuple[Danger, str]:
    """What may go wrong when the engine of the runtime gets this model."""
    wants = pattern.format.traits if pattern else None
    doubted = _doubted(model, wants)
    if doubted:
        return Danger.UNPROVEN, f"The engine may not support this {doubted}."
    if wants and model.architecture is None and wants.architecture is not None:
        return Danger.WIDENS, "The runtime then takes every such model without an architecture."
    return Danger.ADDS, "The engine may be older than the model needs."


def _doubted(model: Traits, wants: Traits | None) -> str:
    if wants is None or (
        model.architecture is not None and model.architecture != wants.architecture
    ):
        return "architecture"
    if model.quantization != wants.quantization:
        return "quantization"
    if _name(model.format) != _name(wants.format):
        return "format"
    if _name(model.framework) != _name(wants.framework):
        return "framework"
    pipeline = formats.mismatches(model, replace(model, pipeline=wants.pipeline))
    return "diffusion pipeline" if pipeline and wants.pipeline else ""


def _name(part: Versioned | None) -> str:
    return part.name if part else ""


def _label(raw: dict[str, object]) -> str:
    """The traits of a new entry, such as `safetensors 1.0.0, transformers, LlamaForCausalLM`."""
    traits = supported_format(raw).traits
    versioned = [part for part in (traits.format, traits.framework) if part]
    words = [f"{part.name} {part.version or ''}".strip() for part in versioned]
    words += [word for word in (traits.architecture, traits.quantization) if word]
    return ", ".join(words)


def _widening(model: Model, runtime: Runtime, found: Sequence[Entry]) -> Fix | None:
    """GreaterThanOrEqual on the first entry whose versions are merely newer than the model's."""
    for entry in found:
        parts = _newer(model.traits, entry)
        if parts:
            path = ("spec", "supportedModelFormats", entry.index)
            changes = [Change(runtime.ref, (*path, name, "operator"), _ANY_OLDER) for name in parts]
            return Fix(
                tuple(changes),
                f"Let {runtime.ref} take older versions of {_label(entry.raw)}.",
                "Every model with an older version written alike then matches; one that writes the "
                "same version with more or fewer parts no longer does.",
                Danger.WIDENS,
            )
    return None


def _newer(model: Traits, entry: Entry) -> tuple[str, ...]:
    """The parts of `entry` that would do with older versions allowed, if nothing else differs."""
    wants = entry.format.traits
    candidates = {"modelFormat": (model.format, wants.format)}
    candidates["modelFramework"] = (model.framework, wants.framework)
    parts = tuple(name for name, (has, asks) in candidates.items() if _outdated(has, asks))
    relaxed = replace(
        wants,
        format=_relaxed(wants.format) if "modelFormat" in parts else wants.format,
        framework=_relaxed(wants.framework) if "modelFramework" in parts else wants.framework,
    )
    return () if formats.mismatches(model, relaxed) else parts


def _outdated(has: Versioned | None, wants: Versioned | None) -> bool:
    if not has or not wants or has.version is None or wants.version is None:
        return False
    return not version.satisfies(wants.version, has.version, wants.operator)


def _relaxed(part: Versioned | None) -> Versioned | None:
    return replace(part, operator=_ANY_OLDER) if part else None
