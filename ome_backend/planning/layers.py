"""Which layers of a model keep keys and values, and of how much of the context."""

from collections.abc import Callable
from dataclasses import dataclass

from ome_backend.planning.amount import Unknown
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.resources.manifest import dig, items, text

_WORDS = {
    "full": ("full_attention", "attention", "full"),
    "sliding": ("sliding_attention", "chunked_attention", "sliding", "local_attention"),
    "linear": ("linear_attention", "mamba", "mamba2", "conv", "recurrent", "kda", "linear"),
    "both": ("hybrid",),
    "none": ("moe", "mlp"),
}
_SLIDING_EVERYWHERE = ("mistral", "mixtral", "ministral", "phi3", "phimoe", "starcoder2")
_PERIODS = {"gemma2": 2, "gemma3_text": 6, "gemma3": 6, "gpt_oss": 2, "cohere2": 4}


@dataclass(frozen=True, slots=True)
class LayerKinds:
    """How many layers keep what: `full` all of the context, `sliding` the last `window` tokens,
    `linear` a state of fixed size, `cross` the tokens of an image."""

    full: int = 0
    sliding: int = 0
    window: int = 0
    linear: int = 0
    cross: int = 0

    @property
    def attention(self) -> int:
        """Layers with attention of any kind."""
        return self.full + self.sliding + self.cross


Found = LayerKinds | Unknown | None


def layer_kinds(model: Checkpoint) -> LayerKinds | Unknown:
    """The kinds of a model's layers as its config.json tells, never guessed.

    Unknown where the config leaves them open or where layers differ in ways not modelled.
    """
    if model.layers is None:
        return _untold(model)
    if model.encoder_only:
        return LayerKinds()
    for rule in _RULES:
        found = rule(model)
        if found is not None:
            return found
    return LayerKinds(full=_caching(model))


def _untold(model: Checkpoint) -> Unknown:
    """Why there is no shape: no config, the agent's summary of one, or one that leaves it out."""
    shape = {
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads,
        "num_key_value_heads": model.kv_heads,
        "head_dim": model.head_dim,
    }
    missing = tuple(name for name, value in shape.items() if value is None)
    if not model.raw:
        return Unknown("The checkpoint's config.json is not known.", missing)
    if model.summary:
        why = "OME's agent keeps only a summary of the config.json, without layers and heads."
        return Unknown(why, missing)
    return Unknown("The config does not say how many layers there are.", missing)


def _odd(model: Checkpoint) -> Found:
    """Layers that differ from each other, so that one width does not describe them."""
    names = ("block_configs", "compress_ratios", "compress_ratio", "global_head_dim")
    odd = next((name for name in (*names, "swa_num_key_value_heads") if model.given(name)), None)
    if odd is not None:
        return Unknown(
            f"The layers keep different amounts ({odd}); there is no formula for that here.", (odd,)
        )
    if dig(model.raw, "is_encoder_decoder") is True:
        return Unknown(
            "Encoder-decoder models keep keys and values of both sides; not modelled here."
        )
    return None


def _caching(model: Checkpoint) -> int:
    """Layers with keys and values of their own; the last ones may share those of earlier layers."""
    return max(0, (model.layers or 0) - (model.number("num_kv_shared_layers") or 0))


def _listed(model: Checkpoint) -> Found:
    """layer_types (transformers), layers_block_type (Zamba2, Bamba), attn_type_list (MiniMax)."""
    words = [str(each) for each in model.listed("layer_types") or model.listed("layers_block_type")]
    words = words or ["full" if each else "linear" for each in model.listed("attn_type_list")]
    if not words:
        return None
    strange = next(
        (each for each in words if not any(each in known for known in _WORDS.values())), None
    )
    if strange is not None:
        return Unknown(
            f"The config has layers of a kind not known here ({strange}).", ("layer_types",)
        )
    return _counted(model, words[: _caching(model)])


def _counted(model: Checkpoint, words: list[str]) -> Found:
    count = {kind: sum(word in known for word in words) for kind, known in _WORDS.items()}
    window = _window(model)
    if count["sliding"] and not window:
        return Unknown(
            "Some layers slide, but the config does not say how far.", ("sliding_window",)
        )
    both = count["both"]
    return LayerKinds(count["full"] + both, count["sliding"], window, count["linear"] + both)


def _window(model: Checkpoint) -> int:
    return model.number("sliding_window", "attention_chunk_size", "sliding_window_size") or 0


def _pattern(model: Checkpoint) -> Found:
    """Nemotron-H writes one letter a layer: M is Mamba, * attention, the rest MLP or experts."""
    letters = text(model.text, "hybrid_override_pattern")
    return LayerKinds(full=letters.count("*"), linear=letters.count("M")) if letters else None


def _interleaved(model: Checkpoint) -> Found:
    """One attention layer in so many: Jamba, Qwen3-Next; or those named: Bamba, Kimi-Linear."""
    layers = model.layers or 0
    named = model.listed("attn_layer_indices") or items(
        model.text, "linear_attn_config", "full_attn_layers"
    )
    period = model.number("attn_layer_period", "full_attention_interval")
    if not named and period is None:
        return None
    offset = model.number("attn_layer_offset") or 0
    full = len(named) or len(
        range(layers)[offset if model.given("attn_layer_period") else 0 :: period]
    )
    full = layers // period if period and model.given("full_attention_interval") else full
    return LayerKinds(full=full, linear=layers - full)


def _parallel(model: Checkpoint) -> Found:
    """Falcon-H1 has attention and Mamba side by side in every layer."""
    layers = model.layers or 0
    return LayerKinds(full=layers, linear=layers) if model.model_type == "falcon_h1" else None


def _state_space(model: Checkpoint) -> Found:
    layers = model.layers or 0
    pure = model.model_type in ("mamba", "mamba2", "falcon_mamba", "rwkv")
    return LayerKinds(linear=layers) if pure else None


def _crossing(model: Checkpoint) -> Found:
    """Llama 3.2 Vision: some layers look at the image only and keep its tokens, not the text's."""
    crossing = len(model.listed("cross_attention_layers"))
    return LayerKinds(full=(model.layers or 0) - crossing, cross=crossing) if crossing else None


def _chunked(model: Checkpoint) -> Found:
    """Llama 4 attends within chunks, but for every so manieth layer (`no_rope_layers` holds its 0s)."""
    chunk, layers = model.number("attention_chunk_size"), model.layers or 0
    if chunk is None:
        return None
    marks = model.listed("no_rope_layers")
    step = model.number("no_rope_layer_interval") or 4
    full = sum(mark == 0 for mark in marks) if marks else layers // step
    return LayerKinds(full=full, sliding=layers - full, window=chunk)


def _sliding(model: Checkpoint) -> Found:
    window, kind = _window(model), model.model_type
    if not window or dig(model.text, "use_sliding_window") is False:
        return None
    layers = _caching(model)
    period = model.number("sliding_window_pattern") or _PERIODS.get(kind)
    if period is not None:
        return LayerKinds(full=layers // period, sliding=layers - layers // period, window=window)
    if dig(model.text, "use_sliding_window") is True and model.number("max_window_layers"):
        full = min(layers, model.number("max_window_layers") or layers)
        return LayerKinds(full=full, sliding=layers - full, window=window)
    if kind in _SLIDING_EVERYWHERE:
        return LayerKinds(sliding=layers, window=window)
    return Unknown(
        "The config has a sliding window but does not say in which layers.",
        ("layer_types", "sliding_window"),
    )


_RULES: tuple[Callable[[Checkpoint], Found], ...] = (
    *(
        _odd,
        _parallel,
        _state_space,
        _listed,
        _pattern,
        _interleaved,
        _crossing,
        _chunked,
        _sliding,
    ),
)
