"""An object in words: a list of what it is made of, instead of a dump of its fields."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.resources.kind import Ref
from pages.components.places import link_to

Fact = tuple[str, str | Ref | None]


def definition(facts: Sequence[Fact]) -> None:
    """Draw name and value of every fact; a value that is absent is left out, a reference is a link."""
    given = [(name, value) for name, value in facts if value]
    half = (len(given) + 1) // 2
    for column, part in zip(st.columns(2), (given[:half], given[half:]), strict=True):
        with column:
            for name, value in part:
                _fact(name, value)


def _fact(name: str, value: str | Ref | None) -> None:
    left, right = st.columns([1, 2.2], vertical_alignment="center")
    left.caption(name)
    with right:
        if isinstance(value, Ref):
            link_to(value)
        else:
            st.markdown(str(value))


def code(value: str) -> str:
    """A name or an address in the face that names are written in; empty stays empty."""
    return f"`{value}`" if value else ""
