"""How many bits one element of a data type takes, by every name it goes under."""

_BITS = {
    64.0: ("f64", "float64", "fp64", "double", "i64", "int64", "u64"),
    32.0: ("f32", "float32", "fp32", "float", "i32", "int32", "u32"),
    16.0: ("f16", "float16", "fp16", "half", "bf16", "bfloat16", "i16", "int16", "u16"),
    8.0: (
        *(
            "f8",
            "f8_e4m3",
            "f8_e5m2",
            "f8_e8m0",
            "fp8",
            "fp8_e4m3",
            "fp8_e5m2",
            "fp8_inc",
            "float8",
        ),
        *(
            "float8_e4m3fn",
            "float8_e5m2",
            "e4m3",
            "i8",
            "int8",
            "u8",
            "uint8",
            "bool",
            "fp8_ds_mla",
        ),
    ),
    6.0: ("f6_e2m3", "f6_e3m2"),
    4.0: ("f4", "fp4", "f4_e2m1", "fp4_e2m1", "nvfp4", "i4", "int4", "u4", "4bit"),
}
_BY_NAME = {name: bits for bits, names in _BITS.items() for name in names}


def bits(name: str) -> float | None:
    """Bits per element of a safetensors dtype (`F8_E4M3`), a config's (`torch.bfloat16`) or an
    argument's (`fp8_e5m2`); None for a name that is not known."""
    return _BY_NAME.get(name.strip().lower().removeprefix("torch."))
