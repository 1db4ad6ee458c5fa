"""The object being made on a page: begun for a kind, moved by the form and by the editor."""

import streamlit as st

from ome_backend.editing.beginnings import beginning
from ome_backend.schema.crds import Crd
from ome_backend.schema.yaml_edit import edit
from pages.components import desk, scope
from pages.components.form.secret_values import forget_sealed
from pages.components.form.sheet import Change, forget

FALLBACK_NAMESPACE = "default"


def begin(page: str, crd: Crd) -> None:
    """Begin with an object of this kind, unless one is being made already."""
    if st.session_state.get(f"{page}_kind") == crd.kind.name and desk.desk(page).text:
        return
    finish(page)
    st.session_state[f"{page}_kind"] = crd.kind.name
    text = beginning(crd, scope.namespace() or FALLBACK_NAMESPACE)
    desk.lay(page, text, origin=f"a new {crd.kind.word}")


def take(page: str, crd: Crd, text: str, origin: str) -> None:
    """Go on with a text that another page made, whose first document is of this kind."""
    finish(page)
    st.session_state[f"{page}_kind"] = crd.kind.name
    desk.lay(page, text, origin=origin)


def change(page: str, what: Change, document: int) -> None:
    """Do something to one document of the text; the editor takes the new text."""
    held = desk.newest(page)
    text = edit(held.text, what, document)
    if text != held.text:
        desk.lay(page, text, held.bases, held.origin)


def finish(page: str) -> None:
    """What was being made is done, or given up."""
    desk.clear(page)
    forget(page)
    forget_sealed(page)
    st.session_state.pop(f"{page}_kind", None)
