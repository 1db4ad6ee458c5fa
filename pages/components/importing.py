"""A file taken into the editor: YAML of one or several documents, or a zip of such files."""

import streamlit as st

from ome_backend.editing.intake import text_of
from ome_backend.errors import OmeError
from pages.components import desk
from pages.components.failures import show_failure


def import_file(page: str) -> None:
    """Offer to open a file on the page's desk; what it would change shows there before anything is done."""
    with st.popover("Open a file", key=f"{page}_import", icon=":material/upload_file:"):
        given = st.file_uploader(
            "YAML, or a zip of YAML files",
            type=["yaml", "yml", "json", "zip"],
            key=f"{page}_import_file",
            max_upload_size=20,
        )
        if given is None or st.session_state.get(f"{page}_imported") == given.file_id:
            return
        st.session_state[f"{page}_imported"] = given.file_id
        try:
            desk.lay(page, text_of(given.name, given.getvalue()), origin=f"the file {given.name}")
        except OmeError as failure:
            show_failure(failure)
