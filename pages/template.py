"""One template: fill it in, see what it makes, create it, and see what became of what was made from it."""

import streamlit as st

from ome_backend.editing.templates import Template
from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from ome_backend.services.drift import descendants
from pages.components import places, template_shelf
from pages.components.apply import apply_panel
from pages.components.descent import descent
from pages.components.handover import hand_over
from pages.components.live import live
from pages.components.session import backend
from pages.components.template_form import ask, made, preview
from pages.components.text import plain
from pages.components.yaml_editor import yaml_editor

name = places.asked_for().name
template = template_shelf.named(name, backend().templates.all())


def go_on(text: str, origin: str) -> None:
    """Ways to go on with what it makes."""
    with st.container(horizontal=True):
        if st.button("Open in the form", key="template_form", icon=":material/edit_note:"):
            hand_over(text, origin)
            first = backend().editing.check(text).documents[0]
            places.go(places.NEW, kind=str(first.manifest.get("kind", "")))
        if st.button("Open in the editor", key="template_edit", icon=":material/edit_document:"):
            hand_over(text, origin)
            places.go(places.EDITOR)


def filled(held: Template) -> None:
    """The parameters, and beside them what they make."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader("What to fill in", anchor=False)
        values = ask(held)
    with right:
        st.subheader("What it makes", anchor=False)
        text = made(held, values)
        shown = preview(held, values)
        yaml_editor(f"template_text_{hash(shown)}", shown, read_only=True)
        if text:
            go_on(text, f"the template {held.name}")
            apply_panel("template", text, creating=True)


@live(*OME_KINDS, NAMESPACE, key="template")
def made_from_it() -> None:
    if template is not None:
        descent(descendants(template, backend().cache, backend().schemas))


places.link(places.TEMPLATES, "Templates", icon=":material/arrow_back:")
if template is None:
    template_shelf.missing(name)
else:
    st.title(plain(template.title), anchor=False)
    st.markdown(plain(template.purpose))
    st.caption(f"From {plain(template.origin)} · version `{template.version}`")
    filled(template)
    made_from_it()
