"""What OME's loaders of text models read from a config.json, in the notation of `typed_fields`.

Source: pkg/hfutil/modelconfig, the structs by their names there.
"""

from typing import Final

TEXT_STRUCTS: Final = """
BaseModelConfig
  string: model_type torch_dtype transformers_version; []string: architectures
Dimensions
  int: hidden_size intermediate_size max_position_embeddings num_attention_heads num_hidden_layers
    vocab_size
Decoder = Dimensions
  int: bos_token_id eos_token_id num_key_value_heads; float64: rms_norm_eps rope_theta; bool: use_cache
  string: hidden_act
AutoMap
  string: AutoConfig AutoModel AutoModelForCausalLM
QuantizationConfig
  string: activation_scheme fmt quant_method; []int: weight_block_size
RopeScalingConfig
  int: original_max_position_embeddings
  float64: beta_fast beta_slow factor high_freq_factor low_freq_factor mscale mscale_all_dim
  string: rope_type type
Lookup.model_type
  string: model_type
ExpertNames
  int: num_local_experts num_experts
NestedConfig = Dimensions + ExpertNames
  int: n_routed_experts n_shared_experts moe_intermediate_size
  string: transformers_version torch_dtype
BaichuanConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id model_max_length pad_token_id
  float64: initializer_range rms_norm_eps z_loss_weight; bool: tie_word_embeddings use_cache
  string: hidden_act
BertConfig = BaseModelConfig + Dimensions
  int: pad_token_id type_vocab_size
  float64: attention_probs_dropout_prob classifier_dropout hidden_dropout_prob initializer_range
    layer_norm_eps
  bool: gradient_checkpointing use_cache; string: hidden_act position_embedding_type
ChatGLMConfig = BaseModelConfig
  int: ffn_hidden_size hidden_size kv_channels multi_query_group_num num_attention_heads num_layers
    padded_vocab_size seq_length
  float64: attention_dropout hidden_dropout layernorm_epsilon
  bool: add_bias_linear add_qkv_bias apply_query_key_layer_scaling
    apply_residual_connection_post_layernorm attention_softmax_in_fp32 bias_dropout_fusion
    fp32_residual_connection multi_query_attention original_rope post_layer_norm rmsnorm use_cache
CommandRConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id num_key_value_heads pad_token_id
  float64: attention_dropout initializer_range layer_norm_eps logit_scale rope_theta
  bool: tie_word_embeddings use_cache use_qk_normalization; string: hidden_act layer_norm
DBRXAttentionConfig
  int: kv_n_heads; float64: attn_pdrop clip_qkv rope_theta
DBRXConfig = BaseModelConfig
  int: d_model max_seq_len n_heads n_layers vocab_size; float64: emb_pdrop initializer_range resid_pdrop
  bool: output_router_logits tie_word_embeddings use_cache; DBRXAttentionConfig: attn_config
  DBRXConfig.ffn_config: ffn_config
DBRXConfig.ffn_config
  int: ffn_hidden_size moe_num_experts moe_top_k; float64: moe_jitter_eps moe_loss_weight
  string: ffn_act_fn
DeepseekV3Config = BaseModelConfig + Decoder
  int: ep_size first_k_dense_replace kv_lora_rank moe_intermediate_size moe_layer_freq n_group
    n_routed_experts n_shared_experts num_experts_per_tok num_nextn_predict_layers pad_token_id
    pretraining_tp q_lora_rank qk_nope_head_dim qk_rope_head_dim sliding_window topk_group v_head_dim
  float64: attention_dropout aux_loss_alpha initializer_range routed_scaling_factor
  bool: norm_topk_prob seq_aux tie_word_embeddings; string: scoring_func topk_method; AutoMap: auto_map
  QuantizationConfig: quantization_config; RopeScalingConfig: rope_scaling
ExaoneConfig = BaseModelConfig
  int: bos_token_id eos_token_id head_dim hidden_size intermediate_size max_position_embeddings
    num_attention_heads num_key_value_heads num_layers pad_token_id vocab_size
  float64: attention_dropout embed_dropout initializer_range layer_norm_epsilon
  bool: tie_word_embeddings use_cache; string: activation_function
  ExaoneConfig.rope_scaling: rope_scaling
ExaoneConfig.rope_scaling
  int: original_max_position_embeddings; float64: factor high_freq_factor low_freq_factor
  string: rope_type
GemmaConfig = BaseModelConfig + Dimensions
  int: bos_token_id head_dim num_key_value_heads pad_token_id query_pre_attn_scalar sliding_window
    sliding_window_pattern
  float64: attention_dropout attn_logit_softcapping final_logit_softcapping initializer_range rms_norm_eps
    rope_local_base_freq rope_theta
  bool: attention_bias use_cache; string: cache_implementation hidden_act hidden_activation
  any: eos_token_id
GenericModelConfig = BaseModelConfig + Dimensions
  int: max_sequence_length moe_intermediate_size n_routed_experts n_shared_experts
  QuantizationConfig: quantization_config
GptOssConfig = BaseModelConfig + Dimensions
  int: eos_token_id experts_per_token head_dim initial_context_length num_experts_per_tok
    num_key_value_heads num_local_experts pad_token_id sliding_window
  float64: attention_dropout initializer_range rms_norm_eps rope_theta router_aux_loss_coef swiglu_limit
  bool: attention_bias output_router_logits tie_word_embeddings use_cache; string: hidden_act
  GptOssConfig.quantization_config: quantization_config; GptOssConfig.rope_scaling: rope_scaling
  []string: layer_types
GptOssConfig.quantization_config
  string: quant_method; []string: modules_to_not_convert
GptOssConfig.rope_scaling
  int: original_max_position_embeddings; float64: beta_fast beta_slow factor; bool: truncate
  string: rope_type
InternLMConfig = BaseModelConfig + Decoder
  int: pad_token_id; float64: initializer_range; bool: bias tie_word_embeddings; any: rope_scaling
KimiK2Config = BaseModelConfig + Decoder
  int: first_k_dense_replace kv_lora_rank moe_intermediate_size moe_layer_freq n_group n_routed_experts
    n_shared_experts num_experts_per_tok num_nextn_predict_layers pretraining_tp q_lora_rank
    qk_nope_head_dim qk_rope_head_dim topk_group v_head_dim
  float64: attention_dropout aux_loss_alpha initializer_range routed_scaling_factor
  bool: attention_bias norm_topk_prob seq_aux tie_word_embeddings; string: scoring_func topk_method
  QuantizationConfig: quantization_config; RopeScalingConfig: rope_scaling
LlamaConfig = BaseModelConfig + Dimensions
  int: head_dim num_key_value_heads pretraining_tp
  float64: attention_dropout initializer_range rms_norm_eps rope_theta
  bool: attention_bias mlp_bias tie_word_embeddings use_cache; string: hidden_act
  any: bos_token_id eos_token_id; LlamaConfig.quantization_config: quantization_config
  RopeScalingConfig: rope_scaling
LlamaConfig.quantization_config
  float64: activation_scale_ub; string: quant_method; []string: modules_to_not_convert
MiniCPMConfig = BaseModelConfig + Dimensions
  int: dim_model_base kv_lora_rank num_key_value_heads q_lora_rank qk_nope_head_dim qk_rope_head_dim
  float64: initializer_range rms_norm_eps rope_theta scale_emb; bool: tie_word_embeddings use_cache
  string: hidden_act; any: bos_token_id eos_token_id rope_scaling
MistralConfig = BaseModelConfig + Decoder
  int: pad_token_id; float64: attention_dropout initializer_range; bool: tie_word_embeddings
  any: sliding_window
MixtralConfig = BaseModelConfig + Decoder
  int: num_experts_per_tok num_local_experts
  float64: attention_dropout initializer_range router_aux_loss_coef
  bool: output_router_logits tie_word_embeddings; any: sliding_window
Phi3Config = BaseModelConfig + Decoder
  int: original_max_position_embeddings pad_token_id sliding_window
  float64: attention_dropout embd_pdrop initializer_range resid_pdrop
  bool: attention_bias tie_word_embeddings; AutoMap: auto_map; Phi3RopeScaling: rope_scaling
Phi3RopeScaling
  string: type; []float64: long_factor short_factor
Phi3SmallConfig = BaseModelConfig
  int: blocksparse_block_size blocksparse_num_local_blocks blocksparse_triton_kernel_block_size
    blocksparse_vert_stride bos_token_id dense_attention_every_n_layers eos_token_id ff_dim_multiplier
    ff_intermediate_size hidden_size max_position_embeddings num_attention_heads num_hidden_layers
    num_key_value_heads vocab_size
  float64: attention_dropout_prob embedding_dropout_prob ffn_dropout_prob gegelu_limit initializer_range
    layer_norm_epsilon mup_attn_multiplier mup_embedding_multiplier mup_width_multiplier
    rope_embedding_base rope_position_scale
  bool: attention_bias blocksparse_homo_head_pattern gegelu_pad_to_256 mup_use_scaling
    pad_sequence_to_multiple_of_64 reorder_and_upcast_attn use_cache
  string: hidden_act; AutoMap: auto_map
PhiModelConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id num_key_value_heads pad_token_id type_vocab_size
  float64: attention_dropout attention_probs_dropout_prob embd_pdrop hidden_dropout_prob initializer_range
    layer_norm_eps partial_rotary_factor resid_pdrop rope_theta
  bool: qk_layernorm tie_word_embeddings use_cache; string: hidden_act
  PhiModelConfig.rope_scaling: rope_scaling
PhiModelConfig.rope_scaling
PhiMoEConfig = BaseModelConfig + Decoder
  int: num_experts_per_tok num_local_experts original_max_position_embeddings sliding_window
  float64: attention_dropout hidden_dropout initializer_range input_jitter_noise router_aux_loss_coef
    router_jitter_noise
  bool: attention_bias lm_head_bias output_router_logits tie_word_embeddings; AutoMap: auto_map
  PhiMoERopeScaling: rope_scaling
PhiMoERopeScaling
  int: original_max_position_embeddings; float64: long_mscale short_mscale; string: type
  []float64: long_factor short_factor
Qwen2Config = BaseModelConfig + Decoder
  int: max_window_layers seq_length sliding_window; float64: attention_dropout rotary_emb_base
  bool: tie_word_embeddings use_sliding_window; QuantizationConfig: quantization_config
Qwen3Config = BaseModelConfig + Decoder
  int: max_window_layers seq_length sliding_window; float64: attention_dropout rotary_emb_base
  bool: tie_word_embeddings use_sliding_window; string: similarity_fn_name
  QuantizationConfig: quantization_config
Qwen3MoeConfig = BaseModelConfig + Decoder
  int: decoder_sparse_step head_dim max_window_layers moe_intermediate_size num_experts
    num_experts_per_tok seq_length sliding_window
  float64: attention_dropout initializer_range rotary_emb_base router_aux_loss_coef
  bool: attention_bias norm_topk_prob output_router_logits tie_word_embeddings use_sliding_window
  any: rope_scaling; QuantizationConfig: quantization_config; []string: mlp_only_layers
QwenConfig = BaseModelConfig + Dimensions
  int: kv_channels seq_length
  float64: attn_dropout_prob emb_dropout_prob initializer_range layer_norm_epsilon rotary_emb_base
    rotary_pct
  bool: bf16 fp16 fp32 no_bias onnx_safe scale_attn_weights tie_word_embeddings use_cache use_dynamic_ntk
    use_logn_attn
  string: tokenizer_class; any: use_flash_attn; AutoMap: auto_map; QuantizationConfig: quantization_config
StableLMConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id num_key_value_heads
  float64: initializer_range layer_norm_eps partial_rotary_factor rope_theta
  bool: tie_word_embeddings use_cache use_qkv_bias; string: hidden_act
XverseConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id max_tokenizer_truncation pad_token_id
  float64: initializer_range rms_norm_eps; bool: tie_word_embeddings use_cache; string: hidden_act
"""
