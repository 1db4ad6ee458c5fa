"""The memory of one GPU as a bar: what takes it, and what is left."""

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import streamlit as st

from ome_backend.planning.amount import Amount
from ome_backend.planning.fit import Case
from ome_backend.services.wish import Planned


class _Colour(NamedTuple):
    light: str
    dark: str


_COLOURS = {
    "Weights": _Colour("#1f5fd0", "#7fb0ff"),
    "KV cache": _Colour("#0b7d74", "#4fd1c5"),
    "Overhead": _Colour("#b25e00", "#f0a94a"),
    "Free": _Colour("#cfe3d6", "#2c4a3a"),
    "Kept back": _Colour("#c3cad5", "#465163"),
}
_MEANING = {
    "Overhead": "activations, CUDA context and graphs",
    "Free": "for more or longer sequences",
    "Kept back": "outside the share of memory the engine may use",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar, in GiB."""

    name: str
    size: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The memory of one GPU, in GiB; `short` is what the parts take beyond what the engine may use."""

    parts: tuple[Segment, ...]
    gpu: float
    short: float

    @property
    def whole(self) -> float:
        return sum(each.size for each in self.parts)


def memory_bar(planned: Planned) -> None:
    """The typical case as a bar, its parts in words below; nothing while weights or GPU are unknown."""
    case, gpu = planned.plan.typical, planned.plan.gpu
    if case is not None and isinstance(gpu, Amount):
        drawn = bar(planned, case, gpu.value)
        st.html(_bar(drawn))
        st.html(_legend(drawn))


def bar(planned: Planned, case: Case, gpu: float) -> Bar:
    """What takes the GPU's memory; where it does not fit, nothing is free or kept back."""
    own, asked = planned.plan.weights_per_gpu, planned.load.cache
    weights = own.value if isinstance(own, Amount) else 0.0
    cache = asked.value if isinstance(asked, Amount) else 0.0
    extra, room = case.overhead, case.room.value
    overhead = extra.activation.value + extra.outside_torch.value + extra.graphs.value
    short = max(0.0, cache - room)
    parts = (
        Segment("Weights", weights),
        Segment("KV cache", cache),
        Segment("Overhead", overhead),
        Segment("Free", max(0.0, room - cache)),
        Segment("Kept back", 0.0 if short else max(0.0, gpu - weights - overhead - room)),
    )
    return Bar(tuple(each for each in parts if each.size > 0), gpu, short)


def _bar(drawn: Bar) -> str:
    dark = st.context.theme.type == "dark"
    parts = "".join(_drawn(each, drawn.whole, dark) for each in drawn.parts)
    words = ", ".join(f"{each.name} {each.size:.1f} GiB" for each in drawn.parts)
    said = escape(f"Memory of one GPU, {drawn.gpu:.1f} GiB: {words}. {_missing(drawn)}", quote=True)
    edge = (
        '<div style="position:absolute;top:-3px;bottom:-3px;border-left:3px solid currentColor;'
        f'left:{1 - drawn.short / drawn.whole:.2%}"></div>'
        if drawn.short
        else ""
    )
    return (
        f'<div role="img" aria-label="{said}" style="position:relative">'
        '<div style="display:flex;height:26px;border-radius:6px;overflow:hidden;'
        f'border:1px solid color-mix(in srgb, currentColor 35%, transparent)">{parts}</div>{edge}</div>'
    )


def _drawn(part: Segment, whole: float, dark: bool) -> str:
    title = escape(f"{part.name}: {part.size:.1f} GiB", quote=True)
    colour = _COLOURS[part.name][dark]
    return f'<div title="{title}" style="width:{part.size / whole:.3%};background:{colour}"></div>'


def _legend(drawn: Bar) -> str:
    """Under the bar: a swatch and words, so that colour is never alone."""
    dark = st.context.theme.type == "dark"
    said = "".join(
        '<span style="white-space:nowrap;margin-right:1.2em">'
        '<span style="display:inline-block;width:.8em;height:.8em;border-radius:2px;'
        f'background:{_COLOURS[each.name][dark]}"></span> '
        f"{escape(_said(each))}</span>"
        for each in drawn.parts
    )
    whole = f"<div>Memory of one GPU ({drawn.gpu:.1f} GiB), typical case. {escape(_missing(drawn))}</div>"
    return f'<div style="font-size:.85rem;line-height:1.7">{said}{whole}</div>'


def _said(part: Segment) -> str:
    meaning = _MEANING.get(part.name)
    return f"{part.name} {part.size:.1f} GiB" + (f" ({meaning})" if meaning else "")


def _missing(drawn: Bar) -> str:
    if not drawn.short:
        return ""
    return f"The line is where the engine's share of it ends: {drawn.short:.1f} GiB are missing."
