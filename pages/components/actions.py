"""What can be done with one object, beside its title."""

import streamlit as st

from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest
from pages.components import places
from pages.components.cloning import ask_to_clone
from pages.components.drawer import open_drawer
from pages.components.removing import ask_to_remove
from pages.components.session import backend

IN_EDITOR = ":material/edit_document: Open in the editor"
CLONE = ":material/content_copy: Clone …"
DELETE = ":material/delete: Delete …"


def object_actions(ref: Ref, raw: Manifest) -> None:
    """Edit in place, and the less common rest in a menu, where deleting stands last."""
    page = f"{ref.kind.name.lower()}_actions"
    label = "View YAML" if backend().settings.read_only else "Edit"
    if st.button(label, key=f"{page}_edit", icon=":material/edit:"):
        open_drawer(ref)
    match st.menu_button("More", [IN_EDITOR, CLONE, DELETE], key=f"{page}_more"):
        case str(chosen) if chosen == IN_EDITOR:
            places.edit(ref)
        case str(chosen) if chosen == CLONE:
            ask_to_clone(ref, raw)
        case str(chosen) if chosen == DELETE:
            ask_to_remove([ref])
