"""Costs: prices that are declared, and none that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.planning.amount import Amount, Estimate, Unknown
from ome_backend.planning.cost import (
    Share,
    bill,
    by_namespace,
    idle,
    per_hour,
    per_million_tokens,
    per_month,
    prices,
)
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kinds import ACCELERATOR_CLASS
from tests.support.builders import manifest


def accelerator(**cost: object) -> AcceleratorClass:
    return AcceleratorClass(manifest(ACCELERATOR_CLASS, "h100", spec={"cost": cost}))


def value(estimate: Estimate) -> float:
    assert isinstance(estimate, Amount)
    return estimate.value


H100 = accelerator(perHour="3.90", spotPerHour="2.10", tier="high")
PRICE = prices(H100).per_hour


def test_prices_are_declared_in_the_currency_of_the_class() -> None:
    found = prices(H100)
    assert isinstance(found.per_hour, Amount)
    assert (value(found.per_hour), value(found.spot_per_hour), found.tier) == (3.9, 2.1, "high")
    assert found.per_hour.formula == "spec.cost.perHour, in the currency of the class"
    assert found.per_hour.evidence is Evidence.DECLARED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3.90", 3.9),
        ("500m", 0.5),
        (4, 4.0),
        ("0", 0.0),
        ("1k", 1000.0),
        ("x", None),
        ("-1", None),
        (None, None),
    ],
)
def test_prices_are_quantities(written: object, read: float | None) -> None:
    found = prices(accelerator(perHour=written)).per_hour
    assert (found.value if isinstance(found, Amount) else None) == read


def test_a_price_that_is_not_declared_stays_unknown() -> None:
    found = bill(Share("demo", "chat", accelerator(), gpus=8, replicas=2))
    assert isinstance(found.per_hour, Unknown)
    assert isinstance(found.per_month, Unknown)
    assert found.per_hour.missing == ("spec.cost.perHour",)
    assert (found.gpus, found.unpriced) == (16, ("chat",))


def test_a_service_on_an_unknown_class_is_not_free() -> None:
    found = bill(Share("demo", "chat", None, gpus=8, replicas=2))
    assert isinstance(found.per_hour, Unknown)


def test_a_service_costs_its_gpus_times_its_replicas() -> None:
    found = bill(Share("demo", "chat", H100, gpus=4, replicas=2))
    assert value(found.per_hour) == pytest.approx(31.2)
    assert value(found.per_month) == pytest.approx(31.2 * 730)
    assert value(found.spot_per_hour) == pytest.approx(16.8)


def test_a_month_has_730_hours_and_says_so() -> None:
    found = per_month(per_hour(PRICE, 1))
    assert isinstance(found, Amount)
    assert found.formula == "cost per hour × 730 h, in the currency of the class"


@pytest.mark.parametrize(
    ("busy", "cost"), [(0.0, 3.9), (0.25, 2.925), (1.0, 0.0), (1.7, 0.0), (-1, 3.9)]
)
def test_idle_gpus_cost_their_share(busy: float, cost: float) -> None:
    assert value(idle(PRICE, busy)) == pytest.approx(cost)


def test_a_million_tokens_cost_what_the_rate_makes_of_an_hour() -> None:
    assert value(per_million_tokens(per_hour(PRICE, 8), 2000)) == pytest.approx(31.2 / 7.2)


@pytest.mark.parametrize("rate", [None, 0.0, -1.0, float("nan")])
def test_without_tokens_there_is_no_cost_per_token(rate: float | None) -> None:
    assert isinstance(per_million_tokens(PRICE, rate), Unknown)


def test_namespaces_add_up_what_has_a_price_and_name_what_has_none() -> None:
    shares = [
        Share("b", "one", H100, 1, 1),
        Share("a", "two", H100, 2, 2),
        Share("a", "three", accelerator(), 8, 1),
    ]
    found = by_namespace(shares)
    assert list(found) == ["a", "b"]
    assert (value(found["a"].per_hour), found["a"].gpus, found["a"].unpriced) == (
        15.6,
        12,
        ("three",),
    )
    assert isinstance(found["a"].spot_per_hour, Unknown)


def test_a_namespace_without_any_price_is_unknown() -> None:
    found = by_namespace([Share("a", "x", None, 1, 1)])
    assert isinstance(found["a"].per_hour, Unknown)


@given(st.integers(0, 64), st.integers(0, 20), st.floats(0, 1))
def test_busy_and_idle_make_the_whole(gpus: int, replicas: int, busy: float) -> None:
    whole = bill(Share("a", "x", H100, gpus, replicas)).per_hour
    assert value(idle(whole, busy)) + value(idle(whole, 1 - busy)) == pytest.approx(value(whole))
