"""A load in numbers: so many sequences of so many tokens, and what they need on each GPU."""

from dataclasses import dataclass

from ome_backend.planning.amount import Amount, Estimate, Unknown, computed, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.fit import Case
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.overhead import PREFILL_CHUNK
from ome_backend.planning.plan import Plan
from ome_backend.planning.split import sequence_per_gpu


@dataclass(frozen=True, slots=True)
class Load:
    """`concurrency` sequences of `context` tokens at a time; `cache` is what they take on each GPU.

    `typical` and `pessimistic` tell whether that fits in either case; None while something is unknown.
    """

    context: int | None
    concurrency: int
    cache: Estimate
    typical: bool | None
    pessimistic: bool | None

    @property
    def fits(self) -> str:
        """`yes`, `tight` (only in the typical case), `no` or `unknown`."""
        if self.typical is None or self.pessimistic is None:
            return "unknown"
        return "yes" if self.pessimistic else "tight" if self.typical else "no"


def load(found: Plan, model: Checkpoint, args: EngineArgs, concurrency: int) -> Load:
    """Whether `concurrency` sequences of the plan's context fit beside the weights."""
    context = int(found.context.value) if found.context is not None else None
    settled, chunked = (_cache(found, model, args, concurrency, each) for each in (0, _chunk(args)))
    return Load(
        *(context, concurrency, settled),
        typical=_fits(found.typical, settled),
        pessimistic=_fits(found.pessimistic, chunked),
    )


def _chunk(args: EngineArgs) -> int:
    return args.prefill_chunk or PREFILL_CHUNK


def _cache(
    found: Plan, model: Checkpoint, args: EngineArgs, concurrency: int, chunk: int
) -> Estimate:
    """Ranks of data parallelism share the sequences; the fullest one counts."""
    if not isinstance(found.cache, KvCache):
        return found.cache
    if found.context is None:
        return Unknown("It is not known how long a sequence may get.", ("context",))
    one = sequence_per_gpu(found.cache, int(found.context.value), chunk, model, args)
    ranks = -(-concurrency // args.data)
    inputs = (computed("GiB of one sequence on a GPU", one / 2**30), found.context)
    return memory(
        one * ranks,
        "cache of one sequence on a GPU × sequences of the fullest data-parallel rank",
        (*inputs, computed("sequences of that rank", ranks)),
    )


def _fits(case: Case | None, cache: Estimate) -> bool | None:
    """Weights that do not fit are enough for a no."""
    if case is None:
        return None
    if case.room.bytes() < 0:
        return False
    return cache.bytes() <= case.room.bytes() if isinstance(cache, Amount) else None
