"""What layers without attention keep of a sequence: a state whose size does not grow with the context."""

from collections.abc import Callable

from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.resources.manifest import dig, text

_FLOAT32 = 4.0


def state_bytes(model: Checkpoint, width: float) -> float | None:
    """Bytes that one such layer keeps of one sequence; None where the config does not tell.

    `width` is the bytes of the model's own data type, in which the short convolutions are kept. The
    recurrent state is in the type `mamba_ssm_dtype` names, else float32, the larger of the engines' defaults.
    """
    kept = _FLOAT32 if text(model.text, "mamba_ssm_dtype") not in ("bfloat16", "float16") else width
    found = (rule(model) for rule in _RULES)
    sizes = next((each for each in found if each is not None), None)
    return None if sizes is None else sizes[0] * width + sizes[1] * kept


Sizes = tuple[float, float] | None  # elements of the convolution, elements of the recurrent state


def _mamba2(model: Checkpoint) -> Sizes:
    """Nemotron-H, Falcon-H1, Bamba, Granite 4, Zamba2."""
    heads = model.number("mamba_num_heads", "mamba_n_heads", "n_mamba_heads")
    wide = model.number("mamba_head_dim", "mamba_d_head", "mamba_headdim")
    deep = model.number("ssm_state_size", "mamba_d_state")
    groups = model.number("n_groups", "mamba_n_groups", "mamba_ngroups")
    if not (heads and wide and deep and groups):
        return None
    return (heads * wide + 2 * groups * deep) * _taps(model), float(heads * wide * deep)


def _mamba1(model: Checkpoint) -> Sizes:
    """Jamba: an inner width, no heads."""
    inner = (model.number("mamba_expand", "expand") or 0) * (model.hidden or 0)
    inner = (
        model.number("intermediate_size") or inner if model.model_type.endswith("mamba") else inner
    )
    deep = model.number("mamba_d_state", "state_size")
    return (inner * _taps(model), float(inner * deep)) if inner and deep else None


def _delta_net(model: Checkpoint) -> Sizes:
    """Qwen3-Next and Qwen3.5: gated delta rule."""
    keys, key = model.number("linear_num_key_heads"), model.number("linear_key_head_dim")
    values, value = model.number("linear_num_value_heads"), model.number("linear_value_head_dim")
    if not (keys and key and values and value):
        return None
    return (2 * keys * key + values * value) * _taps(model), float(values * key * value)


def _kimi(model: Checkpoint) -> Sizes:
    """Kimi-Linear: a matrix a head, and three short convolutions."""
    heads = dig(model.text, "linear_attn_config", "num_heads")
    wide = dig(model.text, "linear_attn_config", "head_dim")
    if not (isinstance(heads, int) and isinstance(wide, int)):
        return None
    return 3 * heads * wide * _taps(model), float(heads * wide * wide)


def _short_convolution(model: Checkpoint) -> Sizes:
    """LFM2 keeps the last inputs of a short convolution."""
    taps = model.number("conv_L_cache")
    return ((model.hidden or 0) * (taps - 1.0), 0.0) if taps and model.hidden else None


def _lightning(model: Checkpoint) -> Sizes:
    """MiniMax: a matrix a head."""
    if not (model.listed("attn_type_list") and model.heads and model.head_dim):
        return None
    return 0.0, float(model.heads * model.head_dim**2)


def _taps(model: Checkpoint) -> float:
    names = (
        "conv_kernel",
        "mamba_d_conv",
        "linear_conv_kernel_dim",
        "linear_attn_config.short_conv_kernel_size",
    )
    return (model.number(*names) or 4) - 1.0


_RULES: tuple[Callable[[Checkpoint], Sizes], ...] = (
    *(_mamba2, _delta_net, _kimi, _mamba1, _short_convolution, _lightning),
)
