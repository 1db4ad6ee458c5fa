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
    """One sentence: whose model it is, how big, and what it does."""
    size = f"{model.size_text} " if model.size_text else ""
    vendor = f" by {model.vendor}" if model.vendor else ""
    does = f" for {', '.join(model.capabilities)}" if model.capabilities else ""
    quantised = f", quantised to {model.quantization}" if model.quantization else ""
    return f"A {size}model{vendor}{does}{quantised}."
