"""Parameter counts of multimodal models: a language model, an image encoder, what joins them.

Source: pkg/hfutil/modelconfig, the files named in each function.
"""

from ome_backend.facts.go_integers import divided, int64
from ome_backend.facts.parameters import BILLION, blocks, dense, mixture, shape, usual
from ome_backend.facts.typed_fields import Fields, given, whole, word

_TEXT, _VISION, _LANGUAGE = "text_config.", "vision_config.", "language_config."


def llama4(fields: Fields) -> int:
    """llama4.go: every expert is as wide as a dense layer; the image encoder is not counted."""
    hidden, layers, inner, _ = shape(fields, _TEXT)
    count = whole(fields, _TEXT + "num_local_experts")
    if count <= 1:
        return blocks(hidden, layers, inner)
    return int64(blocks(hidden, layers, inner * count) + hidden * count * layers)


def two_stacks(fields: Fields) -> int:
    """mllama.go, gemma3.go: both halves without their embeddings."""
    return int64(blocks(*shape(fields, _TEXT)[:3]) + blocks(*shape(fields, _VISION)[:3]))


def qwen2_vl(fields: Fields) -> int:
    """qwen2_vl.go: only Qwen2-VL names the width of its encoder `embed_dim`."""
    depth, width = whole(fields, _VISION + "depth"), whole(fields, _VISION + "embed_dim")
    return int64(usual(fields) + (4 * width * width * depth if depth > 0 else 0))


def qwen3_vl(fields: Fields) -> int:
    """qwen3_vl.go: dense or mixed, and an encoder counted piece by piece."""
    hidden, layers, inner, words = shape(fields, _TEXT)
    count = whole(fields, _TEXT + "num_experts")
    if count <= 0:
        return int64(dense(hidden, layers, inner, words) + _qwen3_encoder(fields))
    width = whole(fields, _TEXT + "moe_intermediate_size")
    per_layer = 4 * hidden**2 + 3 * count * hidden * width + hidden * count + 2 * hidden
    return int64(2 * hidden * words + layers * per_layer + _qwen3_encoder(fields))


def _qwen3_encoder(fields: Fields) -> int:
    names = ("hidden_size", "depth", "intermediate_size", "patch_size", "in_channels")
    width, depth, inner, patch, channels = (whole(fields, _VISION + name) for name in names)
    positions, out = (
        whole(fields, _VISION + name) for name in ("num_position_embeddings", "out_hidden_size")
    )
    if depth <= 0:
        return 0
    per_layer = 4 * width**2 + 2 * width * inner + 2 * width
    return (patch**2 * channels + positions + out) * width + depth * per_layer


def deepseek_vl(fields: Fields) -> int:
    """deepseek_vl.go, which also serves Janus: whichever of three parts are there."""
    total = 0
    if given(fields, "language_config"):
        mixed = whole(fields, _LANGUAGE + "moe_intermediate_size") > 0
        shaped = shape(fields, _LANGUAGE)
        total += mixture(fields, _LANGUAGE) if mixed else dense(*shaped)
    width, layers = whole(fields, _VISION + "width"), whole(fields, _VISION + "layers")
    joint = whole(fields, "projector_config.n_embed")
    return int64(total + 4 * width * width * layers + 2 * joint * joint)


def llava(fields: Fields) -> int:
    """llava.go. Raises ZeroDivisionError where OME panics: a CLIP encoder without a patch size."""
    encoder = _clip(fields) if word(fields, _VISION + "model_type") == "clip_vision_model" else 0
    words = whole(fields, _TEXT + "vocab_size")
    if whole(fields, _VISION + "num_hidden_layers") == 24 and words >= 32000:
        return 7_500_000_000
    width, hidden = whole(fields, _VISION + "hidden_size"), whole(fields, _TEXT + "hidden_size")
    joint = 2 * width * hidden if width > 0 and hidden > 0 else 0
    return int64(_vicuna(fields) + encoder + joint)


def _vicuna(fields: Fields) -> int:
    hidden, layers, inner, words = shape(fields, _TEXT)
    if word(fields, _TEXT + "model_type") != "llama":
        return 0
    if hidden > 0:
        return dense(hidden, layers, inner, words)
    return 7 * BILLION if words >= 32000 else 0


def _clip(fields: Fields) -> int:
    names = ("hidden_size", "num_hidden_layers", "intermediate_size", "patch_size", "image_size")
    width, layers, inner, patch, image = (whole(fields, _VISION + name) for name in names)
    patches = divided(image, patch) ** 2
    per_layer = 4 * width**2 + 2 * width * inner + 2 * width
    return 3 * patch**2 * width + patches * width + layers * per_layer
