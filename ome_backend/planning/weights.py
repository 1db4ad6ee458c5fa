"""How much memory a model's weights take."""

from collections.abc import Mapping

from ome_backend.planning.amount import Amount, Estimate, Input, Unknown, computed, declared, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.dtypes import bits
from ome_backend.planning.parts import attention, tables
from ome_backend.planning.quantization import Scheme, configured, named, plain
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.parameter_count import parse

_PACKED = ("U8", "I8", "I32")


def stored(counts: Mapping[str, int]) -> Estimate:
    """Weights from what the safetensors headers hold: elements by data type, packed ones as stored."""
    strange = next((name for name in counts if bits(name) is None), None)
    if strange is not None or not counts:
        return Unknown(
            f"The data type {strange} is not known." if strange else "No tensors are listed."
        )
    size = sum(count * (bits(name) or 0.0) / 8 for name, count in counts.items())
    inputs = [Input(f"{name} elements", count, Evidence.REPORTED) for name, count in counts.items()]
    return memory(size, "Σ elements × bytes of their data type", inputs)


def counted_by_hub(counts: Mapping[str, int], quantization: Mapping[str, object]) -> Estimate:
    """Weights from the parameters the Hub reports, which counts packed weights one by one.

    `quantization` is the quantization_config: it tells how many bits a packed parameter really takes.
    """
    scheme = configured(quantization)
    packed = {name for name in counts if name.upper() in _PACKED}
    if not packed or scheme is None or scheme.effective_bits >= 8:
        return stored(counts)
    rest = stored(
        {name: count for name, count in counts.items() if name not in packed} or {"U8": 0}
    )
    if isinstance(rest, Unknown):
        return rest
    size = rest.bytes() + sum(counts[name] for name in packed) * scheme.effective_bits / 8
    formula = f"plain parameters × bytes of their data type + packed ones × ({scheme.formula})"
    inputs = [Input(f"{name} parameters", many, Evidence.REPORTED) for name, many in counts.items()]
    return memory(size, formula, [*inputs, declared("quantization", scheme.name)])


def by_size(
    size_text: str, model: Checkpoint | None = None, *, quantization: str = "", dtype: str = "auto"
) -> Estimate:
    """Weights from a declared size such as `8B`, read as OME reads it, and the way they are stored.

    `quantization` is what the model or the engine's argument names and wins over the config's; `dtype` is
    the engine's argument. Quantised models keep embeddings and output head in 16 bits, some more.
    """
    count = parse(size_text)
    if not 0 < count < float("inf"):
        said = (
            f"The size {size_text!r} is not a number of parameters"
            if size_text
            else "No size is declared"
        )
        return Unknown(f"{said}.", ("modelParameterSize",))
    whole = Input("parameters", count, Evidence.DECLARED)
    return by_parameters(whole, model, quantization=quantization, dtype=dtype)


def by_parameters(
    count: Input, model: Checkpoint | None = None, *, quantization: str = "", dtype: str = "auto"
) -> Estimate:
    """The same for a number of parameters."""
    scheme = _scheme(model, quantization)
    if quantization and scheme is None:
        return Unknown(f"The quantisation {quantization!r} is not known.", ("quantization",))
    base = _base(model, dtype)
    if isinstance(base, Unknown):
        return base
    return _plain(count, base) if scheme is None else _quantised(count, scheme, base, model)


def _scheme(model: Checkpoint | None, quantization: str) -> Scheme | None:
    own = configured(model.quantization) if model is not None else None
    if own is not None and (not quantization or own.name in quantization):
        return own  # the config knows the group size as well
    return named(quantization) or own


def _base(model: Checkpoint | None, dtype: str) -> tuple[Scheme, Evidence] | Unknown:
    """How unquantised parameters are kept; engines turn float32 checkpoints into 16 bits by themselves."""
    if dtype not in ("", "auto"):
        given = plain(dtype)
        return (
            (given, Evidence.DECLARED)
            if given
            else Unknown(f"The data type {dtype!r} is not known.", ("dtype",))
        )
    own = plain(model.dtype) if model is not None else None
    if own is None or own.bits > 16:
        return Scheme("bfloat16", 16.0), Evidence.COMPUTED
    return own, Evidence.DECLARED


def _plain(count: Input, base: tuple[Scheme, Evidence]) -> Amount:
    kept, evidence = base
    size = float(count.value) * kept.bits / 8
    return memory(
        size, "parameters × bytes of the data type", (count, Input("dtype", kept.name, evidence))
    )


def _quantised(
    count: Input, scheme: Scheme, base: tuple[Scheme, Evidence], model: Checkpoint | None
) -> Amount:
    whole = float(count.value)
    kept = min(whole, _kept(model, scheme))
    size = kept * max(16.0, base[0].bits) / 8 + (whole - kept) * scheme.effective_bits / 8
    return memory(
        size,
        f"(parameters - kept) × ({scheme.formula}) + kept × 16 bits",
        (count, declared("quantization", scheme.name), computed("kept parameters", kept)),
    )


def _kept(model: Checkpoint | None, scheme: Scheme) -> float:
    if model is None:
        return 0.0
    return float(tables(model) + (attention(model) if scheme.keeps_attention else 0))
