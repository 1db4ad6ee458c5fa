"""Which accelerator class OME runs a component on. Source: pkg/acceleratorclassselector."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ome_backend.matching import accelerators_score as score
from ome_backend.matching.accelerators_asked import Asked, Constraints, asked
from ome_backend.matching.accelerators_choice import Choice, Considered
from ome_backend.matching.accelerators_cost import prices
from ome_backend.matching.accelerators_eligible import refusal
from ome_backend.matching.accelerators_warnings import warnings
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.runtime import Runtime

BEST_FIT = "BestFit"
CHEAPEST = "Cheapest"
MOST_CAPABLE = "MostCapable"
FIRST_AVAILABLE = "FirstAvailable"

_PANIC = (
    "the controller panics here (nil pointer dereference): policy BestFit needs "
    "spec.acceleratorSelector.constraints as soon as it has two accelerator classes to choose from"
)

_Mark = Decimal | float | None


def choose(
    service: InferenceService,
    runtime: Runtime,
    component: str,
    classes: Mapping[str, AcceleratorClass],
) -> Choice:
    """The class for `component` (`engine` or `decoder`) of `service`; `classes` by name.

    A class that the service names is taken as it is; otherwise its policy picks from the runtime's
    list. Source: selector.go, GetAcceleratorClass.
    """
    wish = asked(service, component)
    found = _choice(wish, runtime, classes)
    return replace(found, warnings=warnings(service, component, runtime, wish, found, classes))


def select(
    policy: str, candidates: Sequence[AcceleratorClass], wanted: Constraints | None
) -> AcceleratorClass | None:
    """The one of several eligible classes that `policy` picks; the first of equals.

    BestFit without constraints picks a single candidate only: with more OME crashes.
    """
    if not candidates or policy not in (BEST_FIT, CHEAPEST, MOST_CAPABLE, FIRST_AVAILABLE):
        return None
    if len(candidates) == 1 or policy == FIRST_AVAILABLE:
        return candidates[0]
    marked = zip(marks(policy, candidates, wanted), candidates, strict=True)
    known = [(mark, one) for mark, one in marked if mark is not None]
    pick = min if policy == CHEAPEST else max
    return pick(known, key=lambda each: each[0])[1] if known else None


def marks(
    policy: str, candidates: Sequence[AcceleratorClass], wanted: Constraints | None
) -> tuple[_Mark, ...]:
    """What `policy` compares of each candidate; None where it compares nothing."""
    if policy == CHEAPEST:
        return prices(candidates).amounts
    if policy == BEST_FIT and wanted is not None:
        return tuple(score.best_fit(one, wanted) for one in candidates)
    if policy == MOST_CAPABLE:
        precisions = wanted.precisions if wanted else ()
        strengths = [score.strength(one, precisions) for one in candidates]
        return tuple(score.capability(one, score.largest(strengths)) for one in strengths)
    return (None,) * len(candidates)


def _choice(wish: Asked, runtime: Runtime, classes: Mapping[str, AcceleratorClass]) -> Choice:
    if not runtime.accelerator_classes:
        return Choice()
    if wish.name:
        return _named(wish.name, classes)
    return _by_policy(wish, runtime, classes) if wish.policy else Choice()


def _named(name: str, classes: Mapping[str, AcceleratorClass]) -> Choice:
    if name not in classes:
        return Choice(error=_not_found(name), considered=(_missing(name),))
    return Choice(name, considered=(Considered(name, True),))


def _by_policy(wish: Asked, runtime: Runtime, classes: Mapping[str, AcceleratorClass]) -> Choice:
    """One class that does not exist makes OME use none at all, without an error."""
    listed = tuple(dict.fromkeys(runtime.accelerator_classes))
    known = [classes[name] for name in listed if name in classes]
    eligible = [one for one in known if not refusal(one, wish.constraints)]
    considered = _considered(wish, listed, eligible, classes)
    if len(known) < len(listed):
        return Choice(policy=wish.policy, considered=considered)
    if wish.policy == BEST_FIT and wish.constraints is None and len(eligible) > 1:
        return Choice(error=_PANIC, panics=True, policy=wish.policy, considered=considered)
    picked = select(wish.policy, eligible, wish.constraints)
    return Choice(picked.key.name if picked else None, policy=wish.policy, considered=considered)


def _considered(
    wish: Asked,
    listed: Sequence[str],
    eligible: Sequence[AcceleratorClass],
    classes: Mapping[str, AcceleratorClass],
) -> tuple[Considered, ...]:
    found = marks(wish.policy, eligible, wish.constraints)
    scores = {one.key.name: mark for one, mark in zip(eligible, found, strict=True)}
    return tuple(_verdict(name, wish.constraints, scores, classes) for name in listed)


def _verdict(
    name: str,
    wanted: Constraints | None,
    scores: Mapping[str, _Mark],
    classes: Mapping[str, AcceleratorClass],
) -> Considered:
    if name not in classes:
        return _missing(name)
    mark = scores.get(name)
    reason = refusal(classes[name], wanted)
    return Considered(name, not reason, reason, None if mark is None else float(mark))


def _missing(name: str) -> Considered:
    return Considered(name, False, _not_found(name))


def _not_found(name: str) -> str:
    return f"accelerator class {name} not found at cluster scope"
