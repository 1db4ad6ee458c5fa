"""Numbers of the planner in words, and how each came about."""

from collections.abc import Iterable

import streamlit as st

from ome_backend.planning.amount import Estimate, Input, Unknown
from pages.components.evidence import evidence_mark
from pages.components.text import plain

_UNITS = {"/h": " an hour", "/month": " a month", "/1M tokens": " per million tokens"}


def words(amount: Estimate) -> str:
    """The value with its unit; `unknown` where there is none."""
    if isinstance(amount, Unknown):
        return "unknown"
    if amount.unit in _UNITS:
        return f"{amount.value:,.2f}{_UNITS[amount.unit]}"
    digits = 2 if amount.unit == "GiB" else 0
    return f"{amount.value:,.{digits}f} {amount.unit}"


def counted(number: int, noun: str) -> str:
    """`1 GPU`, `1,024 GPUs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def explained(amounts: Iterable[tuple[str, Estimate]]) -> None:
    """Every number with how well it is known, the formula and what went into it, in full."""
    st.markdown("\n".join(_line(name, amount) for name, amount in amounts))


def _line(name: str, amount: Estimate) -> str:
    if isinstance(amount, Unknown):
        inputs = f"missing: {', '.join(amount.missing)}" if amount.missing else ""
        said = amount.why
    else:
        inputs = "; ".join(map(_input, amount.inputs))
        said = f"= {amount.formula}"
    known = evidence_mark(amount.evidence)
    more = f"  \n  :gray[{plain(inputs)}]" if inputs else ""
    return f"- **{name}** {plain(words(amount))} {known} {plain(said)}{more}"


def _input(each: Input) -> str:
    return f"{each.name} = {_value(each.value)} ({each.evidence.value})"


def _value(value: float | str) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if value == round(value) else f"{value:,.6g}"
