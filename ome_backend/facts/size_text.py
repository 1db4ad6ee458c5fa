"""How OME writes parameter counts and file sizes, and how large it takes a model to be.

Source: pkg/hfutil/modelconfig/interface.go (FormatParamCount, FormatSize, EstimateModelSizeBytes).
"""

from collections.abc import Mapping
from typing import Final

from ome_backend.facts.go_integers import truncated

_COUNTS: Final = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))
_BYTES: Final = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))
_DTYPE_BYTES: Final[Mapping[str, float]] = {
    **dict.fromkeys(("float32", "float"), 4.0),
    **dict.fromkeys(("bfloat16", "bf16", "float16", "fp16", "half"), 2.0),
    **dict.fromkeys(("int8", "fp8", "float8", "e4m3"), 1.0),
    **dict.fromkeys(("int4", "4bit"), 0.5),
}


def parameter_text(count: int) -> str:
    """`7B`, `7.11B`, `539.47M`; below a thousand the bare number."""
    for unit, suffix in _COUNTS:
        if count >= unit:
            return _shortest(count / unit) + suffix
    return str(count)


def bytes_text(size: int) -> str:
    """`15.32 GB`, in powers of 1024; below 1024 the bare number of bytes."""
    for unit, suffix in _BYTES:
        if size >= unit:
            return f"{size / unit:.2f} {suffix}"
    return f"{size} B"


def dtype_bytes(dtype: str) -> float:
    """The bytes one parameter takes; 4 for a dtype OME does not know."""
    return _DTYPE_BYTES.get(dtype.lower(), 4.0)


def model_bytes(parameters: int, dtype: str) -> int:
    """The size OME estimates for the weights."""
    return truncated(parameters * dtype_bytes(dtype))


def _shortest(value: float) -> str:
    if value == int(value):
        return str(int(value))
    # OME asks whether there are at most two decimals and then shows one: 7.25 becomes 7.2.
    return f"{value:.1f}" if value * 100 == int(value * 100) else f"{value:.2f}"
