"""How OME reads the configuration of one model type: a row of `loader_table` in words.

Source: pkg/hfutil/modelconfig, one file per family.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ome_backend.facts.parameters import usual
from ome_backend.facts.typed_fields import Fields, given, whole, word


def first(*paths: str) -> Callable[[Fields], int]:
    """The first of several fields that is positive, else the last one."""
    return lambda fields: next(
        (whole(fields, path) for path in paths if whole(fields, path) > 0), whole(fields, paths[-1])
    )


def said(*paths: str, default: str = "") -> Callable[[Fields], str]:
    """The first of several fields that holds a text, else the default."""
    return lambda fields: next(
        (word(fields, path) for path in paths if word(fields, path)), default
    )


def has(path: str) -> Callable[[Fields], bool]:
    """Whether a field is given and not null."""
    return lambda fields: given(fields, path)


def filled(path: str) -> Callable[[Fields], bool]:
    """Whether a field holds a text that is not empty."""
    return lambda fields: bool(word(fields, path))


def always(_: Fields) -> bool:
    return True


def never(_: Fields) -> bool:
    return False


quant_method: Final = said("quantization_config.quant_method")
_POSITIONS: Final = first("max_position_embeddings")
_TORCH_DTYPE: Final = said("torch_dtype")
_NOT_RECORDED: Final = said()


@dataclass(frozen=True)
class Loader:
    """What is special about one model type; everything else is as in most."""

    struct: str
    title: str
    known: Mapping[tuple[int, ...], int] = field(default_factory=dict)
    shape: tuple[str, ...] = ("hidden_size", "num_hidden_layers")
    otherwise: Callable[[Fields], int] = usual
    context: Callable[[Fields], int] = _POSITIONS
    dtype: Callable[[Fields], str] = _TORCH_DTYPE
    bytes_dtype: Callable[[Fields], str] | None = None
    architecture: str = ""
    quantization: Callable[[Fields], str] = _NOT_RECORDED
    vision: Callable[[Fields], bool] = never
    embedding: Callable[[Fields], bool] = never
    positive: tuple[str, ...] = ()
    one_positive: tuple[str, ...] = ()
    grouped_heads: bool = False
    sentence_file: bool = False
    unreadable: str = "failed to parse {title} config JSON from '{path}': {problem}"


def parameters(loader: Loader, fields: Fields) -> int:
    """The count of a known shape, else the family's formula. May raise ZeroDivisionError."""
    shape = tuple(whole(fields, path) for path in loader.shape)
    found = loader.known.get(shape)
    return loader.otherwise(fields) if found is None else found


def invalid(loader: Loader, fields: Fields) -> str:
    """The first rule of the type that its configuration breaks, in OME's words, or empty."""
    for name in loader.positive:
        if whole(fields, name) <= 0:
            return f"{name} must be positive, got {whole(fields, name)}"
    if loader.one_positive and all(whole(fields, name) <= 0 for name in loader.one_positive):
        return f"either {' or '.join(loader.one_positive)} must be positive"
    heads, groups = whole(fields, "num_attention_heads"), whole(fields, "num_key_value_heads")
    if loader.grouped_heads and groups > heads:
        return (
            f"num_key_value_heads ({groups}) cannot be greater than num_attention_heads ({heads})"
        )
    return ""
