"""Model types without a loader of their own: what OME gathers from the sections of their config.

Source: pkg/hfutil/modelconfig/interface.go, probeNestedConfig.
"""

from typing import Final

from ome_backend.facts.config_text import Value
from ome_backend.facts.typed_fields import Fields, read, whole

_SECTIONS: Final = ("text_config", "llm_config", "language_config")
_EXPERTS: Final = ("n_routed_experts", "num_local_experts", "num_experts")
_FILLED: Final = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "max_position_embeddings",
    "vocab_size",
    "transformers_version",
    "torch_dtype",
    "n_shared_experts",
    "moe_intermediate_size",
)


def completed(fields: Fields, document: Value) -> Fields:
    """The fields of the top level, the missing ones from the section of the language model.

    The name of a section must be written exactly; the fields in it need not be.
    """
    if not isinstance(document, dict):
        return fields
    nested = _nested(document)
    found = fields | {name: nested[name] for name in _FILLED if _lacks(fields, nested, name)}
    if whole(found, _EXPERTS[0]) == 0:
        found[_EXPERTS[0]] = _experts(nested) or _experts(_typed(document, "ExpertNames"))
    # Its mere presence, even as null, makes a model one that sees.
    return found | ({"vision_config": {}} if "vision_config" in document else {})


def _nested(document: dict[str, Value]) -> Fields:
    for section in _SECTIONS:
        if section not in document:
            continue
        typed = read(document[section], "NestedConfig")
        if not typed.problem:
            return typed.fields
    return {}


def _typed(value: Value, struct: str) -> Fields:
    typed = read(value, struct)
    return {} if typed.problem else typed.fields


def _lacks(fields: Fields, nested: Fields, name: str) -> bool:
    return not fields.get(name) and name in nested


def _experts(fields: Fields) -> int:
    return next((whole(fields, name) for name in _EXPERTS if whole(fields, name) > 0), 0)
