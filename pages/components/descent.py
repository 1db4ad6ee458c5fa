"""What was made from a template, and how far it has moved from it."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.services.drift import Descendant
from pages.components import places
from pages.components.diff import fields
from pages.components.text import plain

LABELS = ("The template gives", "On the cluster")


def descent(found: Sequence[Descendant]) -> None:
    """One line an object; its fields that differ unfold."""
    st.subheader("Made from it", anchor=False)
    if not found:
        st.caption("Nothing on this cluster says that it was made from this template.")
    for each in found:
        _one(each)


def _one(each: Descendant) -> None:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            places.link_to(each.ref, str(each.ref))
            st.markdown(_state(each), width="content")
            if not each.current:
                st.caption("made from an earlier version of the template", width="content")
        if each.unknown:
            st.caption(plain(each.unknown))
        if each.drifted:
            fields(each.drifted, LABELS)
        if each.added:
            _added(each)


def _state(each: Descendant) -> str:
    if each.unknown:
        return ":gray[:material/help: not comparable]"
    if not each.drifted:
        return ":green[:material/check_circle: as the template gives it]"
    number = len(each.drifted)
    noun = "field differs" if number == 1 else "fields differ"
    return f":orange[:material/difference: {number} {noun}]"


def _added(each: Descendant) -> None:
    number = len(each.added)
    noun = "field" if number == 1 else "fields"
    with st.expander(f"{number} {noun} the template does not speak of"):
        st.caption("Added by hand, by OME's controllers, or by the API server.")
        fields(each.added, LABELS)
