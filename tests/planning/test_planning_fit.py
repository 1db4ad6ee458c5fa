"""Whether a model fits, against what vLLM 0.19 logged on H100-80GB, and laws that must hold for any model."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ome_backend.planning.amount import GIB, Amount, Unknown, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.fit import Case
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.overhead import sglang_fraction
from ome_backend.planning.plan import ModelFacts, Plan, gpu_memory, plan
from ome_backend.planning.split import tensor_sizes
from ome_backend.resources.accelerator_class import AcceleratorClass
from tests.planning import checkpoints as known

H100 = memory(80 * GIB, "spec.capabilities.memoryGB")
A100 = memory(40 * GIB, "spec.capabilities.memoryGB")
L40S = memory(48 * GIB, "spec.capabilities.memoryGB")
LLAMA = ModelFacts(known.LLAMA_8B, tensors={"BF16": 8_030_261_248})
LLAMA_70B = {
    **known.LLAMA_8B,
    "num_hidden_layers": 80,
    "hidden_size": 8192,
    "num_attention_heads": 64,
}


def typical(found: Plan) -> Case:
    assert found.typical is not None
    return found.typical


def pessimistic(found: Plan) -> Case:
    assert found.pessimistic is not None
    return found.pessimistic


@pytest.mark.parametrize(
    ("facts", "args", "logged"),
    [
        pytest.param(LLAMA, {}, 58.11, id="Llama-3.1-8B"),
        pytest.param(LLAMA, {"quantization": "fp8"}, 64.61, id="Llama-3.1-8B, fp8 while loading"),
        pytest.param(LLAMA, {"dtype": "float32"}, 42.80, id="Llama-3.1-8B, float32"),
        pytest.param(
            ModelFacts(known.QWEN_7B, tensors={"BF16": 7_615_616_512}), {}, 58.53, id="Qwen2.5-7B"
        ),
        pytest.param(
            ModelFacts(known.GEMMA3_12B, tensors={"BF16": 12_187_325_040}),
            {},
            47.72,
            id="gemma-3-12b",
        ),
    ],
)
def test_the_room_for_the_cache_is_what_vllm_logged(
    facts: ModelFacts, args: dict[str, Any], logged: float
) -> None:
    found = plan(facts, EngineArgs("vLLM", memory_fraction=0.95, **args), H100)
    assert typical(found).room.value == pytest.approx(logged, rel=0.015)


@pytest.mark.parametrize(("dtype", "tokens"), [("auto", 476_016), ("fp8", 952_032)])
def test_the_tokens_in_the_cache_are_what_vllm_logged(dtype: str, tokens: int) -> None:
    found = plan(LLAMA, EngineArgs("vLLM", memory_fraction=0.95, kv_dtype=dtype), H100)
    assert isinstance(found.cache, KvCache)
    held = typical(found).room.bytes() / found.cache.per_token.value
    assert held == pytest.approx(tokens, rel=0.01)


@pytest.mark.parametrize(
    ("size", "config", "gpu", "args", "verdict"),
    [
        pytest.param("8B", known.LLAMA_8B, H100, {}, "yes", id="8B on an H100"),
        pytest.param("70B", LLAMA_70B, H100, {}, "no", id="70B on one H100"),
        pytest.param("70B", LLAMA_70B, H100, {"tensor": 4}, "yes", id="70B on four"),
        pytest.param(
            "70B", LLAMA_70B, H100, {"tensor": 2, "context": 2048}, "tight", id="70B on two"
        ),
        pytest.param(
            "8B", known.LLAMA_8B, A100, {}, "tight", id="8B with all its context on an A100-40GB"
        ),
        pytest.param("8B", known.LLAMA_8B, A100, {"context": 8192}, "yes", id="with less context"),
        pytest.param(
            "685B", known.DEEPSEEK_V3, H100, {"tensor": 8}, "no", id="DeepSeek-V3 on 8 × 80"
        ),
        pytest.param("8B", {}, H100, {}, "unknown", id="no config"),
        pytest.param("70B", {}, H100, {}, "no", id="no config, but the weights are too large"),
        pytest.param("", known.LLAMA_8B, H100, {}, "unknown", id="no size"),
        pytest.param("335M", known.BERT, L40S, {}, "yes", id="an encoder"),
    ],
)
def test_verdicts(
    size: str, config: dict[str, Any], gpu: Amount, args: dict[str, Any], verdict: str
) -> None:
    assert plan(ModelFacts(config, size=size), EngineArgs("vLLM", **args), gpu).fits == verdict


def test_what_tensor_parallel_size_would_do() -> None:
    found = plan(ModelFacts(LLAMA_70B, size="70B"), EngineArgs("vLLM"), H100)
    sizes = {each.tensor.size: (each.typical, each.pessimistic) for each in found.tensor_sizes}
    assert sizes[1] == (False, False)
    assert sizes[4] == sizes[8] == (True, True)
    assert found.smallest_tensor_parallel == 4


@pytest.mark.parametrize(
    ("config", "sizes"),
    [
        pytest.param(
            known.QWEN_05B, [1, 2, 14], id="14 heads, 2 KV heads: 7 does not divide these"
        ),
        pytest.param(known.QWEN_7B, [1, 2, 4, 28], id="28 heads"),
        pytest.param(known.DEEPSEEK_V3, [1, 2, 4, 8, 16, 32, 64], id="128 heads, MLA"),
        pytest.param({}, [], id="unknown"),
    ],
)
def test_sizes_that_divide_the_heads(config: dict[str, Any], sizes: list[int]) -> None:
    assert [each.size for each in tensor_sizes(Checkpoint(config))] == sizes


def test_more_gpus_than_kv_heads_replicate_them() -> None:
    found = {each.size: each for each in tensor_sizes(Checkpoint(known.LLAMA_8B))}
    assert (found[8].kv_heads_per_gpu, found[8].replicated) == (1, False)
    assert (found[16].kv_heads_per_gpu, found[16].replicated) == (1, True)


def test_the_largest_context_and_concurrency_fill_the_room() -> None:
    found = typical(plan(LLAMA, EngineArgs("vLLM", context=32768), L40S))
    needed = 131072 * 32768
    assert found.largest_context == min(131072, int(found.room.bytes() // 131072))
    assert found.largest_concurrency == int(found.room.bytes() // needed)


def test_the_table_says_what_fits_where() -> None:
    found = typical(plan(LLAMA, EngineArgs("vLLM"), L40S))
    cells = {(cell.context, cell.concurrency): cell.fits for cell in found.table}
    assert cells[8192, 16]
    assert not cells[131072, 16]
    assert max(context for context, _ in cells) == 131072


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            {"tensor": 3}, "3 GPUs do not divide the 32 attention heads", id="odd tensor size"
        ),
        pytest.param({"tensor": 16}, "There are fewer KV heads than 16 GPUs", id="replicated"),
        pytest.param(
            {"context": 200000}, "The engine is told 200000 tokens; the model", id="too long"
        ),
        pytest.param({"max_sequences": 8}, "The engine takes at most 8 sequences", id="capped"),
        pytest.param(
            {"unread": ("tensor=$(X)",)}, "The value of tensor=$(X) is not known", id="unread"
        ),
    ],
)
def test_what_is_worth_a_remark(args: dict[str, Any], said: str) -> None:
    assert any(note.startswith(said) for note in plan(LLAMA, EngineArgs(**args), H100).notes)


def test_a_latent_cache_is_whole_on_every_gpu() -> None:
    facts = ModelFacts(known.DEEPSEEK_V3, size="685B")
    notes = plan(facts, EngineArgs(tensor=8), H100).notes
    assert notes == (
        "Each GPU keeps the whole cache: a latent (MLA) is not divided by tensor parallelism.",
    )


def test_the_room_shows_everything_it_rests_on() -> None:
    found = typical(plan(LLAMA, EngineArgs("vLLM"), H100)).room
    assert found.formula == "usable GPU × fraction - activations - CUDA context - weights"
    assert [each.name for each in found.inputs[:4]] == [
        *("GPU GiB", "usable share of it", "memory_fraction", "weights GiB"),
    ]


def test_sglang_leaves_activations_outside_its_fraction() -> None:
    args = EngineArgs("SGLang", memory_fraction=0.8)
    inside = typical(plan(LLAMA, args, H100)).room.value
    assert inside == pytest.approx((79.19 - 0.27) * 0.8 - 14.9576, rel=0.001)
    greedy = typical(plan(LLAMA, replace(args, memory_fraction=0.99), H100)).room.value
    assert greedy == pytest.approx(79.19 - 0.27 - 2.0 - 1.03 - 14.9576, rel=0.001)


@pytest.mark.parametrize(
    ("gib", "tensor", "fraction"), [(80, 1, 0.838), (141, 8, 0.904), (24, 1, 0.849), (48, 4, 0.855)]
)
def test_sglang_chooses_its_fraction_by_the_gpu(gib: float, tensor: int, fraction: float) -> None:
    assert sglang_fraction(gib, tensor, 1) == pytest.approx(fraction, abs=0.02)


@pytest.mark.parametrize(
    ("written", "gib"),
    [("80Gi", 80.0), ("80G", 74.5), (80, 7.45e-8), ("", None), ("many", None), (None, None)],
)
def test_memory_of_a_class(written: object, gib: float | None) -> None:
    raw = {"metadata": {"name": "c"}, "spec": {"capabilities": {"memoryGB": written}}}
    found = gpu_memory(AcceleratorClass(raw))
    assert (
        found.value == pytest.approx(gib, rel=0.001) if isinstance(found, Amount) else gib is None
    )


def test_without_the_memory_of_the_gpu_there_is_no_verdict() -> None:
    found = plan(LLAMA, EngineArgs(), Unknown("not declared"))
    assert (found.fits, found.typical, found.smallest_tensor_parallel) == ("unknown", None, None)


CONFIGS = st.sampled_from(
    [
        *(known.LLAMA_8B, known.GEMMA2_9B, known.GEMMA3_12B, known.GPT_OSS_20B, known.DEEPSEEK_V3),
        *(known.QWEN3_NEXT, known.NEMOTRON_H_8B, known.MLLAMA_11B, known.MISTRAL_7B),
    ]
)
SIZES = st.integers(1, 400).map(lambda billions: f"{billions}B")
ARGS = st.builds(
    EngineArgs,
    engine=st.sampled_from(["vLLM", "SGLang", ""]),
    tensor=st.sampled_from([1, 2, 4, 8]),
    pipeline=st.sampled_from([1, 2, 4]),
    context=st.integers(1, 200_000),
    memory_fraction=st.one_of(st.none(), st.floats(0.5, 1.0)),
)
GPUS = st.integers(16, 192).map(lambda gib: memory(gib * GIB, "memoryGB"))
RANK = {"no": 0, "tight": 1, "yes": 2}


@settings(max_examples=60, deadline=None)
@given(CONFIGS, SIZES, ARGS, GPUS, st.integers(1, 100_000))
def test_more_context_never_fits_better(
    config: dict[str, Any], size: str, args: EngineArgs, gpu: Amount, more: int
) -> None:
    facts = ModelFacts(config, size=size)
    less, longer = (
        plan(facts, args, gpu),
        plan(facts, replace(args, context=(args.context or 0) + more), gpu),
    )
    assert RANK[longer.fits] <= RANK[less.fits]
    assert typical(longer).headroom.value <= typical(less).headroom.value
    assert (typical(longer).largest_concurrency or 0) <= (typical(less).largest_concurrency or 0)


@settings(max_examples=60, deadline=None)
@given(CONFIGS, SIZES, ARGS, GPUS)
def test_more_tensor_parallel_never_needs_more_weights_per_gpu(
    config: dict[str, Any], size: str, args: EngineArgs, gpu: Amount
) -> None:
    facts = ModelFacts(config, size=size)
    few, many = plan(facts, args, gpu), plan(facts, replace(args, tensor=args.tensor * 2), gpu)
    assert isinstance(few.weights_per_gpu, Amount)
    assert isinstance(many.weights_per_gpu, Amount)
    assert many.weights_per_gpu.value < few.weights_per_gpu.value


@settings(max_examples=60, deadline=None)
@given(CONFIGS, SIZES, ARGS, GPUS)
def test_the_pessimistic_case_never_promises_more(
    config: dict[str, Any], size: str, args: EngineArgs, gpu: Amount
) -> None:
    found = plan(ModelFacts(config, size=size), args, gpu)
    assert pessimistic(found).room.value <= typical(found).room.value
    assert not (pessimistic(found).fits and not typical(found).fits)
    assert (pessimistic(found).largest_context or 0) <= (typical(found).largest_context or 0)


@settings(max_examples=60, deadline=None)
@given(CONFIGS, SIZES, ARGS, GPUS, st.integers(1, 64))
def test_a_larger_gpu_never_fits_worse(
    config: dict[str, Any], size: str, args: EngineArgs, gpu: Amount, more: int
) -> None:
    facts, fixed = ModelFacts(config, size=size), replace(args, memory_fraction=0.9)
    larger = memory(gpu.bytes() + more * GIB, "memoryGB")
    assert RANK[plan(facts, fixed, larger).fits] >= RANK[plan(facts, fixed, gpu).fits]


@settings(max_examples=40, deadline=None)
@given(CONFIGS, SIZES, ARGS, GPUS)
def test_the_largest_context_fits_and_one_more_token_does_not(
    config: dict[str, Any], size: str, args: EngineArgs, gpu: Amount
) -> None:
    facts = ModelFacts(config, size=size)
    most = typical(plan(facts, args, gpu)).largest_context
    if not most:
        return
    assert typical(plan(facts, replace(args, context=most), gpu)).fits
    beyond = typical(plan(facts, replace(args, context=most + 1), gpu))
    assert not beyond.fits or most == Checkpoint(config).context
