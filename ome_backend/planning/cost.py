"""What GPUs cost, from AcceleratorClass.spec.cost. OME declares no currency: amounts are in the class's own.

A price that is not declared is unknown, never 0.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.planning.amount import Amount, Estimate, Unknown, computed, declared
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.evidence import Evidence

HOURS_PER_MONTH = 730  # 365 × 24 / 12, as cloud price lists count
CURRENCY = "in the currency of the class"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a class says one GPU costs; `tier` is empty when it names none."""

    per_hour: Estimate
    spot_per_hour: Estimate
    per_million_tokens: Estimate
    tier: str


@dataclass(frozen=True, slots=True)
class Share:
    """GPUs that a service holds: `gpus` per replica on GPUs of one class (None: of none known)."""

    namespace: str
    service: str
    accelerator: AcceleratorClass | None
    gpus: int
    replicas: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The cost of some GPUs. `unpriced` names services left out because their price is unknown."""

    gpus: int
    per_hour: Estimate
    per_month: Estimate
    spot_per_hour: Estimate
    unpriced: tuple[str, ...] = ()


def prices(accelerator: AcceleratorClass) -> Prices:
    """The prices a class declares."""
    return Prices(
        _price(accelerator, "perHour", "/h"),
        _price(accelerator, "spotPerHour", "/h"),
        _price(accelerator, "perMillionTokens", "/1M tokens"),
        accelerator.tier,
    )


def _price(accelerator: AcceleratorClass, field: str, unit: str) -> Estimate:
    value = accelerator.price(field)
    if value is None or value < 0:
        why = f"{accelerator.key.name} declares no price {field}."
        return Unknown(why, (f"spec.cost.{field}",))
    inputs = (declared(field, str(value)),)
    return Amount(float(value), unit, f"spec.cost.{field}, {CURRENCY}", inputs, Evidence.DECLARED)


def per_hour(price: Estimate, gpus: int) -> Estimate:
    """Cost of that many GPUs for an hour."""
    return _times(price, gpus, "GPUs", "/h", "price per GPU and hour × GPUs")


def per_month(hourly: Estimate) -> Estimate:
    """Cost of a month of 730 hours."""
    return _times(
        hourly, HOURS_PER_MONTH, "hours", "/month", f"cost per hour × {HOURS_PER_MONTH} h"
    )


def idle(hourly: Estimate, busy: float) -> Estimate:
    """The part of an hour's cost that idle GPUs take; `busy` is the share of time (or GPUs) in use, 0 to 1."""
    left = 1 - min(1.0, max(0.0, busy))
    return _times(hourly, left, "idle share", "/h", "cost per hour × idle share")


def per_million_tokens(hourly: Estimate, tokens_per_second: float | None) -> Estimate:
    """Cost of a million tokens at the rate that is told; unknown without tokens, not infinite."""
    if tokens_per_second is None or not tokens_per_second > 0:
        return Unknown("No rate of tokens is told, so there is no cost per token.", ("tokens/s",))
    if isinstance(hourly, Unknown):
        return hourly
    value = hourly.value / (tokens_per_second * 3600) * 1e6
    rate = (computed("cost per hour", hourly.value), declared("tokens/s", tokens_per_second))
    formula = f"cost per hour / (tokens/s × 3600) × 1,000,000, {CURRENCY}"
    return Amount(value, "/1M tokens", formula, rate)


def bill(share: Share) -> Bill:
    """What one service costs while all its replicas run."""
    gpus = share.gpus * share.replicas
    found = _prices(share)
    hourly = per_hour(found.per_hour, gpus)
    missing = (share.service,) if isinstance(hourly, Unknown) else ()
    return Bill(gpus, hourly, per_month(hourly), per_hour(found.spot_per_hour, gpus), missing)


def by_namespace(shares: Iterable[Share]) -> dict[str, Bill]:
    """The bills of all services added up by namespace, in order of name; unpriced services are named, not
    counted as free."""
    grouped: dict[str, list[Share]] = defaultdict(list)
    for share in shares:
        grouped[share.namespace].append(share)
    return {name: together(grouped[name]) for name in sorted(grouped)}


def together(shares: Iterable[Share]) -> Bill:
    """One bill for all of them."""
    bills = [bill(share) for share in shares]
    hourly = added(each.per_hour for each in bills)
    unpriced = tuple(dict.fromkeys(name for each in bills for name in each.unpriced))
    spots = [each.spot_per_hour for each in bills]
    dear = next((each for each in spots if isinstance(each, Unknown)), None)
    spot = added(spots) if dear is None else dear  # a partial sum would look cheap
    return Bill(sum(each.gpus for each in bills), hourly, per_month(hourly), spot, unpriced)


def added(amounts: Iterable[Estimate], noun: str = "service") -> Estimate:
    """The sum of the costs an hour that are known; unknown where none is."""
    every = list(amounts)
    known = [each for each in every if isinstance(each, Amount)]
    if not known:
        return next(
            (each for each in every if isinstance(each, Unknown)),
            Unknown("There is nothing to add."),
        )
    names = tuple(computed(noun, each.value) for each in known)
    formula = f"sum over each {noun} with a price, {CURRENCY}"
    return Amount(sum(each.value for each in known), "/h", formula, names)


def _prices(share: Share) -> Prices:
    if share.accelerator is not None:
        return prices(share.accelerator)
    why = f"It is not known on which accelerator class {share.service} runs."
    none = Unknown(why, ("accelerator class",))
    return Prices(none, none, none, "")


def _times(price: Estimate, factor: float, name: str, unit: str, formula: str) -> Estimate:
    if isinstance(price, Unknown):
        return price
    inputs = (computed("price", price.value), computed(name, factor))
    return Amount(price.value * factor, unit, f"{formula}, {CURRENCY}", inputs)
