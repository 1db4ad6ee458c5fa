"""Parameter counts from the shape of a network, by OME's formulas.

They are estimates with the flaws of the original, which is the point: a model is matched by the
number that OME computes. Go's integers wrap around at 64 bits, so these do.
Source: pkg/hfutil/modelconfig, the files named in each function.
"""

from ome_backend.facts.go_integers import divided, int64
from ome_backend.facts.typed_fields import Fields, whole

BILLION = 10**9


def whole_billions(count: int) -> int:
    """The count with everything below a billion cut off."""
    return divided(int64(count), BILLION) * BILLION


def dense(hidden: int, layers: int, inner: int, words: int) -> int:
    """A decoder with its own output matrix (phi3_v.go, estimateModelParams)."""
    return int64(2 * hidden * words + _stack(hidden, layers, inner))


def blocks(hidden: int, layers: int, inner: int) -> int:
    """Attention and feed-forward matrices alone (mllama.go, estimateTextParams)."""
    return int64(4 * hidden * hidden * layers + 2 * hidden * inner * layers)


def _stack(hidden: int, layers: int, inner: int) -> int:
    attention = 3 * hidden * hidden + hidden
    feed_forward = 2 * hidden * inner + hidden + inner
    return layers * (attention + feed_forward + 2 * hidden)


def shape(fields: Fields, prefix: str = "") -> tuple[int, int, int, int]:
    """Hidden size, layers, intermediate size and vocabulary as most configurations name them."""
    names = ("hidden_size", "num_hidden_layers", "intermediate_size", "vocab_size")
    hidden, layers, inner, words = (whole(fields, prefix + name) for name in names)
    return hidden, layers, inner, words


def usual(fields: Fields) -> int:
    """Most text models."""
    return dense(*shape(fields))


def nothing(_: Fields) -> int:
    """Types whose count OME only knows from the weights."""
    return 0


def llama(fields: Fields) -> int:
    """llama.go: a vocabulary of 32,000 whatever the configuration says, no output matrix."""
    hidden, layers, inner, _ = shape(fields)
    return whole_billions(32000 * hidden + _stack(hidden, layers, inner or divided(hidden * 8, 3)))


def exaone(fields: Fields) -> int:
    """exaone.go: other names, and a default vocabulary."""
    hidden, _, inner, words = shape(fields)
    return dense(hidden, whole(fields, "num_layers"), inner, words or 102400)


def chatglm(fields: Fields) -> int:
    """chatglm.go: other names, and four attention matrices."""
    hidden, layers = whole(fields, "hidden_size"), whole(fields, "num_layers")
    inner, words = whole(fields, "ffn_hidden_size"), whole(fields, "padded_vocab_size") or 65024
    feed_forward = 2 * hidden * inner + hidden + inner
    return int64(hidden * words + layers * (4 * hidden**2 + feed_forward + 2 * hidden))


def bert(fields: Fields) -> int:
    """bert.go: word, position and type embeddings, encoder, pooler."""
    hidden, layers, inner, words = shape(fields)
    embedded = (words or 30522) + sum(
        whole(fields, name) for name in ("max_position_embeddings", "type_vocab_size")
    )
    encoder = layers * (4 * hidden**2 + 2 * hidden * inner + 2 * hidden)
    return int64(embedded * hidden + encoder + hidden**2)


def gpt_oss(fields: Fields) -> int:
    """gpt_oss.go: the experts are counted once, not once per layer."""
    hidden, layers, inner, words = shape(fields)
    count = whole(fields, "num_local_experts")
    per_layer = 4 * hidden**2 + hidden * count + 2 * hidden
    output = 0 if fields.get("tie_word_embeddings") else hidden * words
    return whole_billions(hidden * words + layers * per_layer + 3 * count * hidden * inner + output)


def dbrx(fields: Fields) -> int:
    """dbrx.go: every name differs."""
    width, layers = whole(fields, "d_model"), whole(fields, "n_layers")
    count = whole(fields, "ffn_config.moe_num_experts")
    inner, words = whole(fields, "ffn_config.ffn_hidden_size"), whole(fields, "vocab_size")
    per_layer = 4 * width**2 + 2 * count * width * inner + count * width + 2 * width
    matrices = 1 if fields.get("tie_word_embeddings") else 2
    return int64(matrices * words * width + layers * per_layer)


def generic(fields: Fields) -> int:
    """interface.go: any type OME has no loader for."""
    hidden, layers, _, words = shape(fields)
    if hidden <= 0 or layers <= 0:
        return 0
    if whole(fields, "n_routed_experts") > 0:
        return mixture(fields)
    return int64(words * hidden + 12 * layers * hidden * hidden)


def mixture(fields: Fields, prefix: str = "") -> int:
    """interface.go, estimateMoEParams: shared experts have the width of a dense layer."""
    hidden, layers, inner, words = shape(fields, prefix)
    routed = whole(fields, prefix + "n_routed_experts")
    width = whole(fields, prefix + "moe_intermediate_size") or inner
    shared = whole(fields, prefix + "n_shared_experts")
    feed_forward = 2 * hidden * (shared * inner + routed * width)
    per_layer = 4 * hidden**2 + feed_forward + hidden * routed + 2 * hidden
    return int64(hidden * words + layers * per_layer)


def command_r(fields: Fields) -> int:
    """command_r.go: anything at least as large as Command-R+ counts as Command-R+."""
    hidden, layers, _, _ = shape(fields)
    return 104 * BILLION if layers >= 64 and hidden >= 12288 else usual(fields)
