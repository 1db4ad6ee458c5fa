"""Config files of many architectures, in the form their authors publish them."""

from typing import Any

# model_type: class, and what its config.json has beside the shape
_CLASSES: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("LlamaForCausalLM", {"hidden_act": "silu", "rope_theta": 500000.0}),
    "mllama": ("MllamaForConditionalGeneration", {"image_token_index": 128256}),
    "llama4": ("Llama4ForConditionalGeneration", {"boi_token_index": 200080}),
    "mistral": ("MistralForCausalLM", {"hidden_act": "silu", "sliding_window": None}),
    "mixtral": ("MixtralForCausalLM", {"num_local_experts": 8, "num_experts_per_tok": 2}),
    "qwen2": ("Qwen2ForCausalLM", {"hidden_act": "silu", "use_sliding_window": False}),
    "qwen2_5_vl": ("Qwen2_5_VLForConditionalGeneration", {"vision_start_token_id": 151652}),
    "qwen3": ("Qwen3ForCausalLM", {"hidden_act": "silu", "head_dim": 128}),
    "qwen3_moe": ("Qwen3MoeForCausalLM", {"num_experts": 128, "num_experts_per_tok": 8}),
    "gemma2": ("Gemma2ForCausalLM", {"attn_logit_softcapping": 50.0, "head_dim": 256}),
    "gemma3": ("Gemma3ForConditionalGeneration", {"mm_tokens_per_image": 256}),
    "phi3": ("Phi3ForCausalLM", {"original_max_position_embeddings": 4096}),
    "deepseek_v3": ("DeepseekV3ForCausalLM", {"n_routed_experts": 256, "kv_lora_rank": 512}),
    "gpt_oss": ("GptOssForCausalLM", {"num_local_experts": 32, "sliding_window": 128}),
    "glm4_moe": ("Glm4MoeForCausalLM", {"n_routed_experts": 160, "num_experts_per_tok": 8}),
    "kimi_k2": ("DeepseekV3ForCausalLM", {"n_routed_experts": 384, "kv_lora_rank": 512}),
    "falcon": ("FalconForCausalLM", {"multi_query": True, "parallel_attn": True}),
    "bloom": ("BloomForCausalLM", {"n_layer": 30, "n_head": 32}),
    "gpt2": ("GPT2LMHeadModel", {"n_layer": 12, "n_head": 12, "n_embd": 768}),
    "cohere": ("CohereForCausalLM", {"logit_scale": 0.0625}),
    "granite": ("GraniteForCausalLM", {"embedding_multiplier": 12.0}),
    "olmo2": ("Olmo2ForCausalLM", {"attention_bias": False}),
    "dbrx": ("DbrxForCausalLM", {"d_model": 6144, "n_layers": 40}),
    "mamba": ("MambaForCausalLM", {"state_size": 16, "conv_kernel": 4}),
    "bert": ("BertForMaskedLM", {"type_vocab_size": 2}),
    "xlm-roberta": ("XLMRobertaModel", {"type_vocab_size": 1}),
    "whisper": ("WhisperForConditionalGeneration", {"encoder_layers": 32}),
    "zephyrine": ("ZephyrineForCausalLM", {"memory_slots": 64}),
}
_LAYERS = ((2, 24), (5, 28), (10, 32), (20, 40), (40, 64), (100, 80), (500, 94), (5000, 126))
_BYTES = {"F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "I32": 4, "U8": 1}
_NAMES = {"F32": "float32", "F16": "float16"}
QUANTIZATIONS: dict[str, dict[str, Any]] = {
    "fp8": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]},
    "awq": {"quant_method": "awq", "bits": 4, "group_size": 128, "version": "gemm"},
    "gptq": {"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": False},
    "mxfp4": {"quant_method": "mxfp4"},
    "wizard": {"quant_method": "wizard3", "bits": 3},
}


def config(model_type: str, billions: float, dtype: str, quantization: str = "") -> dict[str, Any]:
    """A config.json for a model of about this size."""
    architecture, own = _CLASSES[model_type]
    layers = next(count for most, count in _LAYERS if billions <= most)
    heads = 8 * max(1, round((billions * 1e9 / layers / 12) ** 0.5 / 1024))  # for 8 GPUs
    hidden = 128 * heads
    made = {
        "architectures": [architecture],
        "model_type": model_type,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": min(8, heads),
        "intermediate_size": hidden * 7 // 2,
        "vocab_size": 128256,
        "max_position_embeddings": 131072,
        "torch_dtype": _NAMES.get(dtype, "bfloat16"),
        "transformers_version": "4.51.0",
    } | own
    return made | ({"quantization_config": QUANTIZATIONS[quantization]} if quantization else {})


def weight_bytes(parameters: dict[str, int]) -> int:
    """How many bytes so many parameters of each type take."""
    return sum(count * _BYTES[dtype] for dtype, count in parameters.items())
