"""What a model would have to declare to match a supported format.

A model is never made to be something else: what it declares of architecture, quantization, format,
framework and pipeline stays. Only what it left open is filled in, and versions are adjusted.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ome_backend.matching import pipeline, version
from ome_backend.matching.patching import Change, Path
from ome_backend.matching.remedies_entry import Entry
from ome_backend.matching.remedies_fix import Danger, Fix, listed, sentence
from ome_backend.resources.manifest import dig, text
from ome_backend.resources.model import Model
from ome_backend.resources.optional import texts
from ome_backend.resources.supported_format import Versioned

_RISKS = {
    Danger.COMPLETES: "Only right if the checkpoint really is of that kind: OME believes what a "
    "model declares.",
    Danger.RESTATES: "The model then declares another version than before; the engine must be able "
    "to read what is really there.",
    Danger.CLAIMS: "Only right if config.json of the checkpoint names this architecture: OME "
    "believes what a model declares, and the engine fails to load anything else.",
}


class Step(NamedTuple):
    """One field of a model to set, or to remove when `value` is None."""

    path: Path
    value: Any
    danger: Danger = Danger.COMPLETES


_Steps = list[Step] | None


def declaring(model: Model, entry: Entry) -> Fix | None:
    """What the model has to declare to match `entry`; None when that would be a lie."""
    steps = _steps(model, entry)
    return fix(model, steps) if steps else None


def fix(model: Model, steps: Iterable[Step]) -> Fix:
    """The `steps` on the model, in words."""
    found = tuple(steps)
    danger = max(step.danger for step in found)
    return Fix(
        tuple(Change(model.ref, step.path, step.value) for step in found),
        sentence(f"{listed(map(_word, found))} on {model.ref}"),
        _RISKS[danger],
        danger,
    )


def expressible(model: Model, entry: Entry | None) -> tuple[Step, ...] | None:
    """What the model must declare before any supported format can match it.

    A format and a framework, because a supported format must have both, and versions that OME can
    read. `entry` says which where the model does not; None when neither does.
    """
    wanted = entry.format.traits if entry else None
    own_format = model.traits.format
    known = own_format if own_format and own_format.name else None
    parts = (
        _readable(model, "modelFormat", known, wanted.format if wanted else None),
        _readable(
            model, "modelFramework", model.traits.framework, wanted.framework if wanted else None
        ),
    )
    return _together(parts)


def _readable(model: Model, name: str, has: Versioned | None, wants: Versioned | None) -> _Steps:
    offered = wants.version if wants and version.parse(wants.version or "") else None
    if has is None:
        return _named(model, name, wants.name, offered) if wants else None
    if has.version is None or version.parse(has.version):
        return []
    same = wants is not None and wants.name == has.name
    return [Step(("spec", name, "version"), offered if same else None, Danger.RESTATES)]


def _named(model: Model, name: str, value: str, number: str | None) -> list[Step]:
    """A format or framework for a model without: as a whole, or into the empty one it has."""
    whole = {"name": value} | ({"version": number} if number is not None else {})
    if not isinstance(dig(model.raw, "spec", name), dict):
        return [Step(("spec", name), whole)]
    return [Step(("spec", name, field), part) for field, part in whole.items()]


def _steps(model: Model, entry: Entry) -> tuple[Step, ...] | None:
    has, wants = model.traits, entry.format.traits
    named = has.format if has.format and has.format.name else None
    return _together(
        (
            _pipeline(model, entry),
            _architecture(model, wants.architecture),
            [] if has.quantization == wants.quantization else None,
            _versioned(model, "modelFormat", named, wants.format) if wants.format else None,
            _framework(model, wants.framework),
        )
    )


def _together(parts: Iterable[_Steps]) -> tuple[Step, ...] | None:
    found: list[Step] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return tuple(found)


def _pipeline(model: Model, entry: Entry) -> _Steps:
    has, wants = model.traits.pipeline, entry.format.traits.pipeline
    if pipeline.mismatch(has, wants) is None:
        return []
    if has is not None:
        return None
    return [Step(("spec", "diffusionPipeline"), entry.raw["diffusionPipeline"])]


def _architecture(model: Model, wants: str | None) -> _Steps:
    """Filled in where the model declares none and its configuration names no other."""
    has = model.traits.architecture
    if has == wants:
        return []
    known = _configured(model)
    if has is not None or (known and wants not in known):
        return None
    danger = Danger.COMPLETES if known else Danger.CLAIMS
    return [Step(("spec", "modelArchitecture"), wants, danger)]


def _configured(model: Model) -> tuple[str, ...]:
    """The architectures its configuration names, as a config.json does or as the agent's summary does."""
    path = ("spec", "modelConfiguration")
    summed_up = text(model.raw, *path, "architecture")
    return texts(model.raw, *path, "architectures") or ((summed_up,) if summed_up else ())


def _framework(model: Model, wants: Versioned | None) -> _Steps:
    has = model.traits.framework
    if wants is None:
        return [] if has is None else None
    return _versioned(model, "modelFramework", has, wants)


def _versioned(model: Model, name: str, has: Versioned | None, wants: Versioned) -> _Steps:
    if has is None:
        fits = _version(name, None, wants) is not None
        return _named(model, name, wants.name, wants.version) if fits else None
    return _version(name, has.version, wants) if has.name == wants.name else None


def _version(name: str, has: str | None, wants: Versioned) -> _Steps:
    """No step where they agree; None where no version would do or the runtime wants none."""
    if wants.version is None:
        return [] if has is None else None
    if has is not None and version.satisfies(wants.version, has, wants.operator):
        return []
    if not version.satisfies(wants.version, wants.version, wants.operator):
        return None
    danger = Danger.COMPLETES if has is None else Danger.RESTATES
    return [Step(("spec", name, "version"), wants.version, danger)]


def _word(step: Step) -> str:
    field = ".".join(str(part) for part in step.path[1:])
    if step.value is None:
        return f"remove {field}"
    if isinstance(step.value, str):
        return f"set {field} to {step.value}"
    if field == "diffusionPipeline":
        return "declare the diffusionPipeline that the runtime asks for"
    return f"set {field} to {' '.join(step.value.values())}"
