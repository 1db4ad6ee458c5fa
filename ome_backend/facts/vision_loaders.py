"""OME's loaders of multimodal models, one row per family, and the model types that use it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ome_backend.facts import vision_parameters as seen
from ome_backend.facts.go_integers import truncated
from ome_backend.facts.loaders import Loader, always, first, has, quant_method, said
from ome_backend.facts.typed_fields import Fields, given, real, whole, word

_B: Final = 10**9
_M: Final = 10**6
_TEXT: Final = ("text_config.hidden_size", "text_config.num_hidden_layers")
_LANGUAGE: Final = ("language_config.hidden_size", "language_config.num_hidden_layers")
_TEXT_CONTEXT: Final = first("text_config.max_position_embeddings")


def _gemma3_context(fields: Fields) -> int:
    """gemma3.go: the window, stretched where positions are; the real context is not looked at."""
    window = whole(fields, "text_config.sliding_window")
    factor = real(fields, "text_config.rope_scaling.factor")
    if window <= 0:
        return 8192
    return truncated(window * factor) if factor > 0 else window


def _language_context(fields: Fields) -> int:
    """deepseek_vl.go."""
    if not given(fields, "language_config"):
        return 4096
    return whole(fields, "language_config.max_position_embeddings")


def _llama4_dtype(fields: Fields) -> str:
    """llama4.go: 8-bit floats are recognised by the first quantization group."""
    weights = "quantization_config.config_groups.group_0.weights."
    compressed = word(fields, "quantization_config.format") == "float-quantized"
    eight = whole(fields, weights + "num_bits") == 8 and word(fields, weights + "type") == "float"
    return "float8" if compressed and eight else word(fields, "torch_dtype")


_LLAMA4 = Loader(
    "Llama4Config",
    "Llama4",
    shape=(*_TEXT, "text_config.num_local_experts"),
    known={(5120, 48, 128): 402 * _B, (5120, 48, 16): 17 * _B},
    otherwise=seen.llama4,
    context=_TEXT_CONTEXT,
    dtype=_llama4_dtype,
    architecture="Llama4ForConditionalGeneration",
    quantization=said("quantization_config.format"),
    vision=has("vision_config"),
    unreadable="failed to parse {title} config: {problem}",
)
_MLLAMA = Loader(
    "MLlamaConfig",
    "MLlama",
    shape=_TEXT,
    known={(4096, 40): 11 * _B, (8192, 100): 90 * _B},
    otherwise=seen.two_stacks,
    context=_TEXT_CONTEXT,
    architecture="MllamaForConditionalGeneration",
    vision=always,
)
_QWEN2_VL = Loader(
    "Qwen2VLConfig",
    "Qwen2-VL",
    known={(1536, 28): 2 * _B, (3584, 28): 7 * _B, (8192, 80): 72 * _B},
    otherwise=seen.qwen2_vl,
    quantization=quant_method,
    vision=always,
)
_QWEN3_VL = Loader(
    "Qwen3VLConfig",
    "Qwen3-VL",
    otherwise=seen.qwen3_vl,
    context=_TEXT_CONTEXT,
    quantization=quant_method,
    vision=always,
)
_QWEN3_5 = replace(_QWEN3_VL, dtype=said("torch_dtype", "text_config.dtype"))
_DEEPSEEK_VL = Loader(
    "DeepSeekVLConfig",
    "DeepSeek VL",
    shape=_LANGUAGE,
    known={(1280, 12): _B, (2048, 24): 1300 * _M},
    otherwise=seen.deepseek_vl,
    context=_language_context,
    bytes_dtype=said("torch_dtype", "language_config.torch_dtype"),
    architecture="DeepseekVLV2ForCausalLM",
    vision=always,
)
_JANUS = replace(_DEEPSEEK_VL, architecture="JanusMultiModalityCausalLM")
_GEMMA3 = Loader(
    "Gemma3Config",
    "Gemma3",
    shape=_TEXT,
    known={(5376, 62): 32 * _B},
    otherwise=seen.two_stacks,
    context=_gemma3_context,
    vision=always,
)
_PHI3_V = Loader("Phi3VConfig", "Phi3V", known={(3072, 32): 14 * _B}, vision=has("img_processor"))
_LLAVA = Loader(
    "LLaVAConfig",
    "LLaVA",
    otherwise=seen.llava,
    context=_TEXT_CONTEXT,
    bytes_dtype=said("torch_dtype", "text_config.torch_dtype"),
    vision=always,
)

VISION_LOADERS: Final[Mapping[str, Loader]] = {
    "llama4": _LLAMA4,
    "mllama": _MLLAMA,
    **dict.fromkeys(("qwen2_vl", "qwen2_5_vl"), _QWEN2_VL),
    **dict.fromkeys(("qwen3_vl", "qwen3_vl_moe"), _QWEN3_VL),
    **dict.fromkeys(("qwen3_5", "qwen3_5_moe"), _QWEN3_5),
    "deepseek_vl_v2": _DEEPSEEK_VL,
    **dict.fromkeys(("janus", "multi_modality"), _JANUS),
    "gemma3": _GEMMA3,
    "phi3_v": _PHI3_V,
    "llava": _LLAVA,
}
