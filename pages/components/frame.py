"""The frame around every page: navigation, the bar that says where one is, and the one place for failures.

This is the script that Streamlit runs. It is not app.py, because with a `pages/` folder beside the
script the first deep link after a start would run that page alone, without this frame.
"""

import streamlit as st
from streamlit.navigation.page import Page

from ome_backend.errors import OmeError
from pages.components.bar import bar
from pages.components.dialogs import dialogs
from pages.components.editor import drafts
from pages.components.failures import show_failure
from pages.components.history import step_back
from pages.components.places import NAME, PAGES, PLACES, asked_for
from pages.components.session import backend

# What the themes lack: letters on the accent, and the colour of what destroys.
COLOURS = {
    "light": "--on-accent: #ffffff; --danger: #b42318; --warning: #8a5300;",
    "dark": "--on-accent: #10151d; --danger: #ff8a80; --warning: #ffb74d;",
}

st.set_page_config(
    page_title="OME Console", page_icon=str(PAGES / "components" / "icon.svg"), layout="wide"
)
st.html(PAGES / "components" / "frame.css")
st.html(f"<style>:root {{ {COLOURS[st.context.theme.type or 'light']} }}</style>")
st.logo(str(PAGES / "components" / "logo.svg"), icon_image=str(PAGES / "components" / "icon.svg"))

sections: dict[str, list[Page]] = {}
for place in PLACES:
    sections.setdefault(place.section or "", []).append(place.page())
page = st.navigation(sections)
here = next(place for place in PLACES if place.title == page.title)
subject = asked_for().name if here.section is None else ""
st.set_page_config(page_title=f"{subject or here.title} · OME Console")
if here.section is not None and NAME in st.query_params:
    step_back()
try:
    backend()
    bar()
    drafts.tend("frame_drafts")
    page.run()
    dialogs(f"{here.path} {subject}")
except OmeError as failure:
    show_failure(failure)
    st.button("Try again", key="frame_retry")
