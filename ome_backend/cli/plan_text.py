"""A plan as a person reads it: the verdict, then every number with its formula."""

from collections.abc import Iterator, Sequence
from typing import Final

from ome_backend.cli import output
from ome_backend.cli.plan_cases import Planned, label
from ome_backend.planning import fit
from ome_backend.planning.amount import Amount, Estimate
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.plan import Plan

_HEADS: Final = ("WHAT", "HOW MUCH", "HOW")
_VERDICTS: Final = {
    "yes": "fits",
    "tight": "fits, but only if the engine needs as little as it typically does",
    "no": "does not fit",
    "unknown": "not known whether it fits",
}
Row = tuple[str, str, str]


def show(found: Sequence[Planned]) -> None:
    """One block for each plan."""
    for index, one in enumerate(found):
        if index:
            output.line()
        output.line(f"{label(one.case)}: {_VERDICTS[one.plan.fits]}")
        output.table(_HEADS, [*_memory(one.plan), *_cases(one.plan), *_prices(one)])
        for note in one.plan.notes:
            output.line(f"  note: {note}")
        for pool in one.pools:
            output.line(f"  {pool.name}: {pool.sentence}")


def _memory(plan: Plan) -> Iterator[Row]:
    yield _row("weights", plan.weights)
    yield _row("weights on each GPU", plan.weights_per_gpu)
    yield _row("memory of each GPU", plan.gpu)
    yield "GPUs of a replica", str(plan.gpus), "tensor × pipeline × data parallel"
    if isinstance(plan.cache, KvCache):
        yield _row("cache of a token", plan.cache.per_token)
    else:
        yield _row("cache", plan.cache)
    smallest = plan.smallest_tensor_parallel
    if smallest is not None:
        yield "smallest tensor parallel", str(smallest), "fits even in the pessimistic case"


def _cases(plan: Plan) -> Iterator[Row]:
    for case in (plan.typical, plan.pessimistic):
        if case is not None:
            yield from _case(case)


def _case(case: fit.Case) -> Iterator[Row]:
    yield _row(f"{case.name}: room for cache", case.room)
    if case.largest_context is not None:
        yield f"{case.name}: longest context", f"{case.largest_context:,} tokens", "one sequence"
    if case.largest_concurrency is not None:
        yield f"{case.name}: at once", f"{case.largest_concurrency:,} sequences", "of full length"


def _prices(one: Planned) -> Iterator[Row]:
    if one.cost is not None:
        yield _row("cost per hour", one.cost.per_hour)
        yield _row("cost per month", one.cost.per_month)


def _row(what: str, value: Estimate) -> Row:
    if isinstance(value, Amount):
        return what, f"{value.value:,.2f} {value.unit}", value.formula
    return what, "unknown", value.why
