"""What would have to change for OME to use a runtime it rejects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ome_backend.matching import (
    remedies_accelerator,
    remedies_format,
    remedies_size,
    remedies_switch,
)
from ome_backend.matching.judgement import judge
from ome_backend.matching.patching import Edit, Patch, applied, edits
from ome_backend.matching.remedies_fix import Danger, Fix
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

Outcome = Literal["auto-selectable", "compatible", "named"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change after which OME takes the runtime: `patch` of `target`, together with `also`.

    `outcome` is what the runtime is then: `compatible` is enough for a service that names it,
    `auto-selectable` for every service, and `named` says that the service names it.
    """

    target: Ref
    sentence: str
    patch: Patch
    risk: str
    outcome: Outcome
    also: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Everything that has to be done, each object once."""
        return (Edit(self.target, self.patch), *self.also)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be brought together."""

    model: Model
    runtime: Runtime
    service: InferenceService | None

    @property
    def objects(self) -> dict[Ref, Manifest]:
        found = {self.model.ref: self.model.raw, self.runtime.ref: self.runtime.raw}
        return found | ({self.service.ref: self.service.raw} if self.service else {})

    def after(self, changes: Sequence[Edit]) -> Outcome | None:
        """What the runtime is with `changes` made; None where OME still rejects it."""
        raw = self.objects
        raw |= {edit.target: applied(raw[edit.target], edit.patch) for edit in changes}
        model = replace(self.model, raw=raw[self.model.ref])
        runtime = replace(self.runtime, raw=raw[self.runtime.ref])
        service = replace(self.service, raw=raw[self.service.ref]) if self.service else None
        verdict = judge(model, runtime, service)
        if not verdict.compatible or not model.format_name:
            return None
        if verdict.auto_selectable:
            return "auto-selectable"
        named = service is not None and service.runtime_name == runtime.key.name
        return "named" if named else "compatible"


def remedies(
    model: Model, runtime: Runtime, service: InferenceService | None = None
) -> tuple[Remedy, ...]:
    """The smallest changes that would make OME use `runtime` for `model`, the safest first.

    Each removes all that stands in the way and was tried out. Empty for a runtime that OME may
    choose already, and where nothing helps without making a model declare what it is not.
    """
    verdict = judge(model, runtime, service)
    if verdict.auto_selectable:
        return ()
    if verdict.compatible:
        groups = [remedies_switch.selecting(model, runtime, service)]
    else:
        groups = _obstacles(model, runtime, service)
    case = _Case(model, runtime, service)
    tried = (_remedy(fixes, case) for fixes in _combined(groups))
    gained = {"auto-selectable", "named"} if verdict.compatible else {*get_args(Outcome)}
    return tuple(found for found in tried if found and found.outcome in gained)


def _obstacles(
    model: Model, runtime: Runtime, service: InferenceService | None
) -> list[tuple[Fix, ...]]:
    """The ways around each obstacle, also around those OME does not come to name."""
    found = (
        remedies_switch.enabling(runtime),
        remedies_accelerator.fixes(runtime, service),
        remedies_format.fixes(model, runtime),
        remedies_size.fixes(model, runtime),
    )
    return [ways for ways in found if ways is not None]


def _combined(groups: Sequence[tuple[Fix, ...]]) -> list[tuple[Fix, ...]]:
    """Every way around one obstacle with the safest around each other one, the safest first."""
    if not all(groups):
        return []
    ordered = [sorted(ways, key=lambda fix: fix.danger) for ways in groups]
    safest = [ways[0] for ways in ordered]
    found: list[tuple[Fix, ...]] = []
    for place, ways in enumerate(ordered):
        for way in ways:
            combined = (*safest[:place], way, *safest[place + 1 :])
            found += [] if combined in found else [combined]
    return sorted(found, key=_danger)


def _danger(fixes: tuple[Fix, ...]) -> tuple[Danger, int]:
    worst = max(fix.danger for fix in fixes)
    return worst, sum(len(fix.changes) for fix in fixes)


def _remedy(fixes: Sequence[Fix], case: _Case) -> Remedy | None:
    """The fixes as one remedy; None where OME would still not take the runtime."""
    found = edits((change for fix in fixes for change in fix.changes), case.objects)
    outcome = case.after(found)
    if outcome is None:
        return None
    return Remedy(
        target=found[0].target,
        sentence=" ".join(fix.sentence for fix in fixes),
        patch=found[0].patch,
        risk=" ".join(dict.fromkeys(fix.risk for fix in fixes)),
        outcome=outcome,
        also=found[1:],
    )
