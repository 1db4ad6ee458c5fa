"""The Planner's answer: whether it fits, what is not known, where it could run and what it costs."""

from collections.abc import Iterator
from typing import TypeGuard

import streamlit as st

from ome_backend.planning.amount import Amount, Estimate, Unknown
from ome_backend.planning.fit import Case
from ome_backend.planning.kv_cache import KvCache
from ome_backend.resources.evidence import Evidence
from ome_backend.services.wish import Planned
from pages.components.amounts import counted, words
from pages.components.definition import Code, definition
from pages.components.facts_table import facts_table
from pages.components.numbers import numbers
from pages.components.text import plain

NO_CONFIG = "It follows from the checkpoint's config.json, which can be given above."


def verdict(planned: Planned) -> None:
    """One sentence, coloured as the answer is, and the notes to it."""
    sentence = plain(in_a_sentence(planned))
    fits = planned.load.fits
    if fits == "yes":
        st.success(sentence, icon=":material/check_circle:")
    elif fits == "tight":
        st.warning(sentence, icon=":material/warning:")
    elif fits == "no":
        st.error(sentence, icon=":material/cancel:")
    else:
        st.info(sentence, icon=":material/help:")
    for note in planned.notes:
        st.caption(f":material/info: {plain(note)}")


def in_a_sentence(planned: Planned) -> str:
    """Whether it fits, and by how much, on each GPU."""
    case, load = planned.plan.typical, planned.load
    each = _gpus(planned)
    if case is None:
        return f"Whether it fits cannot be told: {_why(planned)}"
    if case.room.value < 0:
        return f"It does not fit on {each}: {-case.room.value:.1f} GiB are missing on every GPU for the weights alone."
    if not isinstance(load.cache, Amount):
        room = f"{case.room.value:.1f} GiB stay for the KV cache, whose size is not known."
        return f"The weights fit on {each}; {room}"
    left = case.room.value - load.cache.value
    asked = f"{counted(load.concurrency, 'sequence')} of {load.context:,} tokens"
    if load.fits == "no":
        return f"The weights fit on {each}, but {asked} need {-left:.1f} GiB more than is left."
    if load.fits == "tight":
        return f"It fits on {each} if the engine needs no more memory than usual: {asked} leave {left:.1f} GiB."
    return f"It fits on {each}: {asked} leave {left:.1f} GiB free."


def _why(planned: Planned) -> str:
    return next(_unknown(planned), "The context is not known.")


def _unknown(planned: Planned) -> Iterator[str]:
    plan = planned.plan
    for each in (plan.gpu, plan.weights, plan.cache, planned.load.cache):
        if isinstance(each, Unknown):
            yield each.why


def _gpus(planned: Planned) -> str:
    name = planned.accelerator.key.name if planned.accelerator is not None else "class unknown"
    return f"{counted(planned.plan.gpus, 'GPU')} ({name})"


def unknowns(planned: Planned) -> None:
    """What cannot be told, why, and what would help."""
    found = [(name, each) for name, each in numbers(planned) if _misses(each, planned)]
    if not found:
        return
    lines = "".join(
        f"\n- **{name}**: {plain(each.why)}"
        + (f" Missing: {plain(', '.join(each.missing))}." if each.missing else "")
        for name, each in found
    )
    hint = f"\n\n{NO_CONFIG}" if isinstance(planned.plan.cache, Unknown) else ""
    st.markdown(f"Not known:{lines}{hint}")


def _misses(amount: Estimate, planned: Planned) -> TypeGuard[Unknown]:
    """A spot price is extra: many classes have none."""
    return isinstance(amount, Unknown) and amount is not planned.bill.spot_per_hour


def costs(planned: Planned) -> None:
    """What one replica takes and costs."""
    bill, plan, spot = planned.bill, planned.plan, planned.bill.spot_per_hour
    definition(
        [
            ("GPUs of a replica", _pods(planned), _told(planned)),
            ("Weights in all", *_shown(plan.weights)),
            ("Cost", *_shown(bill.per_hour)),
            ("Cost of a month", *_shown(bill.per_month)),
            *([("Cost on spot", *_shown(spot))] if isinstance(spot, Amount) else []),
            ("Longest context", _longest(plan.typical, plan.pessimistic), Evidence.COMPUTED),
            ("Most sequences", _most(plan.typical, plan.pessimistic), Evidence.COMPUTED),
            ("Attention", Code(_attention(planned)), Evidence.COMPUTED),
        ]
    )
    if isinstance(bill.per_hour, Amount):
        st.caption("OME names no currency: costs are in that of the class's prices.")


def _told(planned: Planned) -> Evidence:
    told = planned.runtime is not None or planned.wish.tensor is not None
    return Evidence.DECLARED if told else Evidence.COMPUTED


def _pods(planned: Planned) -> str:
    need = planned.need
    spread = f" on {need.pods} nodes, {need.gpus} each" if need.pods > 1 else ""
    return f"{planned.gpus}{spread}"


def _shown(amount: Estimate) -> tuple[str, Evidence]:
    if isinstance(amount, Unknown):
        return f"unknown. {amount.why}", amount.evidence
    return words(amount), amount.evidence


def _longest(typical: Case | None, pessimistic: Case | None) -> str:
    return _range(
        typical.largest_context if typical else None,
        pessimistic.largest_context if pessimistic else None,
        "tokens for one sequence",
    )


def _most(typical: Case | None, pessimistic: Case | None) -> str:
    return _range(
        typical.largest_concurrency if typical else None,
        pessimistic.largest_concurrency if pessimistic else None,
        "of the longest at a time",
    )


def _range(best: int | None, worst: int | None, noun: str) -> str:
    if best is None or worst is None:
        return ""
    low = f"{worst:,} to " if worst < best else ""
    return f"{low}{best:,} {noun}"


def _attention(planned: Planned) -> str:
    cache = planned.plan.cache
    return cache.mechanism if isinstance(cache, KvCache) else ""


def where(planned: Planned) -> None:
    """The pools of nodes, the roomiest first."""
    st.subheader("Where it could run now", anchor=False)
    if not planned.pools:
        st.info("This console sees no node with GPUs.", icon=":material/dns:")
        return
    rows = [
        {
            "Class": pool.name,
            "Replicas": pool.replicas,
            "Free GPUs": pool.free,
            "On one node": pool.largest,
            "Nodes with the model": ", ".join(each.node.name for each in pool.nodes),
            "In words": pool.sentence,
        }
        for pool in planned.pools
    ]
    facts_table(rows)
    st.caption(
        "From nodes and pods as observed; OME runs pods only on nodes where the model is ready."
    )
