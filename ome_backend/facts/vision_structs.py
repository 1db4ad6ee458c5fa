"""What OME's loaders of multimodal models read from a config.json, in the notation of `typed_fields`.

Source: pkg/hfutil/modelconfig, the structs by their names there.
"""

from typing import Final

VISION_STRUCTS: Final = """
DeepSeekVLConfig = BaseModelConfig
  string: tile_tag; DeepSeekVLLanguageConfig: language_config; DeepSeekVLProjectorConfig: projector_config
  DeepSeekVLVisionConfig: vision_config; JanusAlignerConfig: aligner_config gen_aligner_config
  [][]int: candidate_resolutions
DeepSeekVLLanguageConfig = Dimensions
  int: moe_intermediate_size n_routed_experts n_shared_experts num_experts_per_tok num_key_value_heads
  string: model_type torch_dtype
DeepSeekVLProjectorConfig
  int: n_embed; string: model_type
DeepSeekVLVisionConfig
  int: layers patch_size width; float64: mlp_ratio; string: model_name model_type
Gemma3Config = BaseModelConfig
  int: boi_token_index eoi_token_index image_token_index mm_tokens_per_image; float64: initializer_range
  any: eos_token_id; Gemma3TextConfig: text_config; Gemma3VisionConfig: vision_config
Gemma3TextConfig
  int: head_dim hidden_size intermediate_size num_attention_heads num_hidden_layers num_key_value_heads
    query_pre_attn_scalar sliding_window
  string: model_type; RopeScalingConfig: rope_scaling
Gemma3VisionConfig
  int: hidden_size image_size intermediate_size num_attention_heads num_hidden_layers patch_size
  bool: vision_use_head; string: model_type
JanusAlignerConfig
  string: cls; JanusAlignerConfig.params: params
JanusAlignerConfig.params
  int: depth input_dim n_embed; string: projector_type
Llama4Config = BaseModelConfig
  int: boi_token_index eoi_token_index image_token_index; Llama4QuantizationConfig: quantization_config
  TextConfig: text_config; VisionConfig: vision_config
Llama4QuantizationConfig
  string: format quant_method quantization_status; any: global_compression_ratio kv_cache_scheme
  []string: ignore; map[string]QuantizationGroup: config_groups
LLaVAConfig = BaseModelConfig
  int: ignore_index image_token_index pad_token_id vision_feature_layer vocab_size
  bool: tie_word_embeddings; string: projector_hidden_act vision_feature_select_strategy
  LLaVATextConfig: text_config; LLaVAVisionConfig: vision_config
LLaVATextConfig = Dimensions
  int: num_key_value_heads; float64: rms_norm_eps; string: model_type torch_dtype
LLaVAVisionConfig
  int: hidden_size image_size intermediate_size num_attention_heads num_hidden_layers patch_size
    projection_dim vocab_size
  string: model_type
MLlamaConfig = BaseModelConfig
  int: image_token_index; MLlamaTextConfig: text_config; MLlamaVisionConfig: vision_config
MLlamaTextConfig = Dimensions
  int: num_key_value_heads; float64: rms_norm_eps rope_theta; bool: tie_word_embeddings use_cache
  string: hidden_act; any: bos_token_id eos_token_id pad_token_id; RopeScalingConfig: rope_scaling
  []int: cross_attention_layers
MLlamaVisionConfig
  int: attention_heads hidden_size image_size intermediate_size max_num_tiles num_channels
    num_global_layers num_hidden_layers patch_size vision_output_dim
  float64: norm_eps; bool: tie_word_embeddings; string: hidden_act; [][]int: supported_aspect_ratios
  []int: intermediate_layers_indices
Phi3VConfig = BaseModelConfig + Dimensions
  int: bos_token_id eos_token_id num_key_value_heads original_max_position_embeddings sliding_window
  float64: attention_dropout rms_norm_eps rope_theta; string: _attn_implementation hidden_act
  AutoMap: auto_map; map[string]any: embd_layer img_processor rope_scaling
QuantizationGroup
  any: output_activations; QuantizationSettings: input_activations weights; []string: targets
QuantizationSettings
  int: num_bits; bool: dynamic symmetric; string: observer strategy type
  any: actorder block_structure group_size; map[string]any: observer_kwargs
Qwen2MRopeScaling
  string: type; []int: mrope_section
Qwen2VisionConfig
  int: depth embed_dim hidden_size in_chans intermediate_size mlp_ratio num_heads out_hidden_size
    patch_size spatial_merge_size spatial_patch_size temporal_patch_size tokens_per_second window_size
  string: hidden_act; []int: fullatt_block_indexes
Qwen2VLConfig = BaseModelConfig + Decoder
  int: image_token_id max_window_layers sliding_window video_token_id vision_end_token_id
    vision_start_token_id vision_token_id
  float64: attention_dropout initializer_range; bool: tie_word_embeddings use_sliding_window
  QuantizationConfig: quantization_config; Qwen2MRopeScaling: rope_scaling
  Qwen2VisionConfig: vision_config
Qwen3VLConfig = BaseModelConfig
  int: image_token_id video_token_id vision_end_token_id vision_start_token_id; bool: tie_word_embeddings
  QuantizationConfig: quantization_config; Qwen3VLTextConfig: text_config
  Qwen3VLVisionConfig: vision_config
Qwen3VLRopeScalingConfig
  bool: mrope_interleaved; string: rope_type; []int: mrope_section
Qwen3VLTextConfig = Dimensions
  int: bos_token_id decoder_sparse_step eos_token_id head_dim moe_intermediate_size num_experts
    num_experts_per_tok num_key_value_heads
  float64: attention_dropout initializer_range rope_theta; bool: attention_bias norm_topk_prob use_cache
  string: dtype hidden_act model_type; Qwen3VLRopeScalingConfig: rope_scaling; []string: mlp_only_layers
Qwen3VLVisionConfig
  int: depth hidden_size in_channels intermediate_size num_heads num_position_embeddings out_hidden_size
    patch_size spatial_merge_size temporal_patch_size
  float64: initializer_range; string: hidden_act model_type; []int: deepstack_visual_indexes
TextConfig = Dimensions
  int: attention_chunk_size head_dim interleave_moe_layer_step intermediate_size_mlp nope_layer_interval
    num_experts_per_tok num_key_value_heads num_local_experts
  float64: attention_dropout initializer_range rms_norm_eps rope_theta router_aux_loss_coef
    router_jitter_noise
  bool: _attn_implementation_autoset attention_bias for_llm_compressor output_router_logits use_cache
    use_qk_norm
  string: hidden_act model_type; any: bos_token_id eos_token_id pad_token_id
  RopeScalingConfig: rope_scaling; []int: no_rope_layers
VisionConfig
  int: hidden_size image_size intermediate_size num_attention_heads num_channels num_hidden_layers
    patch_size projector_input_dim projector_output_dim vision_feature_layer vision_output_dim
  float64: attention_dropout initializer_range norm_eps pixel_shuffle_ratio projector_dropout rope_theta
  bool: _attn_implementation_autoset multi_modal_projector_bias
  string: hidden_act model_type vision_feature_select_strategy
"""
