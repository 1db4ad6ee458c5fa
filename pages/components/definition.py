"""An object in words: a list of what it is made of, instead of a dump of its fields."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from ome_backend.resources.kind import Ref
from pages.components.places import link_to
from pages.components.text import plain


class Code(NamedTuple):
    """A name or an address, drawn in the face that names are written in."""

    text: str


Fact = tuple[str, str | Code | Ref | None]


def definition(facts: Sequence[Fact]) -> None:
    """Draw name and value of every fact; a value that is absent is left out, a reference is a link."""
    given = [(name, value) for name, value in facts if value and value != Code("")]
    half = (len(given) + 1) // 2
    for column, part in zip(st.columns(2), (given[:half], given[half:]), strict=True):
        with column:
            for name, value in part:
                _fact(name, value)


def _fact(name: str, value: str | Code | Ref | None) -> None:
    left, right = st.columns([1, 2.2], vertical_alignment="center")
    left.caption(name)
    with right:
        if isinstance(value, Ref):
            link_to(value)
        elif isinstance(value, Code):
            st.markdown(f"`{value.text.replace('`', '')}`")
        else:
            st.markdown(plain(str(value)))
