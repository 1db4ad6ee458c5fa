"""Whether weights, overhead and cache fit into the memory of each GPU, and what is left."""

from dataclasses import dataclass

from ome_backend.planning.amount import GIB, Amount, Input, computed, declared, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.overhead import (
    PREFILL_CHUNK,
    VLLM_FRACTION,
    CaseName,
    Overhead,
    overhead,
    sglang_fraction,
)
from ome_backend.planning.split import sequence_per_gpu

CONTEXTS = (2048, 8192, 32768, 131072, 524288, 1048576)
CONCURRENCIES = (1, 4, 16, 64, 256)
_NO_LIMIT = 2**27


@dataclass(frozen=True, slots=True)
class Cell:
    """`concurrency` sequences of `context` tokens: GiB of cache needed on each GPU, and whether they fit."""

    context: int
    concurrency: int
    needed: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One bound of the estimate. All memory is per GPU, concurrency is per replica.

    `room` is what is left for the cache, negative when not even the weights fit. `fits` is None while the
    cache is unknown and the weights do fit; `headroom` is what is left beside one longest sequence.
    `largest_context` is for a single sequence, at most what the model declares; None when unknown.
    """

    name: CaseName
    overhead: Overhead
    room: Amount
    fits: bool | None
    headroom: Amount
    largest_context: int | None
    largest_concurrency: int | None
    table: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: does this fit, with `context` tokens (None: as many as will do)."""

    model: Checkpoint
    args: EngineArgs
    weights: Amount
    cache: KvCache | None
    gpu: Amount
    context: int | None


def memory_fraction(args: EngineArgs, gpu_gib: float) -> Input:
    """The share of GPU memory the engine may use: given, or its default."""
    if args.memory_fraction is not None:
        return args.input("memory_fraction")
    if args.engine == "SGLang":
        return computed("memory_fraction", sglang_fraction(gpu_gib, args.tensor, args.pipeline))
    return computed("memory_fraction", VLLM_FRACTION)


def judge(question: Question, name: CaseName) -> Case:
    """One bound of the estimate for `question`; its weights are those of one GPU."""
    args = question.args
    extra = overhead(question.model, args.tensor, eager=args.eager, case=name)
    room = _room(question, extra)
    chunk = 0 if name == "typical" else args.prefill_chunk or PREFILL_CHUNK
    costs = _Costs(question, chunk)
    needed = costs.of(question.context or 1)
    return Case(
        *(name, extra, room),
        fits=_fits(room.bytes(), needed),
        headroom=memory(room.bytes() - (needed or 0.0), "room - cache of one longest sequence"),
        largest_context=costs.largest_context(room.bytes()),
        largest_concurrency=costs.largest_concurrency(room.bytes(), question.context),
        table=costs.table(room.bytes()),
    )


def _fits(room: float, needed: float | None) -> bool | None:
    if room < 0:
        return False
    return None if needed is None else needed <= room


def _room(question: Question, extra: Overhead) -> Amount:
    """What the fraction leaves for the cache, less what no longer fits beside the fraction."""
    fraction = memory_fraction(question.args, question.gpu.bytes() / GIB)
    total = question.gpu.bytes() * extra.usable
    inside, beside, formula = _budget(question.args.engine, total, float(fraction.value), extra)
    short = max(0.0, extra.graphs.bytes() - beside)
    formula += " - weights" + (" - what does not fit beside the fraction" if short else "")
    inputs = _room_inputs(question, extra, fraction)
    return memory(inside - question.weights.bytes() - short, formula, inputs)


def _budget(
    engine: str, total: float, fraction: float, extra: Overhead
) -> tuple[float, float, str]:
    """Bytes inside and beside the fraction, before weights.

    vLLM's fraction covers weights, activations and cache; SGLang's only weights and cache, so that
    activations must fit beside it. CUDA graphs are captured beside it in both.
    """
    outside, activation = extra.outside_torch.bytes(), extra.activation.bytes()
    if engine == "SGLang":
        free = total - outside
        beside = free * (1 - fraction) - activation
        return free * fraction, beside, "(usable GPU - CUDA context) × fraction"
    inside = total * fraction - activation - outside
    formula = "usable GPU × fraction - activations - CUDA context"
    return inside, total * (1 - fraction), formula


def _room_inputs(question: Question, extra: Overhead, fraction: Input) -> list[Input]:
    constants = (extra.activation, extra.outside_torch, extra.graphs)
    return [
        declared("GPU GiB", question.gpu.value),
        computed("usable share of it", extra.usable),
        fraction,
        computed("weights GiB", question.weights.value),
        *(computed(f"{each.formula} GiB", each.value) for each in constants),
    ]


@dataclass(frozen=True, slots=True)
class _Costs:
    """Bytes of sequences on the fullest GPU."""

    question: Question
    chunk: int

    def of(self, context: int) -> float | None:
        asked = self.question
        if asked.cache is None:
            return None
        return sequence_per_gpu(asked.cache, context, self.chunk, asked.model, asked.args)

    def largest_context(self, room: float) -> int | None:
        """Halving the range: the cost never falls with the context."""
        if self.question.cache is None:
            return None
        low, high = 0, self.question.model.context or _NO_LIMIT
        if room < 0:
            return 0
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if (self.of(middle) or 0.0) <= room else (low, middle - 1)
        return None if low == _NO_LIMIT else low

    def largest_concurrency(self, room: float, context: int | None) -> int | None:
        """Over all data-parallel ranks; None where the cache or the context is unknown or costs nothing."""
        cost = self.of(context) if context is not None else None
        if cost is None or context is None:
            return None
        if room < 0:
            return 0
        return int(room // cost) * self.question.args.data if cost else None

    def table(self, room: float) -> tuple[Cell, ...]:
        limit = self.question.model.context or max(CONTEXTS)
        known = sorted(
            {*(each for each in CONTEXTS if each <= limit), self.question.context or limit}
        )
        ranks = self.question.args.data
        pairs = [(context, many, self.of(context)) for context in known for many in CONCURRENCIES]
        return tuple(
            Cell(context, many, needed / GIB, needed <= room)
            for context, many, cost in pairs
            if cost is not None
            for needed in [cost * -(-many // ranks)]
        )
