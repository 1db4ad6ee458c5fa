"""What OME compares when it looks for the cheapest accelerator class."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ome_backend.resources.accelerator_class import AcceleratorClass

Unit = Literal["hour", "million tokens", "tier"]

_TIERS = {"low": 1, "medium": 2, "high": 3}
_OTHER_TIER = 2


@dataclass(frozen=True, slots=True)
class Prices:
    """One price per class, None where it has none in `unit`; `unit` None where nobody has any."""

    unit: Unit | None
    amounts: tuple[Decimal | None, ...]


def prices(candidates: Sequence[AcceleratorClass]) -> Prices:
    """The prices OME compares: by the hour as soon as one class has such a price, then by tokens.

    Classes without a price in that unit drop out. A spot price comes before the other one.
    Source: pkg/acceleratorclassselector/selector.go, selectCheapest.
    """
    found: tuple[Prices, ...] = (
        Prices("hour", tuple(map(_hourly, candidates))),
        Prices("million tokens", tuple(one.price("perMillionTokens") for one in candidates)),
        Prices("tier", tuple(map(_tier, candidates))),
    )
    known = (one for one in found if any(amount is not None for amount in one.amounts))
    return next(known, Prices(None, (None,) * len(candidates)))


def _hourly(accelerator: AcceleratorClass) -> Decimal | None:
    spot = accelerator.price("spotPerHour")
    return accelerator.price("perHour") if spot is None else spot


def _tier(accelerator: AcceleratorClass) -> Decimal | None:
    if not accelerator.tier:
        return None
    return Decimal(_TIERS.get(accelerator.tier.lower(), _OTHER_TIER))
