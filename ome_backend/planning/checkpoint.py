"""A checkpoint's config.json, read for its shape. Absent and mistyped fields read as unknown.

What OME's agent keeps of a config.json (`spec.modelConfiguration`) is a summary under names of its own, which
tells no layers and no heads; it is read for what it has. Source: pkg/modelagent/config_parser.go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ome_backend.planning.amount import Input
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.manifest import dig, items, mapping, text

_TEXT_PARTS = ("text_config", "llm_config", "language_config")
_SUMMARY = ("parameter_count", "model_size_bytes")
_ENCODERS = ("electra", "mpnet", "clip", "clip_vision_model", "siglip", "siglip_vision_model")


@dataclass(frozen=True)
class Checkpoint:
    """The shape of a model; multimodal configs are read through their text part. Never change `raw`.

    `max_tokens` is what the model object declares; it counts where the config tells no context.
    """

    raw: Mapping[str, Any]
    max_tokens: int | None = None

    @cached_property
    def text(self) -> Mapping[str, Any]:
        """The part that describes the language model."""
        outer = mapping(self.raw, "thinker_config") or self.raw
        return next((part for name in _TEXT_PARTS if (part := mapping(outer, name))), outer)

    def number(self, *names: str) -> int | None:
        """The first of the fields that is a positive whole number, in the text part, then outside it."""
        for part in (self.text, self.raw):
            for name in names:
                value = dig(part, *name.split("."))
                if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                    return value
        return None

    def listed(self, name: str) -> list[Any]:
        return items(self.text, name) or items(self.raw, name)

    def given(self, name: str) -> bool:
        """Whether the field is there and says something (neither null nor false)."""
        return dig(self.text, name) not in (None, False)

    @cached_property
    def model_type(self) -> str:
        return text(self.text, "model_type") or text(self.raw, "model_type")

    @cached_property
    def layers(self) -> int | None:
        return self.number("num_hidden_layers", "n_layer", "n_layers", "num_layers")

    @cached_property
    def hidden(self) -> int | None:
        return self.number("hidden_size", "n_embd", "d_model")

    @cached_property
    def vocabulary(self) -> int | None:
        return self.number("vocab_size", "padded_vocab_size")

    @cached_property
    def tied(self) -> bool:
        """Whether the output head is the embedding table (gemma's configs leave the default out)."""
        said = dig(self.text, "tie_word_embeddings")
        said = dig(self.raw, "tie_word_embeddings") if said is None else said
        return bool(said) if isinstance(said, bool) else self.model_type.startswith("gemma")

    @cached_property
    def heads(self) -> int | None:
        return self.number("num_attention_heads", "n_head", "n_heads")

    @cached_property
    def kv_heads(self) -> int | None:
        """Heads of keys and values; as many as query heads where the config names none."""
        if dig(self.text, "multi_query") is True and not self.given("new_decoder_architecture"):
            return 1
        names = ("num_key_value_heads", "num_kv_heads", "n_head_kv", "attn_config.kv_n_heads")
        return self.number(*names, "multi_query_group_num") or self.heads

    @cached_property
    def head_dim(self) -> int | None:
        own = self.number("head_dim", "attention_head_dim", "kv_channels")
        if own is not None or self.hidden is None or self.heads is None:
            return own
        return self.hidden // self.heads

    @cached_property
    def dtype(self) -> str:
        """torch_dtype, in newer configs dtype; empty when not given."""
        parts = [
            (part, name) for part in (self.text, self.raw) for name in ("torch_dtype", "dtype")
        ]
        return next((said for part, name in parts if (said := text(part, name))), "")

    @cached_property
    def quantization(self) -> Mapping[str, Any]:
        """quantization_config, empty when the weights are plain."""
        outer = mapping(self.raw, "quantization_config") or mapping(self.raw, "compression_config")
        return outer or mapping(self.text, "quantization_config")

    @property
    def summary(self) -> bool:
        """Whether this is what OME's agent keeps of a config.json instead of the file itself."""
        return self.layers is None and any(name in self.raw for name in _SUMMARY)

    @property
    def context(self) -> int | None:
        """The longest context there is."""
        found = self.longest
        return int(found.value) if found is not None else None

    @cached_property
    def longest(self) -> Input | None:
        """The same with how well it is known: the config's own, the agent's, or the model object's."""
        names = ("max_position_embeddings", "seq_length", "max_seq_len", "model_max_length")
        own = self.number(*names, "n_positions", "max_sequence_length")
        if own is not None:
            return Input("context", own, Evidence.DECLARED)
        reported = self.number("context_length")
        if reported is not None:
            return Input("context", reported, Evidence.REPORTED)
        told = self.max_tokens or 0
        return Input("maxTokens", told, Evidence.DECLARED) if told > 0 else None

    @cached_property
    def experts(self) -> int:
        """Routed experts of a layer; 0 for a dense model."""
        names = (
            "n_routed_experts",
            "num_local_experts",
            "num_experts",
            "ffn_config.moe_num_experts",
        )
        return self.number(*names) or 0

    @cached_property
    def multimodal(self) -> bool:
        return bool(mapping(self.raw, "vision_config") or mapping(self.raw, "audio_config"))

    @cached_property
    def encoder_only(self) -> bool:
        """Models that read a text once and keep nothing: BERT and its relatives."""
        kind = self.model_type.replace("-", "_").lower()
        return kind.endswith(("bert", "roberta", "roberta_xl", "deberta_v2")) or kind in _ENCODERS
