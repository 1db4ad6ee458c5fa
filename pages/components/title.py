"""The top of a page: what it is, and what can be done from here."""

import streamlit as st

from ome_backend.resources.health import Health
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import Manifest
from pages.components.actions import object_actions
from pages.components.health import badge
from pages.components.places import NEW, Place, go, link
from pages.components.text import plain

Action = tuple[str, Place]


def title(text: str, *actions: Action, makes: Kind | None = None) -> None:
    """A page's heading with its actions at the right; `makes` is the kind its New button begins."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(text, anchor=False)
        for label, place in actions:
            if st.button(label, key=f"{place.path}_from_title", type="primary"):
                go(place)
        if makes is not None and st.button("New", key="new_from_title", icon=":material/add:"):
            go(NEW, kind=makes.name)


def object_title(ref: Ref, raw: Manifest, health: Health, back: Place) -> None:
    """An object's heading: the way back, its name, its state, and what can be done with it."""
    link(back, back.title, icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(ref.key.name), anchor=False, width="content")
        badge(health)
        st.space("stretch")
        object_actions(ref, raw)
    st.markdown(plain(health.sentence))
