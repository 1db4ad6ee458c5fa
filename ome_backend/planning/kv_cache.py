"""Keys and values (and states) that a model keeps for each sequence it works on."""

import math
from dataclasses import dataclass

from ome_backend.planning.amount import Amount, Input, Unknown, computed, declared
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.dtypes import bits
from ome_backend.planning.layers import LayerKinds, layer_kinds
from ome_backend.planning.state import state_bytes

_INDEXER_SCALE = (
    4  # DeepSeek-V3.2 keeps an FP8 key of index_head_dim and one float32 scale per token and layer
)


@dataclass(frozen=True, slots=True)
class KvCache:
    """What one sequence costs, over all GPUs.

    `per_token` is for layers that keep the whole context, `per_window_token` for those that keep the last
    `kinds.window` tokens, `per_sequence` does not depend on the context. `kv_heads` 0 means that nothing
    can be divided among tensor-parallel GPUs: each keeps all of it (MLA).
    """

    mechanism: str
    kinds: LayerKinds
    kv_heads: int
    per_token: Amount
    per_window_token: Amount
    per_sequence: Amount

    def sequence(self, context: int, chunk: int = 0) -> float:
        """Bytes of one sequence of `context` tokens.

        While a prompt is read in chunks, sliding layers hold the window and the `chunk` that is being
        read; afterwards (`chunk` 0) only the window. Source: vLLM, SlidingWindowSpec.
        """
        held = min(context, self.kinds.window + max(0, chunk - 1))
        growing = self.per_token.value * context + self.per_window_token.value * held
        return growing + self.per_sequence.value

    def share(self, tensor: int, pipeline: int, layers: int) -> float:
        """The part of it that the fullest GPU keeps: heads are replicated where there are fewer than GPUs."""
        heads = math.ceil(self.kv_heads / tensor) / self.kv_heads if self.kv_heads else 1.0
        return heads * (math.ceil(layers / pipeline) / layers if layers else 1.0)


def kv_cache(model: Checkpoint, dtype: str = "auto") -> KvCache | Unknown:
    """The cache of a model by its config.json; `dtype` is the engine's --kv-cache-dtype.

    Unknown where the config does not tell layers, heads or widths.
    """
    kinds = layer_kinds(model)
    if isinstance(kinds, Unknown):
        return kinds
    width = _element(model, dtype)
    if isinstance(width, Unknown):
        return width
    if not kinds.attention and not kinds.linear:
        return _nothing(kinds)
    latent = _latent(model)
    shape = latent or _heads(model)
    if isinstance(shape, Unknown):
        return shape
    return _assembled(model, kinds, shape, width)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Elements per token and layer, as a formula with its inputs; `extra` are bytes besides."""

    mechanism: str
    kv_heads: int
    elements: int
    formula: str
    inputs: tuple[Input, ...]
    extra: int = 0


def _latent(model: Checkpoint) -> _Shape | None:
    """DeepSeek, Kimi: one compressed latent and one rotary key for all heads."""
    latent, rope = model.number("kv_lora_rank"), model.number("qk_rope_head_dim")
    if latent is None or rope is None:
        return None
    index = model.number("index_head_dim") if model.given("index_topk") else None
    inputs = (declared("kv_lora_rank", latent), declared("qk_rope_head_dim", rope))
    return _Shape(
        *("MLA", 0, latent + rope, "(kv_lora_rank + qk_rope_head_dim)", inputs),
        extra=index + _INDEXER_SCALE if index else 0,
    )


def _heads(model: Checkpoint) -> _Shape | Unknown:
    heads, kv_heads, wide = model.heads, model.kv_heads, model.head_dim
    if heads is None or kv_heads is None or wide is None:
        missing = {"num_attention_heads": heads, "num_key_value_heads": kv_heads, "head_dim": wide}
        names = tuple(name for name, value in missing.items() if value is None)
        return Unknown("The config does not tell the shape of the attention.", names)
    mechanism = "MQA" if kv_heads == 1 < heads else "MHA" if kv_heads == heads else "GQA"
    inputs = (declared("num_key_value_heads", kv_heads), declared("head_dim", wide))
    return _Shape(
        mechanism, kv_heads, 2 * kv_heads * wide, "2 × num_key_value_heads × head_dim", inputs
    )


def _element(model: Checkpoint, dtype: str) -> Input | Unknown:
    """Bytes per element: of the named type, else of the model's own, 16 bits where that is wider or unknown."""
    if dtype not in ("", "auto"):
        given = bits(dtype)
        if given is None:
            return Unknown(f"The cache's data type {dtype!r} is not known.", ("kv-cache-dtype",))
        return declared("bytes per element", given / 8)
    own = bits(model.dtype)
    if own is None or own != 16.0:
        return computed("bytes per element", 2.0)
    return declared("bytes per element", 2.0)


def _nothing(kinds: LayerKinds) -> KvCache:
    none = Amount(0.0, "B/token", "an encoder reads a text once and keeps nothing")
    return KvCache("none", kinds, 0, none, none, Amount(0.0, "B", none.formula))


def _assembled(
    model: Checkpoint, kinds: LayerKinds, shape: _Shape, width: Input
) -> KvCache | Unknown:
    fixed = _per_sequence(model, kinds, shape, width)
    if isinstance(fixed, Unknown):
        return fixed
    return KvCache(
        *(shape.mechanism, kinds, shape.kv_heads),
        per_token=_per_token("layers that keep the whole context", kinds.full, shape, width),
        per_window_token=_per_token("layers with a sliding window", kinds.sliding, shape, width),
        per_sequence=fixed,
    )


def _per_token(name: str, layers: int, shape: _Shape, width: Input) -> Amount:
    size = layers * (shape.elements * float(width.value) + shape.extra)
    extra = f" + {shape.extra} B for the indexer" if shape.extra else ""
    formula = f"layers × ({shape.formula} × bytes per element{extra})"
    return Amount(size, "B/token", formula, (declared(name, layers), *shape.inputs, width))


def _per_sequence(
    model: Checkpoint, kinds: LayerKinds, shape: _Shape, width: Input
) -> Amount | Unknown:
    image = _image_tokens(model) if kinds.cross else 0
    state = state_bytes(model, 2.0) if kinds.linear else 0.0
    if image is None:
        return Unknown("The config does not tell how many tokens an image has.", ("vision_config",))
    if state is None:
        return Unknown(
            "The config does not tell the size of the layers' state.", ("mamba_d_state",)
        )
    size = kinds.linear * state + kinds.cross * image * shape.elements * float(width.value)
    inputs = (declared("layers with a state", kinds.linear), computed("bytes of a state", state))
    cross = (declared("cross-attention layers", kinds.cross), computed("tokens of an image", image))
    formula = "layers with a state × its bytes + cross-attention layers × tokens of an image × bytes per token"
    return Amount(size, "B", formula, (*inputs, *cross))


def _image_tokens(model: Checkpoint) -> int | None:
    """Patches and one class token of each tile (Llama 3.2 Vision: 4 tiles of 1601)."""
    picture = Checkpoint(model.raw.get("vision_config") or {})
    size, patch = picture.number("image_size"), picture.number("patch_size")
    if size is None or patch is None:
        return None
    return ((size // patch) ** 2 + 1) * (picture.number("max_num_tiles") or 1)
