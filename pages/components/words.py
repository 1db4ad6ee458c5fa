"""Models and runtimes in words that fit a table cell or a line."""

from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime


def architectures(runtime: Runtime) -> str:
    """The architectures a runtime takes, each once; `any` for a format without one."""
    return ", ".join(dict.fromkeys(each.traits.architecture or "any" for each in runtime.formats))


def sizes(runtime: Runtime) -> str:
    """The parameter counts a runtime takes."""
    limits = runtime.size_range
    return "any" if limits is None else f"{limits.low or '?'} to {limits.high or '?'}"


def described(model: Model) -> str:
    """What it is in one line: its size, whose it is, what it does, how it was made smaller."""
    parts = (
        model.size_text,
        f"by {model.vendor}" if model.vendor else "",
        f"for {', '.join(model.capabilities)}" if model.capabilities else "",
        f"quantised to {model.quantization}" if model.quantization else "",
    )
    said = " ".join(part for part in parts if part)
    return f"{said}." if said else "Nothing is known of it yet but its name."
