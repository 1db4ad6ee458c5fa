"""Shapes of published checkpoints, as their config.json gives them; only what the planner reads."""

from typing import Any

QWEN_05B = {
    **{
        "model_type": "qwen2",
        "num_hidden_layers": 24,
        "hidden_size": 896,
        "num_attention_heads": 14,
    },
    **{"num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": True},
    **{"torch_dtype": "bfloat16", "max_position_embeddings": 32768, "sliding_window": 32768},
    **{"use_sliding_window": False, "max_window_layers": 24},
}
QWEN_7B = {
    **{
        "model_type": "qwen2",
        "num_hidden_layers": 28,
        "hidden_size": 3584,
        "num_attention_heads": 28,
    },
    **{"num_key_value_heads": 4, "vocab_size": 152064, "torch_dtype": "bfloat16"},
    **{"max_position_embeddings": 32768, "sliding_window": 131072, "use_sliding_window": False},
}
LLAMA_8B = {
    **{
        "model_type": "llama",
        "num_hidden_layers": 32,
        "hidden_size": 4096,
        "num_attention_heads": 32,
    },
    **{"num_key_value_heads": 8, "vocab_size": 128256, "torch_dtype": "bfloat16"},
    **{"intermediate_size": 14336, "max_position_embeddings": 131072, "tie_word_embeddings": False},
}
LLAMA2_7B = {
    **LLAMA_8B,
    "num_key_value_heads": 32,
    "vocab_size": 32000,
    "max_position_embeddings": 4096,
}
MISTRAL_7B = {
    **LLAMA_8B,
    "model_type": "mistral",
    "sliding_window": 4096,
    "max_position_embeddings": 32768,
}
GEMMA2_9B = {
    **{
        "model_type": "gemma2",
        "num_hidden_layers": 42,
        "hidden_size": 3584,
        "num_attention_heads": 16,
    },
    **{
        "num_key_value_heads": 8,
        "head_dim": 256,
        "sliding_window": 4096,
        "torch_dtype": "bfloat16",
    },
    "max_position_embeddings": 8192,
}
GEMMA3_12B: dict[str, Any] = {
    "model_type": "gemma3",
    "vision_config": {"model_type": "siglip_vision_model"},
    "torch_dtype": "bfloat16",
    "text_config": {
        **{"model_type": "gemma3_text", "num_hidden_layers": 48, "hidden_size": 3840},
        **{"num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256},
        **{"sliding_window": 1024, "sliding_window_pattern": 6, "max_position_embeddings": 131072},
    },
}
GPT_OSS_20B: dict[str, Any] = {
    **{"model_type": "gpt_oss", "num_hidden_layers": 24, "hidden_size": 2880, "head_dim": 64},
    **{"num_attention_heads": 64, "num_key_value_heads": 8, "sliding_window": 128},
    **{"num_local_experts": 32, "intermediate_size": 2880, "vocab_size": 201088},
    **{"tie_word_embeddings": False, "torch_dtype": "bfloat16", "max_position_embeddings": 131072},
    "layer_types": ["sliding_attention", "full_attention"] * 12,
    "quantization_config": {"quant_method": "mxfp4"},
}
DEEPSEEK_V3: dict[str, Any] = {
    **{"model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168},
    **{"num_attention_heads": 128, "num_key_value_heads": 128, "kv_lora_rank": 512},
    **{"q_lora_rank": 1536, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128},
    **{"n_routed_experts": 256, "moe_intermediate_size": 2048, "first_k_dense_replace": 3},
    **{"vocab_size": 129280, "tie_word_embeddings": False, "torch_dtype": "bfloat16"},
    "max_position_embeddings": 163840,
    "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]},
}
DEEPSEEK_V2: dict[str, Any] = {**DEEPSEEK_V3, "model_type": "deepseek_v2", "num_hidden_layers": 60}
QWEN3_NEXT = {
    **{"model_type": "qwen3_next", "num_hidden_layers": 48, "hidden_size": 2048, "head_dim": 256},
    **{"num_attention_heads": 16, "num_key_value_heads": 2, "full_attention_interval": 4},
    **{"linear_num_key_heads": 16, "linear_key_head_dim": 128, "linear_num_value_heads": 32},
    **{"linear_value_head_dim": 128, "linear_conv_kernel_dim": 4, "torch_dtype": "bfloat16"},
}
NEMOTRON_H_8B = {
    **{"model_type": "nemotron_h", "num_hidden_layers": 52, "hidden_size": 4096, "head_dim": 128},
    **{"num_attention_heads": 32, "num_key_value_heads": 8, "mamba_num_heads": 128},
    **{"mamba_head_dim": 64, "ssm_state_size": 128, "n_groups": 8, "conv_kernel": 4},
    "hybrid_override_pattern": "M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M*-M-M-M-M-M-",
}
JAMBA = {
    **{"model_type": "jamba", "num_hidden_layers": 32, "hidden_size": 4096, "mamba_expand": 2},
    **{"num_attention_heads": 32, "num_key_value_heads": 8, "attn_layer_period": 8},
    **{"attn_layer_offset": 4, "mamba_d_state": 16, "mamba_d_conv": 4},
}
FALCON_H1 = {
    **{"model_type": "falcon_h1", "num_hidden_layers": 36, "hidden_size": 2048, "head_dim": 64},
    **{"num_attention_heads": 8, "num_key_value_heads": 2, "mamba_n_heads": 24, "mamba_d_head": 64},
    **{"mamba_d_state": 256, "mamba_n_groups": 1, "mamba_d_conv": 4},
}
MLLAMA_11B: dict[str, Any] = {
    "model_type": "mllama",
    "vision_config": {"image_size": 560, "patch_size": 14, "max_num_tiles": 4},
    "text_config": {
        **{"model_type": "mllama_text_model", "num_hidden_layers": 40, "hidden_size": 4096},
        **{"num_attention_heads": 32, "num_key_value_heads": 8, "torch_dtype": "bfloat16"},
        "cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38],
    },
}
LLAMA4: dict[str, Any] = {
    "model_type": "llama4",
    "text_config": {
        **{"model_type": "llama4_text", "num_hidden_layers": 48, "hidden_size": 5120},
        **{"num_attention_heads": 40, "num_key_value_heads": 8, "attention_chunk_size": 8192},
    },
}
KIMI_LINEAR: dict[str, Any] = {
    **{"model_type": "kimi_linear", "num_hidden_layers": 27, "hidden_size": 2304},
    **{"num_attention_heads": 32, "num_key_value_heads": 32, "kv_lora_rank": 512},
    "qk_rope_head_dim": 64,
    "linear_attn_config": {
        **{"full_attn_layers": [4, 8, 12, 16, 20, 24, 27], "head_dim": 128, "num_heads": 32},
        "short_conv_kernel_size": 4,
    },
}
BERT = {
    "model_type": "bert",
    "num_hidden_layers": 24,
    "hidden_size": 1024,
    "num_attention_heads": 16,
}
