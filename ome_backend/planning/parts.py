"""Parameters of the parts of a model that are stored or spread in a way of their own.

A part that the config does not describe counts 0: the estimate then treats it as the rest.
"""

from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.layers import LayerKinds, layer_kinds


def table(model: Checkpoint) -> int:
    """Parameters of one embedding table, or of the output head."""
    return (model.vocabulary or 0) * (model.hidden or 0)


def tables(model: Checkpoint) -> int:
    """Parameters of the embedding table and, where it is not the same, the output head."""
    return table(model) * (1 if model.tied else 2)


def attention(model: Checkpoint) -> int:
    """Parameters of the attention projections of all layers that have any."""
    kinds = layer_kinds(model)
    layers = kinds.attention if isinstance(kinds, LayerKinds) else model.layers or 0
    return layers * (_latent_attention(model) or _plain_attention(model))


def _plain_attention(model: Checkpoint) -> int:
    if not (model.hidden and model.heads and model.kv_heads and model.head_dim):
        return 0
    return 2 * model.hidden * model.head_dim * (model.heads + model.kv_heads)


def _latent_attention(model: Checkpoint) -> int:
    """DeepSeek's projections: down to the latents, up to all heads, and out."""
    latent, rope = model.number("kv_lora_rank"), model.number("qk_rope_head_dim")
    nope, value = model.number("qk_nope_head_dim"), model.number("v_head_dim")
    if not (latent and rope and nope and value and model.hidden and model.heads):
        return 0
    queries = model.number("q_lora_rank")
    asked = model.heads * (nope + rope)
    up = queries * (model.hidden + asked) if queries else model.hidden * asked
    kept = model.hidden * (latent + rope) + latent * model.heads * (nope + value)
    return up + kept + model.heads * value * model.hidden


def experts(model: Checkpoint) -> int:
    """Parameters of all routed experts; three matrices each."""
    if not (model.experts and model.hidden and model.layers):
        return 0
    width = (
        model.number("moe_intermediate_size", "intermediate_size", "ffn_config.ffn_hidden_size")
        or 0
    )
    dense = model.number("first_k_dense_replace") or len(model.listed("mlp_only_layers"))
    step = model.number("decoder_sparse_step", "moe_layer_freq", "expert_layer_period") or 1
    return 3 * model.hidden * width * model.experts * max(0, (model.layers - dense) // step)
