"""Schemes of quantised weights: bits per parameter including the scales that belong to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.planning.dtypes import bits
from ome_backend.resources.manifest import dig, mapping, text

_GROUP = 128
_SCALE_BITS = 16.0


@dataclass(frozen=True, slots=True)
class Scheme:
    """How linear layers are stored: `bits` per weight, and per group a scale and a zero point.

    `group` 0 means one scale per channel or tensor, too few to count. `keeps_attention` tells that
    only the experts or MLPs are quantised.
    """

    name: str
    bits: float
    group: float = 0
    scale_bits: float = 0.0
    zero_bits: float = 0.0
    keeps_attention: bool = False

    @property
    def effective_bits(self) -> float:
        """Bits per quantised parameter with its share of scales and zero points."""
        return self.bits + ((self.scale_bits + self.zero_bits) / self.group if self.group else 0.0)

    @property
    def formula(self) -> str:
        if not self.group:
            return f"{self.bits:g} bits"
        zero = f" + {self.zero_bits:g}" if self.zero_bits else ""
        return f"{self.bits:g} bits + ({self.scale_bits:g}{zero}) bits / {self.group:g} weights"


def _grouped(name: str, width: float, group: float = _GROUP) -> Scheme:
    """AWQ and GPTQ keep a 16-bit scale and a zero point as wide as a weight for each group."""
    return Scheme(name, width, group, _SCALE_BITS, width)


_NAMED = {
    "fp8": Scheme("fp8", 8.0),
    "fbgemm_fp8": Scheme("fbgemm_fp8", 8.0),
    "w8a8_fp8": Scheme("w8a8_fp8", 8.0),
    "modelopt": Scheme("modelopt", 8.0),
    "int8": Scheme("int8", 8.0),
    "w8a8_int8": Scheme("w8a8_int8", 8.0),
    "experts_int8": Scheme("experts_int8", 8.0, keeps_attention=True),
    "int4": _grouped("int4", 4.0),
    "awq": _grouped("awq", 4.0),
    "awq_marlin": _grouped("awq_marlin", 4.0),
    "gptq": _grouped("gptq", 4.0),
    "gptq_marlin": _grouped("gptq_marlin", 4.0),
    "mxfp4": Scheme("mxfp4", 4.0, 32, 8.0, keeps_attention=True),
    "nvfp4": Scheme("nvfp4", 4.0, 16, 8.0),
    "modelopt_fp4": Scheme("modelopt_fp4", 4.0, 16, 8.0),
    "bitsandbytes": Scheme("bitsandbytes", 4.0, 64, 32.0),
}


def named(name: str) -> Scheme | None:
    """The scheme of a model's `spec.quantization` or of `--quantization`; None if not known."""
    return _NAMED.get(name.strip().lower().replace("-", "_"))


def configured(quantization: Mapping[str, Any]) -> Scheme | None:
    """The scheme of a config.json's quantization_config; None without one or where it says too little."""
    method = text(quantization, "quant_method").lower()
    if method in ("awq", "gptq"):
        return _grouped(method, _number(quantization, 4.0, "bits", "w_bit"), _group(quantization))
    if method == "fp8":
        return _fp8(quantization)
    if method == "bitsandbytes" and quantization.get("load_in_8bit") is True:
        return Scheme("bitsandbytes", 8.0)
    if method in ("compressed-tensors", "modelopt") and mapping(quantization, "config_groups"):
        return _compressed(quantization, method)
    algorithm = text(quantization, "quant_algo").lower()
    return named(algorithm) or named(method)


def _fp8(quantization: Mapping[str, Any]) -> Scheme:
    """Block-wise FP8 (DeepSeek-V3, Qwen3-FP8) has one 32-bit scale per block of weights."""
    block = quantization.get("weight_block_size")
    if (
        isinstance(block, list)
        and len(block) == 2
        and all(isinstance(n, int) and n > 0 for n in block)
    ):
        return Scheme("fp8", 8.0, block[0] * block[1], 32.0)
    return Scheme("fp8", 8.0)


def _compressed(quantization: Mapping[str, Any], method: str) -> Scheme | None:
    groups = mapping(quantization, "config_groups")
    weights = next(
        (mapping(group, "weights") for group in groups.values() if isinstance(group, dict)), {}
    )
    width = _number(weights, 0.0, "num_bits")
    if not width:
        return None
    group = _number(weights, 0.0, "group_size")
    if not group:
        return Scheme(method, width)
    scale = 8.0 if text(weights, "type") == "float" and width == 4 else _SCALE_BITS
    return Scheme(
        method, width, group, scale, 0.0 if dig(weights, "symmetric") is not False else width
    )


def _group(quantization: Mapping[str, Any]) -> float:
    """group_size; -1 means one group per channel, too few scales to count."""
    given = quantization.get("group_size", quantization.get("q_group_size"))
    if isinstance(given, int) and not isinstance(given, bool):
        return float(max(0, given))
    return float(_GROUP)


def _number(raw: Mapping[str, Any], otherwise: float, *names: str) -> float:
    for name in names:
        value = raw.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return float(value)
    return otherwise


def plain(dtype: str) -> Scheme | None:
    """Weights stored as one data type; None where its width is not known."""
    width = bits(dtype)
    return Scheme(dtype.removeprefix("torch."), width) if width is not None else None
