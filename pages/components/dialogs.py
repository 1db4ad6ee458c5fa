"""The one dialog that may be open, drawn after the page so that live parts beneath it go on."""

import streamlit as st

from pages.components import cloning, drawer, fetching, removing

PAGE = "dialogs_page"


def dialogs(address: str) -> None:
    """Draw the dialog that was asked for on this page, if any; who leaves the page closes it."""
    if st.session_state.get(PAGE) != address:
        st.session_state[PAGE] = address
        for each in (removing, cloning, fetching, drawer):
            each.forget()
    if removing.asked():
        removing.removing()
    elif cloning.asked():
        cloning.cloning()
    elif fetching.asked():
        fetching.fetching()
    elif drawer.asked():
        drawer.drawer()
