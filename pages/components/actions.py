"""What can be done with one object, beside its title."""

import streamlit as st

from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.services.compare import address
from pages.components import places
from pages.components.cloning import ask_to_clone
from pages.components.comparison import EARLIER
from pages.components.drawer import open_drawer
from pages.components.export_menu import export_menu
from pages.components.removing import ask_to_remove
from pages.components.session import backend

IN_EDITOR = ":material/edit_document: Open in the editor"
CLONE = ":material/content_copy: Clone …"
COMPARE = ":material/compare_arrows: Compare with …"
HISTORY = ":material/history: Earlier versions …"
DELETE = ":material/delete: Delete …"


def object_actions(ref: Ref, raw: Manifest) -> None:
    """Edit in place, and the less common rest in a menu, where deleting stands last."""
    page = f"{ref.kind.name.lower()}_actions"
    if backend().settings.read_only:
        label, icon = "View YAML", ":material/visibility:"
        why = "The console was started read-only: it changes nothing."
    else:
        label, icon, why = "Edit", ":material/edit:", None
    if st.button(label, key=f"{page}_edit", icon=icon, help=why):
        open_drawer(ref)
    export_menu(page, [ref])
    match st.menu_button("More", [IN_EDITOR, CLONE, COMPARE, HISTORY, DELETE], key=f"{page}_more"):
        case str(chosen) if chosen == IN_EDITOR:
            places.edit(ref)
        case str(chosen) if chosen == CLONE:
            ask_to_clone(ref, raw)
        case str(chosen) if chosen == COMPARE:
            places.go(places.COMPARE, left=address(ref))
        case str(chosen) if chosen == HISTORY:
            places.go(places.COMPARE, left=address(ref), compare_with=EARLIER)
        case str(chosen) if chosen == DELETE:
            ask_to_remove([ref])
