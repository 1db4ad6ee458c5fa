"""Templates: find one, fill it in, see what it makes, and what became of what was made from it."""

import streamlit as st

from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from ome_backend.services.drift import descendants
from pages.components import places, template_shelf
from pages.components.apply import apply_panel
from pages.components.command import as_command
from pages.components.descent import descent
from pages.components.handover import hand_over
from pages.components.live import live
from pages.components.session import backend
from pages.components.template_form import ask, made, shown_command
from pages.components.text import plain
from pages.components.title import title
from pages.components.yaml_editor import yaml_editor

library = backend().templates.all()
template = template_shelf.asked_for(library)


@live(*OME_KINDS, NAMESPACE, key="templates")
def made_from_it() -> None:
    if template is not None:
        descent(descendants(template, backend().cache, backend().schemas))


if template is None:
    title("Templates")
    template_shelf.failures(library)
    template_shelf.from_address()
    template_shelf.shelf(library)
else:
    places.link(places.TEMPLATES, "Templates", icon=":material/arrow_back:")
    st.title(plain(template.title), anchor=False)
    st.markdown(plain(template.purpose))
    st.caption(f"From {plain(template.origin)} · version `{template.version}`")
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader("What to fill in", anchor=False)
        values = ask(template)
        text = made(template, values)
    with right:
        st.subheader("What it makes", anchor=False)
        yaml_editor(f"templates_text_{hash(text)}", text or template.body, read_only=True)
        if text:
            if st.button(
                "Open in the editor", key="templates_edit", icon=":material/edit_document:"
            ):
                hand_over(text, f"the template {template.name}")
                places.go(places.EDITOR)
            apply_panel("templates", text, creating=True)
            as_command(shown_command(template, text))
    made_from_it()
