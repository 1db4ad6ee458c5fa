"""OME's loaders of text models, one row per family, and the model types that use it."""

from collections.abc import Mapping
from typing import Final

from ome_backend.facts import parameters as count
from ome_backend.facts.loaders import Loader, always, filled, first, has, quant_method, said

_B: Final = 10**9
_M: Final = 10**6
_LAYERS: Final = ("hidden_size", "num_layers")
_LONG: Final = first("seq_length", "max_position_embeddings")
_SIZES: Final = ("hidden_size", "num_hidden_layers", "num_attention_heads")
_DECODER: Final = (*_SIZES, "num_key_value_heads", "vocab_size", "max_position_embeddings")

_LLAMA = Loader(
    "LlamaConfig",
    "Llama",
    known={
        (8192, 80): 70 * _B,
        (8192, 82): 70 * _B,
        (16384, 126): 405 * _B,
        (3072, 28): 3 * _B,
        (2048, 16): _B,
    },
    otherwise=count.llama,
    architecture="LlamaForCausalLM",
    quantization=quant_method,
    positive=_DECODER,
    grouped_heads=True,
)
_MISTRAL = Loader(
    "MistralConfig",
    "Mistral",
    known={(4096, 32): 7 * _B},
    otherwise=count.nothing,
    architecture="MistralModel",
    embedding=always,
    positive=_DECODER,
)
_MIXTRAL = Loader(
    "MixtralConfig",
    "Mixtral",
    shape=(),
    known={(): 46_700 * _M},
    architecture="MixtralForCausalLM",
    positive=(*_DECODER, "num_local_experts", "num_experts_per_tok"),
)
_QWEN = Loader(
    "QwenConfig",
    "Qwen",
    known={(4096, 32): 7 * _B, (5120, 40): 14 * _B, (8192, 80): 72 * _B},
    context=_LONG,
    quantization=quant_method,
)
_QWEN2 = Loader(
    "Qwen2Config",
    "Qwen2",
    known={(3584, 28): 7 * _B, (8192, 40): 34 * _B, (7680, 64): 72 * _B},
    context=_LONG,
    quantization=quant_method,
)
_QWEN3 = Loader(
    "Qwen3Config",
    "Qwen3",
    known={(2560, 36): 4 * _B, (4096, 36): 8 * _B},
    context=_LONG,
    quantization=quant_method,
    embedding=filled("similarity_fn_name"),
    sentence_file=True,
)
_QWEN3_MOE = Loader(
    "Qwen3MoeConfig",
    "Qwen3Moe",
    known={(2048, 48): 30 * _B, (4096, 94): 235 * _B},
    context=_LONG,
    quantization=quant_method,
)
_DEEPSEEK_V3 = Loader(
    "DeepseekV3Config",
    "DeepSeek V3",
    shape=(),
    known={(): 685 * _B},
    quantization=quant_method,
    positive=(*_DECODER, "n_routed_experts", "num_experts_per_tok"),
)
_KIMI_K2 = Loader(
    "KimiK2Config",
    "Kimi-K2",
    shape=(),
    known={(): 1500 * _B},
    quantization=quant_method,
    positive=(*_DECODER, "n_routed_experts", "num_experts_per_tok"),
)
_GPT_OSS = Loader(
    "GptOssConfig",
    "GPT-OSS",
    shape=("hidden_size", "num_hidden_layers", "num_local_experts"),
    known={(2880, 24, 32): 20 * _B, (2880, 36, 128): 120 * _B},
    otherwise=count.gpt_oss,
    architecture="GptOssForCausalLM",
    quantization=quant_method,
    positive=(*_DECODER, "num_local_experts"),
    one_positive=("num_experts_per_tok", "experts_per_token"),
    grouped_heads=True,
)
_GEMMA = Loader(
    "GemmaConfig",
    "Gemma",
    known={
        (2048, 18): 2 * _B,
        (2304, 26): 2600 * _M,
        (3072, 28): 7 * _B,
        (3584, 42): 9 * _B,
    },
    positive=(*_SIZES, "vocab_size"),
)
_PHI = Loader("PhiModelConfig", "Phi", otherwise=count.nothing)
_PHI3 = Loader("Phi3Config", "Phi3", known={(3072, 32): 3800 * _M}, otherwise=count.nothing)
_PHI3_SMALL = Loader(
    "Phi3SmallConfig", "Phi3Small", known={(4096, 32): 7 * _B}, otherwise=count.nothing
)
_PHI_MOE = Loader(
    "PhiMoEConfig",
    "PhiMoE",
    shape=("hidden_size", "num_hidden_layers", "num_local_experts"),
    known={(4096, 32, 16): 16 * _B},
    otherwise=count.nothing,
)
_INTERNLM = Loader(
    "InternLMConfig",
    "InternLM",
    known={(4096, 32): 7 * _B, (6144, 48): 20 * _B, (2048, 24): 1800 * _M},
)
_BAICHUAN = Loader(
    "BaichuanConfig",
    "Baichuan",
    known={(4096, 32): 7 * _B, (5120, 40): 13 * _B},
    context=first("model_max_length", "max_position_embeddings"),
)
_CHATGLM = Loader(
    "ChatGLMConfig",
    "ChatGLM",
    shape=_LAYERS,
    known={(4096, 28): 6 * _B, (4096, 40): 9 * _B},
    otherwise=count.chatglm,
    context=first("seq_length"),
    dtype=said("torch_dtype", default="float16"),
)
_COMMAND_R = Loader(
    "CommandRConfig",
    "Command-R",
    known={(8192, 40): 35 * _B},
    otherwise=count.command_r,
)
_DBRX = Loader(
    "DBRXConfig",
    "DBRX",
    shape=("d_model", "n_layers"),
    known={(6144, 48): 132 * _B},
    otherwise=count.dbrx,
    context=first("max_seq_len"),
    architecture="DbrxForCausalLM",
)
_EXAONE = Loader(
    "ExaoneConfig",
    "ExaONE",
    shape=_LAYERS,
    known={(4096, 32): 7800 * _M, (2560, 42): 2800 * _M},
    otherwise=count.exaone,
)
_MINICPM = Loader(
    "MiniCPMConfig",
    "MiniCPM",
    known={(2560, 62): 4 * _B, (2304, 40): 2400 * _M, (1536, 52): 1200 * _M},
)
_STABLELM = Loader("StableLMConfig", "StableLM", known={(2560, 32): 3 * _B, (2048, 24): 1600 * _M})
_XVERSE = Loader(
    "XverseConfig",
    "XVERSE",
    known={(4096, 32): 7 * _B, (5120, 40): 13 * _B, (6144, 80): 65 * _B},
)
_BERT = Loader(
    "BertConfig",
    "BERT",
    known={(768, 12): 110 * _M, (1024, 24): 340 * _M},
    otherwise=count.bert,
    embedding=always,
)

GENERIC: Final = Loader(
    "GenericModelConfig",
    "",
    otherwise=count.generic,
    context=first("max_position_embeddings", "max_sequence_length"),
    quantization=quant_method,
    vision=has("vision_config"),
    unreadable="failed to parse config JSON from '{path}': {problem}",
)

TEXT_LOADERS: Final[Mapping[str, Loader]] = {
    "llama": _LLAMA,
    "mistral": _MISTRAL,
    "mixtral": _MIXTRAL,
    "qwen": _QWEN,
    "qwen2": _QWEN2,
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3_MOE,
    "deepseek_v3": _DEEPSEEK_V3,
    "kimi_k2": _KIMI_K2,
    "gpt_oss": _GPT_OSS,
    **dict.fromkeys(("gemma", "gemma2", "gemma3_text"), _GEMMA),
    "phi": _PHI,
    "phi3": _PHI3,
    "phi3small": _PHI3_SMALL,
    "phimoe": _PHI_MOE,
    **dict.fromkeys(("internlm", "internlm2"), _INTERNLM),
    "baichuan": _BAICHUAN,
    "chatglm": _CHATGLM,
    **dict.fromkeys(("cohere", "command-r"), _COMMAND_R),
    "dbrx": _DBRX,
    "exaone": _EXAONE,
    **dict.fromkeys(("minicpm", "minicpm3"), _MINICPM),
    "stablelm": _STABLELM,
    "xverse": _XVERSE,
    "bert": _BERT,
}
