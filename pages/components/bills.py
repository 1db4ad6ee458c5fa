"""What GPUs cost, in tables: by namespace, by service, by class; and per token at a rate that is told."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from ome_backend.planning.amount import Amount, Estimate
from ome_backend.planning.cost import Bill, per_month
from ome_backend.planning.fleet import ClassCost
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.health import Health, Level
from ome_backend.services.costs import Costs, ServiceCost
from pages.components import places
from pages.components.amounts import explained, words
from pages.components.definition import definition
from pages.components.evidence import legend
from pages.components.facts_table import facts_table
from pages.components.filters import filtered
from pages.components.session import backend
from pages.components.table import Column, number, table
from pages.components.text import plain

_UNSEEN = Health(Level.UNKNOWN, "Not known", "Its state is not known.")


def money(title: str) -> ColumnConfig:
    """An amount with two digits, aligned right; empty where it is not known."""
    return st.column_config.NumberColumn(title, format="%.2f")


COLUMNS: tuple[Column[ServiceCost], ...] = (
    Column("Namespace", lambda each: each.key.namespace),
    Column("Accelerator class", lambda each: ", ".join(each.classes) or "not known"),
    number("GPUs", lambda each: each.bill.gpus, note="GPUs its pods hold now"),
    number("Not serving", lambda each: each.unready.gpus, note="of them held by pods not ready"),
    Column("An hour", lambda each: _value(each.bill.per_hour), money("An hour")),
    Column("A month", lambda each: _value(each.bill.per_month), money("A month")),
    Column("On spot, an hour", lambda each: _value(each.bill.spot_per_hour), money("On spot, an hour")),
)  # fmt: skip


def summary(costs: Costs) -> None:
    """What GPUs in use cost, what idle ones do, and how well that is known."""
    held, idle = costs.total, costs.idle_per_hour
    definition(
        [
            ("GPUs held", str(held.gpus), Evidence.OBSERVED),
            ("Cost of these", f"{words(held.per_hour)}, {words(held.per_month)}", held.per_hour.evidence),
            ("GPUs idle", str(sum(each.idle for each in costs.fleet)), Evidence.OBSERVED),
            ("Cost of those", f"{words(idle)}, {words(per_month(idle))}", idle.evidence),
        ]
    )  # fmt: skip


def by_namespace(namespaces: Mapping[str, Bill]) -> None:
    """One line each; what has no price is named below, not counted as free."""
    st.subheader("By namespace", anchor=False)
    rows = [
        {
            "Namespace": name,
            "GPUs": each.gpus,
            "An hour": _value(each.per_hour),
            "A month": _value(each.per_month),
            "On spot, an hour": _value(each.spot_per_hour),
        }
        for name, each in namespaces.items()
    ]
    _drawn(rows, ("An hour", "A month", "On spot, an hour"))
    st.caption(
        "Spot stays empty where one of the classes has no such price: part of a sum would look cheap."
    )
    for name, each in namespaces.items():
        if each.unpriced:
            left_out = plain(", ".join(each.unpriced))
            st.caption(f"{plain(name)} without {left_out}, whose price is not known.")


def by_service(services: Iterable[ServiceCost]) -> None:
    """Every service that holds GPUs; a click opens it."""
    st.subheader("By service", anchor=False)
    shown = filtered(
        "cost",
        [each for each in services if each.key.name],
        identity=lambda each: each.key,
        words=lambda each: f"{each.key} {' '.join(each.classes)}",
        facets=(),
        noun="services",
    )
    if shown.rows:
        table(
            "cost_table",
            shown.rows,
            identity=lambda each: each.key,
            state=_health,
            columns=COLUMNS,
            opens=places.SERVICE,
            line=shown.line,
        )


def _health(cost: ServiceCost) -> Health:
    view = backend().serving.get(cost.key)
    return view.health if view is not None else _UNSEEN


def by_class(fleet: Iterable[ClassCost]) -> None:
    """What each kind of GPU costs, and what of it nobody holds."""
    st.subheader("By accelerator class", anchor=False)
    rows = [
        {
            "Class": each.accelerator.key.name,
            "A GPU, an hour": _value(each.prices.per_hour),
            "A GPU on spot": _value(each.prices.spot_per_hour),
            "GPUs": each.total,
            "Held": each.held,
            "Idle": each.idle,
            "Idle, an hour": _value(each.idle_per_hour),
            "Idle, a month": _value(each.idle_per_month),
        }
        for each in fleet
    ]
    _drawn(rows, ("A GPU, an hour", "A GPU on spot", "Idle, an hour", "Idle, a month"))
    st.caption("Idle are GPUs that no pod holds, also those of nodes that take no new pods.")


def per_token(costs: Costs) -> None:
    """The cost of a million tokens of one service, at a rate that the person knows."""
    st.subheader("For each million tokens", anchor=False)
    names = [str(each.key) for each in costs.services if each.key.name]
    left, right = st.columns([1.2, 1])
    with left:
        name = st.selectbox(
            "Service",
            names,
            index=None,
            key="cost_service",
            bind="query-params",
            placeholder="Choose a service",
        )
    with right:
        rate = st.number_input(
            "Tokens a second, all its replicas together",
            min_value=0.0,
            value=None,
            key="cost_tokens",
            bind="query-params",
            placeholder="as a benchmark or its metrics say",
        )
    found = next((each for each in costs.services if str(each.key) == name), None)
    if found is not None and rate:
        explained([(f"{found.key}", found.per_million_tokens(rate))])
    else:
        st.caption("OME does not count tokens: name a service and the rate at which it makes them.")


def formulas(costs: Costs) -> None:
    """How every sum came about, folded."""
    with st.expander("How every number came about"):
        explained(
            [
                ("GPUs held, an hour", costs.total.per_hour),
                ("GPUs held, a month", costs.total.per_month),
                ("GPUs idle, an hour", costs.idle_per_hour),
                *((f"{each.accelerator.key.name}, a GPU an hour", each.prices.per_hour) for each in costs.fleet),
                *((f"{each.accelerator.key.name}, idle", each.idle_per_hour) for each in costs.fleet),
            ]
        )  # fmt: skip
        legend()


def _drawn(rows: list[dict[str, Any]], amounts: tuple[str, ...]) -> None:
    if rows:
        facts_table(rows, {name: money(name) for name in amounts})


def _value(amount: Estimate) -> float | None:
    return amount.value if isinstance(amount, Amount) else None
