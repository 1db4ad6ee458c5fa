"""The numbers of a plan: each with its formula, and those that come in tables."""

import streamlit as st

from ome_backend.planning.amount import Amount, Estimate, Unknown
from ome_backend.planning.fit import Case, memory_fraction
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.plan import TensorOption
from ome_backend.services.wish import Planned
from pages.components.amounts import explained
from pages.components.evidence import legend
from pages.components.facts_table import facts_table


def loads(planned: Planned) -> None:
    """Context down, sequences across: the cache each GPU needs, and whether that fits."""
    typical, pessimistic = planned.plan.typical, planned.plan.pessimistic
    if typical is None or pessimistic is None or not typical.table:
        return
    st.subheader("How long, how many", anchor=False)
    safe = {(each.context, each.concurrency): each.fits for each in pessimistic.table}
    rows: dict[int, dict[str, str]] = {}
    for each in typical.table:
        row = rows.setdefault(each.context, {"Context": f"{each.context:,} tokens"})
        mark = "✓" if safe[each.context, each.concurrency] else "◔" if each.fits else "✕"
        row[f"{each.concurrency} at a time"] = f"{mark} {each.needed:,.1f} GiB"
    facts_table(list(rows.values()))
    st.caption("KV cache on each GPU. ✓ fits · ◔ fits in the typical case only · ✕ does not fit")


def tensor_sizes(planned: Planned) -> None:
    """The sizes that divide the attention heads, and whether the model fits with them."""
    found = planned.plan.tensor_sizes
    if not found:
        return
    st.subheader("Tensor-parallel sizes that divide the heads", anchor=False)
    rows = [
        {
            "Tensor parallel": each.tensor.size,
            "Fits": _fitting(each),
            "KV heads on a GPU": each.tensor.kv_heads_per_gpu,
            "Note": "GPUs keep the same KV heads" if each.tensor.replicated else "",
        }
        for each in found
    ]
    facts_table(rows)


def _fitting(option: TensorOption) -> str:
    if option.typical is None or option.pessimistic is None:
        return "? unknown"
    return "✓ yes" if option.pessimistic else "◔ tight" if option.typical else "✕ no"


def formulas(planned: Planned) -> None:
    """Every number with its formula and inputs, folded."""
    with st.expander("How every number came about"):
        explained(numbers(planned))
        legend()


def numbers(planned: Planned) -> list[tuple[str, Estimate]]:
    """The numbers of the plan by name, from what is given to what follows."""
    plan, bill = planned.plan, planned.bill
    found: list[tuple[str, Estimate]] = [
        ("Memory of a GPU", plan.gpu),
        ("Weights", plan.weights),
        *([("Weights on a GPU", plan.weights_per_gpu)] if isinstance(plan.weights, Amount) else []),
        *_cache(plan.cache),
        *([("KV cache on a GPU", planned.load.cache)] if isinstance(plan.cache, KvCache) else []),
    ]
    for case in (plan.typical, plan.pessimistic):
        found += _case(planned, case) if case is not None else []
    return [
        *found,
        ("Cost of an hour", bill.per_hour),
        *([("Cost of a month", bill.per_month)] if isinstance(bill.per_hour, Amount) else []),
        ("Cost of an hour on spot", bill.spot_per_hour),
    ]


def _cache(cache: KvCache | Unknown) -> list[tuple[str, Estimate]]:
    if isinstance(cache, Unknown):
        return [("KV cache", cache)]
    parts = (
        ("KV cache of a token", cache.per_token),
        ("KV cache of a token in the window", cache.per_window_token),
        ("State of a sequence", cache.per_sequence),
    )
    return [(name, each) for name, each in parts if each.value]


def _case(planned: Planned, case: Case) -> list[tuple[str, Estimate]]:
    extra, gpu = case.overhead, planned.plan.gpu
    share: list[tuple[str, Estimate]] = []
    if isinstance(gpu, Amount):
        used = memory_fraction(planned.args, gpu.value)
        source = "--gpu-memory-utilization or --mem-fraction-static, else the engine's default"
        whole = Amount(float(used.value) * 100, "%", source, (used,), used.evidence)
        share = [("Share of memory the engine uses", whole)] if case.name == "typical" else []
    return [
        *share,
        (f"Activations ({case.name})", extra.activation),
        (f"CUDA context ({case.name})", extra.outside_torch),
        (f"CUDA graphs ({case.name})", extra.graphs),
        (f"Room for the cache ({case.name})", case.room),
        (f"Left beside the longest ({case.name})", case.headroom),
    ]
