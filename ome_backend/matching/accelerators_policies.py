"""What is surprising about how a policy chose among accelerator classes."""

from collections.abc import Iterator, Sequence

from ome_backend.matching.accelerators_asked import Asked, Constraints
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.matching.accelerators_cost import prices
from ome_backend.matching.accelerators_score import MEASURES
from ome_backend.resources.accelerator_class import AcceleratorClass

_STABLE = 12  # Go sorts up to so many by insertion; beyond it equals come in any order


def policy_warnings(
    wish: Asked, choice: Choice, eligible: Sequence[AcceleratorClass], missing: Sequence[str]
) -> tuple[str, ...]:
    """The warnings about the policy of `choice`; none where it was not a policy that chose.

    `missing` are the names in the runtime's list that no class has.
    """
    if not choice.policy:
        return ()
    found = list(_nothing(choice, eligible, missing))
    if wish.constraints:
        found += _constraints(choice.policy, wish.constraints)
    if choice.policy == "Cheapest" and len(eligible) > 1:
        found += _prices(eligible)
    return (*found, *_ties(choice))


def _nothing(
    choice: Choice, eligible: Sequence[AcceleratorClass], missing: Sequence[str]
) -> Iterator[str]:
    if choice.panics:
        yield f"Configuration problem: {choice.error}."
    if missing:
        yield (
            f"The runtime lists {', '.join(missing)}, which does not exist: therefore OME drops all "
            "its classes and runs without one, without an error."
        )
    elif not eligible:
        yield "No class of the runtime meets the constraints: OME runs without one, without an error."


def _constraints(policy: str, wanted: Constraints) -> Iterator[str]:
    if wanted.min_performance is not None:
        effect = "it only weighs in" if policy == "BestFit" else f"policy {policy} does not read it"
        yield f"minComputePerformanceTFLOPS excludes no class; {effect}."
    if policy not in ("BestFit", "MostCapable"):
        return
    for precision in wanted.precisions:
        if precision.lower() not in MEASURES:
            yield (
                f"Preferred precision {precision} counts as 0 for every class: OME knows "
                f"{', '.join(MEASURES)} only."
            )


def _prices(eligible: Sequence[AcceleratorClass]) -> Iterator[str]:
    compared = prices(eligible)
    dropped = [
        one.key.name
        for one, amount in zip(eligible, compared.amounts, strict=True)
        if amount is None
    ]
    if compared.unit is None:
        yield "No class has a price: policy Cheapest chooses none, without an error."
    elif dropped:
        yield (
            f"Prices by the {compared.unit} are compared, so {', '.join(dropped)} drops out: it has "
            "no such price."
        )
    if compared.unit == "hour":
        yield from _spot(eligible)


def _spot(eligible: Sequence[AcceleratorClass]) -> Iterator[str]:
    spot = [one.key.name for one in eligible if one.price("spotPerHour") is not None]
    demand = [
        one.key.name
        for one in eligible
        if one.key.name not in spot and one.price("perHour") is not None
    ]
    if spot and demand:
        yield (
            f"The spot price of {', '.join(spot)} is compared with the on-demand price of "
            f"{', '.join(demand)}."
        )


def _ties(choice: Choice) -> Iterator[str]:
    scores = [one.score for one in choice.considered if one.score is not None]
    best = next((one.score for one in choice.considered if one.name == choice.name), None)
    if best is not None and len(scores) > _STABLE and scores.count(best) > 1:
        yield f"With more than {_STABLE} classes OME's choice among equals is not defined."
