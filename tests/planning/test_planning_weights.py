"""Memory of weights, against what is published of real checkpoints and what vLLM logged for them."""

from typing import Any

import pytest

from ome_backend.planning.amount import Amount, Estimate, Unknown
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.dtypes import bits
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.plan import ModelFacts, weights
from ome_backend.planning.quantization import configured, named
from ome_backend.planning.split import weights_per_gpu
from ome_backend.planning.weights import by_size, counted_by_hub, stored
from ome_backend.resources.evidence import Evidence
from tests.planning.checkpoints import DEEPSEEK_V3, GPT_OSS_20B, LLAMA_8B, QWEN_05B

QWEN3_8B_FP8 = {"BF16": 1_246_368_768, "F8_E4M3": 6_945_767_424}
GPT_OSS = {"BF16": 1_804_459_584, "U8": 10_152_345_600}
LLAMA = {"BF16": 8_030_261_248}


def gib(estimate: Estimate) -> float:
    assert isinstance(estimate, Amount)
    assert estimate.unit == "GiB"
    return estimate.value


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        pytest.param({"BF16": 494_032_768}, 0.9202077388763428, id="Qwen2.5-0.5B"),
        pytest.param({"BF16": 235_741_434_880}, 439.10264015197754, id="DeepSeek-V2"),
        pytest.param(QWEN3_8B_FP8, 8.790292739868164, id="Qwen3-8B-FP8-dynamic"),
        pytest.param(GPT_OSS, 12.816176533699036, id="gpt-oss-20b"),
    ],
)
def test_stored_tensors_give_the_published_size_to_the_byte(
    counts: dict[str, int], published: float
) -> None:
    assert gib(stored(counts)) == pytest.approx(published, rel=1e-12)


def test_deepseek_v3_takes_what_its_files_take() -> None:
    counts = {"BF16": 3_918_786_560, "F8_E4M3": 680_571_043_840, "F32": 41_555_600}
    assert gib(stored(counts)) * 2**30 == 688_574_839_360


def test_the_hub_counts_packed_weights_one_by_one() -> None:
    counts = {"BF16": 1_804_459_584, "U8": 19_110_297_600}
    found = counted_by_hub(counts, GPT_OSS_20B["quantization_config"])
    assert gib(found) == pytest.approx(12.816176533699036, rel=1e-12)


@pytest.mark.parametrize(
    ("size", "config", "actual", "tolerance"),
    [
        pytest.param("494.03M", QWEN_05B, 0.9202, 0.001, id="Qwen2.5-0.5B"),
        pytest.param("8.03B", LLAMA_8B, 14.9576, 0.001, id="Llama-3.1-8B"),
        pytest.param("8B", LLAMA_8B, 14.9576, 0.005, id="Llama-3.1-8B, rounded"),
        pytest.param("685B", DEEPSEEK_V3, 641.285, 0.005, id="DeepSeek-V3, FP8 but for embeddings"),
        pytest.param("20.9B", GPT_OSS_20B, 12.8162, 0.01, id="gpt-oss-20b, MXFP4 experts"),
    ],
)
def test_a_declared_size_comes_close_to_the_files(
    size: str, config: dict[str, Any], actual: float, tolerance: float
) -> None:
    assert gib(by_size(size, Checkpoint(config))) == pytest.approx(actual, rel=tolerance)


@pytest.mark.parametrize(
    ("scheme", "bytes_each"),
    [
        pytest.param("", 2.0, id="bf16"),
        pytest.param("fp8", 1.0, id="fp8"),
        pytest.param("fbgemm_fp8", 1.0, id="fbgemm fp8"),
        pytest.param("int8", 1.0, id="int8"),
        pytest.param("int4", 0.5 + 20 / 128 / 8, id="int4 with scale and zero point per 128"),
        pytest.param("awq", 0.5 + 20 / 128 / 8, id="awq"),
        pytest.param("gptq", 0.5 + 20 / 128 / 8, id="gptq"),
        pytest.param("mxfp4", 4.25 / 8, id="mxfp4"),
        pytest.param("nvfp4", 4.5 / 8, id="nvfp4"),
    ],
)
def test_each_scheme_has_its_bytes_per_parameter(scheme: str, bytes_each: float) -> None:
    found = gib(by_size("1B", quantization=scheme)) * 2**30
    assert found == pytest.approx(1e9 * bytes_each)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param({"quant_method": "gptq", "bits": 8, "group_size": 64}, 8 + 24 / 64, id="gptq"),
        pytest.param({"quant_method": "gptq", "bits": 4, "group_size": -1}, 4.0, id="per channel"),
        pytest.param({"quant_method": "awq", "bits": 4, "group_size": 32}, 4 + 20 / 32, id="awq"),
        pytest.param(
            {"quant_method": "fp8", "weight_block_size": [128, 128]},
            8 + 32 / 16384,
            id="fp8 blocks",
        ),
        pytest.param({"quant_method": "mxfp4"}, 4.25, id="mxfp4"),
        pytest.param({"quant_method": "bitsandbytes", "load_in_8bit": True}, 8.0, id="bnb 8 bit"),
        pytest.param(
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "group_size": 128}}},
            },
            4 + 16 / 128,
            id="compressed tensors",
        ),
    ],
)
def test_a_quantization_config_tells_bits_and_scales(
    config: dict[str, Any], expected: float
) -> None:
    found = configured(config)
    assert found is not None
    assert found.effective_bits == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("F8_E4M3", 8),
        ("torch.bfloat16", 16),
        ("fp8_e5m2", 8),
        ("F32", 32),
        ("U8", 8),
        ("Q5_K", None),
    ],
)
def test_data_types_by_all_their_names(name: str, expected: float | None) -> None:
    assert bits(name) == expected


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        pytest.param(by_size(""), "No size is declared.", id="no size"),
        pytest.param(by_size("4b"), "The size '4b' is not a number of parameters.", id="bad size"),
        pytest.param(
            by_size("4B", quantization="q2"), "The quantisation 'q2' is not known.", id="bad scheme"
        ),
        pytest.param(stored({"Q5": 1}), "The data type Q5 is not known.", id="bad data type"),
        pytest.param(stored({}), "No tensors are listed.", id="no tensors"),
    ],
)
def test_what_is_not_known_is_said(estimate: Estimate, said: str) -> None:
    assert isinstance(estimate, Unknown)
    assert estimate.why == said
    assert estimate.evidence is Evidence.UNAVAILABLE


@pytest.mark.parametrize(
    ("args", "measured"),
    [
        pytest.param(EngineArgs(), 14.99, id="as it is"),
        pytest.param(EngineArgs(tensor=2), 7.51, id="tensor parallel 2"),
        pytest.param(EngineArgs(tensor=4), 3.77, id="tensor parallel 4"),
        pytest.param(EngineArgs(pipeline=2), 7.51, id="pipeline parallel 2"),
        pytest.param(EngineArgs(pipeline=4), 4.26, id="pipeline parallel 4"),
        pytest.param(EngineArgs(quantization="fp8"), 8.49, id="quantised while loading"),
        pytest.param(EngineArgs(dtype="float32"), 29.98, id="as float32"),
        pytest.param(EngineArgs(dtype="float16"), 14.99, id="as float16"),
    ],
)
def test_llama_8b_takes_what_vllm_logged_for_it(args: EngineArgs, measured: float) -> None:
    facts = ModelFacts(LLAMA_8B, tensors=LLAMA)
    whole = weights(facts, args)
    assert isinstance(whole, Amount)
    found = weights_per_gpu(whole, float(LLAMA["BF16"]), Checkpoint(LLAMA_8B), args)
    assert found.value == pytest.approx(measured, rel=0.01)


def test_vllm_spreads_experts_over_data_parallel_ranks() -> None:
    whole, model = by_size("685B", Checkpoint(DEEPSEEK_V3)), Checkpoint(DEEPSEEK_V3)
    assert isinstance(whole, Amount)
    alone = weights_per_gpu(whole, 685e9, model, EngineArgs(tensor=8))
    spread = weights_per_gpu(whole, 685e9, model, EngineArgs("vLLM", tensor=8, data=2))
    assert spread.value == pytest.approx(alone.value * 0.52, rel=0.02)


def test_dp_attention_repeats_the_attention_on_every_rank() -> None:
    whole, model = by_size("685B", Checkpoint(DEEPSEEK_V3)), Checkpoint(DEEPSEEK_V3)
    assert isinstance(whole, Amount)
    alone = weights_per_gpu(whole, 685e9, model, EngineArgs(tensor=8))
    repeated = EngineArgs("SGLang", tensor=8, data=8, dp_attention=True)
    found = weights_per_gpu(whole, 685e9, model, repeated)
    assert found.value - alone.value == pytest.approx(11.4e9 * 7 / 8 / 2**30, rel=0.05)


def test_an_amount_shows_its_formula_and_inputs() -> None:
    found = by_size("8B", Checkpoint(LLAMA_8B))
    assert isinstance(found, Amount)
    assert found.formula == "parameters × bytes of the data type"
    assert [(each.name, each.value, each.evidence) for each in found.inputs] == [
        ("parameters", 8e9, Evidence.DECLARED),
        ("dtype", "bfloat16", Evidence.DECLARED),
    ]


def test_a_scheme_can_be_named_in_either_case() -> None:
    assert named("FP8") == named("fp8") is not None
