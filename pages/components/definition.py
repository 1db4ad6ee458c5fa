"""An object in words: a list of what it is made of, instead of a dump of its fields."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kind import Ref
from pages.components.evidence import evidence_label
from pages.components.places import link_to
from pages.components.text import plain


class Code(NamedTuple):
    """A name or an address, drawn in the face that names are written in."""

    text: str


Value = str | Code | Ref | None
Fact = tuple[str, Value] | tuple[str, Value, Evidence]


def definition(facts: Sequence[Fact], evidence: Evidence | None = None) -> None:
    """Draw name and value of every fact; a value that is absent is left out, a reference is a link.

    `evidence` is how well those are known that do not say it themselves.
    """
    given = [_complete(fact, evidence) for fact in facts if fact[1] and fact[1] != Code("")]
    half = (len(given) + 1) // 2
    for column, part in zip(st.columns(2), (given[:half], given[half:]), strict=True):
        with column:
            for name, value, known in part:
                _fact(name, value, known)


def _complete(fact: Fact, evidence: Evidence | None) -> tuple[str, Value, Evidence | None]:
    return fact if len(fact) == 3 else (*fact, evidence)


def _fact(name: str, value: Value, known: Evidence | None) -> None:
    left, right = st.columns([1, 2.2], vertical_alignment="center")
    left.caption(name)
    with right, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if isinstance(value, Ref):
            link_to(value)
        elif isinstance(value, Code):
            st.markdown(f"`{value.text.replace('`', '')}`", width="content")
        else:
            st.markdown(plain(str(value)), width="content")
        if known is not None:
            evidence_label(known)
