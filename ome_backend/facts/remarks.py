"""What a user should know before relying on what OME derives: sentences, not errors."""

from collections.abc import Sequence

from ome_backend.facts.reading import Reading


def remarks(reading: Reading, capabilities: Sequence[str], quantization: str) -> tuple[str, ...]:
    """The ways in which OME's knowledge of a model falls short of the model."""
    method, dtype = reading.quantization_method, reading.dtype
    found = (
        (
            not reading.parameters,
            "OME finds no parameter count, so it takes the model's size as 0.",
        ),
        (not reading.architecture, "The configuration names no architecture."),
        (
            reading.pipeline is None and not reading.transformers_version,
            "The configuration names no transformers version, so OME records none.",
        ),
        (
            bool(method) and not quantization,
            f"OME does not record the quantization method {method}.",
        ),
        (
            reading.pipeline is None and not dtype,
            "The configuration gives no torch_dtype, so OME counts four bytes per parameter.",
        ),
        (
            reading.model_type == "mistral" and "EMBEDDING" in capabilities,
            "OME takes every model of type mistral for an embedding model.",
        ),
    )
    return tuple(text for applies, text in found if applies)
