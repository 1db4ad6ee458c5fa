"""Keys and values by kind of attention, against published figures and by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from ome_backend.planning.amount import GIB, Unknown
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.kv_cache import KvCache, kv_cache
from ome_backend.planning.layers import LayerKinds, layer_kinds
from tests.planning import checkpoints as known

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "ome" / "vectors"


def cache_of(config: dict[str, Any], dtype: str = "auto") -> KvCache:
    found = kv_cache(Checkpoint(config), dtype)
    assert isinstance(found, KvCache)
    return found


@pytest.mark.parametrize(
    ("config", "published"),
    [
        pytest.param(known.DEEPSEEK_V3, 0.65446, id="DeepSeek-V3, R1"),
        pytest.param(known.DEEPSEEK_V2, 0.64373, id="DeepSeek-V2"),
        pytest.param(known.QWEN_05B, 0.11444, id="Qwen2.5-0.5B"),
    ],
)
def test_ten_thousand_tokens_cost_what_is_published(
    config: dict[str, Any], published: float
) -> None:
    assert round(cache_of(config).sequence(10000) / GIB, 5) == published


@pytest.mark.parametrize(
    ("config", "mechanism", "per_token", "kinds"),
    [
        pytest.param(known.LLAMA2_7B, "MHA", 524288, LayerKinds(full=32), id="Llama 2, MHA"),
        pytest.param(known.LLAMA_8B, "GQA", 131072, LayerKinds(full=32), id="Llama 3.1, GQA"),
        pytest.param(
            {**known.LLAMA_8B, "num_key_value_heads": 1},
            "MQA",
            16384,
            LayerKinds(full=32),
            id="MQA",
        ),
        pytest.param(known.DEEPSEEK_V3, "MLA", 70272, LayerKinds(full=61), id="DeepSeek-V3, MLA"),
        pytest.param(
            known.QWEN3_NEXT, "GQA", 24576, LayerKinds(full=12, linear=36), id="Qwen3-Next"
        ),
        pytest.param(
            known.NEMOTRON_H_8B, "GQA", 16384, LayerKinds(full=4, linear=24), id="Nemotron-H"
        ),
        pytest.param(known.JAMBA, "GQA", 16384, LayerKinds(full=4, linear=28), id="Jamba"),
        pytest.param(known.FALCON_H1, "GQA", 18432, LayerKinds(full=36, linear=36), id="Falcon-H1"),
        pytest.param(
            known.KIMI_LINEAR, "MLA", 8064, LayerKinds(full=7, linear=20), id="Kimi-Linear"
        ),
        pytest.param(
            known.MLLAMA_11B, "GQA", 131072, LayerKinds(full=32, cross=8), id="Llama 3.2 V"
        ),
        pytest.param(known.BERT, "none", 0, LayerKinds(), id="BERT"),
    ],
)
def test_layers_that_keep_the_whole_context(
    config: dict[str, Any], mechanism: str, per_token: float, kinds: LayerKinds
) -> None:
    found = cache_of(config)
    assert (found.mechanism, found.per_token.value, found.kinds) == (mechanism, per_token, kinds)


@pytest.mark.parametrize(
    ("config", "kinds"),
    [
        pytest.param(known.MISTRAL_7B, LayerKinds(sliding=32, window=4096), id="Mistral: all"),
        pytest.param(known.GEMMA2_9B, LayerKinds(21, 21, 4096), id="Gemma 2: every other"),
        pytest.param(known.GEMMA3_12B, LayerKinds(8, 40, 1024), id="Gemma 3: five of six"),
        pytest.param(known.GPT_OSS_20B, LayerKinds(12, 12, 128), id="gpt-oss: every other"),
        pytest.param(known.LLAMA4, LayerKinds(12, 36, 8192), id="Llama 4: chunks"),
        pytest.param(known.QWEN_7B, LayerKinds(full=28), id="Qwen2: declared but off"),
        pytest.param(
            {**known.QWEN_7B, "use_sliding_window": True, "max_window_layers": 20},
            LayerKinds(20, 8, 131072),
            id="Qwen2: on for the last layers",
        ),
    ],
)
def test_layers_that_slide(config: dict[str, Any], kinds: LayerKinds) -> None:
    assert layer_kinds(Checkpoint(config)) == kinds


def test_a_sliding_layer_keeps_no_more_than_its_window() -> None:
    found = cache_of(known.MISTRAL_7B)
    assert found.sequence(32768) == found.sequence(4096) == 4096 * 131072


def test_while_a_prompt_is_read_a_sliding_layer_keeps_the_chunk_too() -> None:
    """vLLM 0.19 logged 15.88 sequences of 8,192 tokens in 47.72 GiB for gemma-3-12b-it."""
    cost = cache_of(known.GEMMA3_12B).sequence(8192, chunk=8192)
    assert 47.72 * GIB / cost == pytest.approx(15.88, rel=0.005)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(
            known.QWEN3_NEXT,
            36 * ((2 * 16 + 32) * 128 * 3 * 2 + 32 * 128 * 128 * 4),
            id="delta net",
        ),
        pytest.param(
            known.NEMOTRON_H_8B, 24 * ((8192 + 2 * 8 * 128) * 3 * 2 + 8192 * 128 * 4), id="Mamba 2"
        ),
        pytest.param(known.JAMBA, 28 * (8192 * 3 * 2 + 8192 * 16 * 4), id="Mamba 1"),
        pytest.param(
            known.KIMI_LINEAR, 20 * (3 * 4096 * 3 * 2 + 32 * 128**2 * 4), id="Kimi-Linear"
        ),
        pytest.param(known.MLLAMA_11B, 8 * 1601 * 4 * 2 * 8 * 128 * 2, id="tokens of an image"),
    ],
)
def test_what_does_not_grow_with_the_context(config: dict[str, Any], expected: float) -> None:
    assert cache_of(config).per_sequence.value == expected


@pytest.mark.parametrize("dtype", ["fp8", "fp8_e4m3", "fp8_e5m2"])
def test_an_fp8_cache_takes_half(dtype: str) -> None:
    assert cache_of(known.LLAMA_8B, dtype).per_token.value == 65536


def test_sparse_attention_keeps_an_indexer_key_as_well() -> None:
    config = {**known.DEEPSEEK_V3, "index_topk": 2048, "index_head_dim": 128}
    assert cache_of(config).per_token.value == 61 * (576 * 2 + 132)


@pytest.mark.parametrize(
    ("config", "missing"),
    [
        pytest.param({}, ("num_hidden_layers",), id="empty"),
        pytest.param({"num_hidden_layers": 4}, ("num_attention_heads",), id="no heads"),
        pytest.param(
            {**known.LLAMA_8B, "num_hidden_layers": "32"}, ("num_hidden_layers",), id="text"
        ),
        pytest.param(
            {**known.LLAMA_8B, "sliding_window": 4096}, ("layer_types",), id="which slide?"
        ),
        pytest.param(
            {**known.LLAMA_8B, "layer_types": ["odd"]}, ("layer_types",), id="unknown kind"
        ),
        pytest.param({**known.LLAMA_8B, "block_configs": [{}]}, ("block_configs",), id="differing"),
        pytest.param(
            {**known.LLAMA_8B, "layer_types": ["mamba"] * 32},
            ("mamba_d_state",),
            id="no state size",
        ),
    ],
)
def test_what_the_config_leaves_open_is_unknown(
    config: dict[str, Any], missing: tuple[str]
) -> None:
    found = kv_cache(Checkpoint(config))
    assert isinstance(found, Unknown)
    assert found.missing[:1] == missing


def test_an_unknown_cache_type_is_not_guessed() -> None:
    assert isinstance(kv_cache(Checkpoint(known.LLAMA_8B), "turbo3"), Unknown)


@pytest.mark.parametrize(
    ("config", "tensor", "share"),
    [
        pytest.param(known.LLAMA_8B, 4, 1 / 4, id="divided"),
        pytest.param(known.LLAMA_8B, 16, 1 / 8, id="replicated beyond the KV heads"),
        pytest.param(known.DEEPSEEK_V3, 8, 1.0, id="a latent is not divided"),
    ],
)
def test_each_gpu_keeps_its_heads(config: dict[str, Any], tensor: int, share: float) -> None:
    found = cache_of(config)
    assert found.share(tensor, 1, 61) == share


def test_every_config_that_is_around_gets_a_number_or_a_reason() -> None:
    path = VECTORS / "oracle-modelconfig.json"
    if not path.exists():
        pytest.skip("the OME vectors are not here")
    texts = [
        text for case in json.loads(path.read_text())["cases"] for text in case["files"].values()
    ]
    configs = [config for text in texts if isinstance(config := _json(text), dict)]
    found = [kv_cache(Checkpoint(config)) for config in configs]
    assert len(found) > 200
    assert all(each.sequence(100) >= 0 if isinstance(each, KvCache) else each.why for each in found)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
