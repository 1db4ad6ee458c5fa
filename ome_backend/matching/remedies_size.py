"""What would bring a model's size and a runtime's range together."""

import math
import re
from decimal import Decimal

from ome_backend.matching import size
from ome_backend.matching.patching import Change
from ome_backend.matching.remedies_fix import Danger, Fix, listed, sentence
from ome_backend.resources.model import Model
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.runtime import Runtime, SizeRange

_RANGE = ("spec", "modelSizeRange")
_SIZE = ("spec", "modelParameterSize")
_WRITTEN = re.compile(
    r"\s*([0-9]+(?:\.[0-9]+)?)\s*(?:(k)|(m)|(b)|(t))(?:n|illions?|housand|rillions?)?\s*",
    re.IGNORECASE,
)
_UNITS = ((Decimal("0.001"), "M"), (Decimal(1), "M"), (Decimal(1), "B"), (Decimal(1), "T"))

_HARDWARE = "A larger model needs more GPU memory than this runtime may ask for."
_SMALLER = "Small models then run on what was meant for larger ones."
_COMPLETE = "It then takes part in every selection again, which it kept from working."


def fixes(model: Model, runtime: Runtime) -> tuple[Fix, ...] | None:
    """The ways to bring the size into the range; None when it is no obstacle."""
    text, span = model.size, runtime.size_range
    if text is None or span is None or size.problem(model, runtime) is None:
        return None
    ways = [_readable(model, runtime, text, span)]
    if span.low is None or span.high is None:
        ways.append(_unlimited(runtime))
    return tuple(ways)


def respelled(text: str) -> str | None:
    """What `text` was probably meant to say, in a form OME reads; None where that is unclear.

    `7b` and `7 B` become `7B`, `98.30K` becomes `0.0983M`.
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        return None
    number, *units = found.groups()
    place = next(index for index, unit in enumerate(units) if unit)
    factor, suffix = _UNITS[place]
    better = f"{(Decimal(number) * factor).normalize():f}{suffix}"
    return better if parse(better) > 0 and parse(better) != parse(text) else None


def _readable(model: Model, runtime: Runtime, text: str, span: SizeRange) -> Fix:
    """A size that OME cannot read is put right on the model, the range only as far as needed."""
    if math.isfinite(parse(text)) and parse(text) > 0:
        return _widened(runtime, text, span)
    better = respelled(text)
    if better is None:
        return _forgotten(model, text)
    change = Change(model.ref, _SIZE, better)
    said = f"Write modelParameterSize of {model.ref} as {better}."
    risk = f"{text or 'An empty size'} counts as 0 to OME."
    spelt = Fix((change,), said, risk, Danger.RESPELLS)
    if _bounds(span, better) == span:
        return spelt
    wider = _widened(runtime, better, span)
    return Fix(
        (*spelt.changes, *wider.changes),
        f"{spelt.sentence} {wider.sentence}",
        f"{spelt.risk} {wider.risk}",
        wider.danger,
    )


def _forgotten(model: Model, text: str) -> Fix:
    return Fix(
        (Change(model.ref, _SIZE, None),),
        f"Remove modelParameterSize ({text or 'empty'}) from {model.ref}.",
        "OME then compares no size, until its agent fills in the one it finds in the checkpoint.",
        Danger.RESTATES,
    )


def _widened(runtime: Runtime, text: str, span: SizeRange) -> Fix:
    wanted = _bounds(span, text)
    pairs = (("min", span.low, wanted.low), ("max", span.high, wanted.high))
    changed = [(name, new) for name, old, new in pairs if old != new]
    words = listed(f"{name} {new}" for name, new in changed)
    danger, risk = _doubt(span, wanted)
    return Fix(
        tuple(Change(runtime.ref, (*_RANGE, name), new) for name, new in changed),
        sentence(f"set modelSizeRange of {runtime.ref} to {words}"),
        risk,
        danger,
    )


def _bounds(span: SizeRange, text: str) -> SizeRange:
    """The range with as little changed as lets `text` in; a missing minimum means any size."""
    count = parse(text)
    low, high = "0B" if span.low is None else span.low, span.high
    if count < parse(low):
        low = text
    if high is None or count > parse(high):
        high = _meant(high, count) or text
    return SizeRange(low, high)


def _meant(high: str | None, count: float) -> str | None:
    """The bound respelled, if that is all it takes."""
    better = respelled(high) if high is not None and parse(high) <= 0 else None
    return better if better and parse(better) >= count else None


def _doubt(span: SizeRange, wanted: SizeRange) -> tuple[Danger, str]:
    if span.low is None or span.high is None:
        return Danger.ADDS, _COMPLETE
    if span.high != wanted.high:
        if parse(span.high) <= 0:
            return Danger.ADDS, f"{span.high or 'An empty bound'} counts as 0 to OME. {_HARDWARE}"
        return Danger.UNPROVEN, _HARDWARE
    return Danger.ADDS, _SMALLER


def _unlimited(runtime: Runtime) -> Fix:
    return Fix(
        (Change(runtime.ref, _RANGE, None),),
        f"Remove modelSizeRange from {runtime.ref}.",
        f"It then takes models of every size. {_HARDWARE}",
        Danger.WIDENS,
    )
