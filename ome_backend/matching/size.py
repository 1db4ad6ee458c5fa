"""Whether a model's size lies in a runtime's range, and how tightly the range fits."""

import math

from ome_backend.matching.verdict import Reason
from ome_backend.resources.model import Model
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.runtime import Runtime, SizeRange

_CRASH = "runtime error: invalid memory address or nil pointer dereference"


def problem(model: Model, runtime: Runtime) -> Reason | None:
    """Why the size excludes the runtime; None when it does not. Both bounds belong to the range.

    A range with one bound makes OME's controller crash on every model with a size; that is a
    problem of configuration. Source: pkg/runtimeselector/matcher.go, GetCompatibilityDetails.
    """
    size, span = model.size, runtime.size_range
    if size is None or span is None:
        return None
    if span.low is None or span.high is None:
        return _incomplete(span)
    count = parse(size)
    if count < parse(span.low) or count > parse(span.high):
        return Reason("size", _text(size, span), _plain(size, span))
    return None


def distance(model: Model, runtime: Runtime) -> float:
    """How far the model is from both ends of the range, in parameters; less is preferred.

    0 without a size or range, so that a runtime without a range beats one with a range; infinite
    where OME would crash. Source: pkg/runtimeselector/scorer.go, calculateSizeScore.
    """
    size, span = model.size, runtime.size_range
    if size is None or span is None:
        return 0.0
    if span.low is None or span.high is None:
        return math.inf
    count = parse(size)
    return abs(parse(span.low) - count) + abs(parse(span.high) - count)


def _text(size: str, span: SizeRange) -> str:
    return f"model size {size} is outside supported range [{span.low}, {span.high}]"


def _plain(size: str, span: SizeRange) -> str:
    return (
        f"The model is {size or 'of unknown size'}; this runtime takes {span.low} to {span.high}."
    )


def _incomplete(span: SizeRange) -> Reason:
    missing = " and no ".join(
        name for name, bound in (("min", span.low), ("max", span.high)) if bound is None
    )
    return Reason(
        "configuration",
        f"modelSizeRange has no {missing}: {_CRASH}",
        "OME's controller crashes on this runtime for a model with a size, because its "
        f"modelSizeRange has no {missing}; give it both min and max.",
    )
