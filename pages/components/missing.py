"""An object that is asked for but not there: deleted, misspelt, not loaded yet, or out of reach."""

import streamlit as st

from ome_backend.resources.kind import Key, Kind
from pages.components.places import Place, link
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.text import plain


def missing(kind: Kind, key: Key, back: Place) -> None:
    """Say why nothing is shown, and lead back to the list."""
    link(back, back.title, icon=":material/arrow_back:")
    seen = backend().cache.snapshot(kind)
    if not key.name:
        st.info(
            f"The address names no {kind.word}. Open one from the list.", icon=":material/link_off:"
        )
    elif explain((seen,)):
        st.warning(
            f"There is no {kind.word} **{plain(str(key))}** on this cluster. It was deleted, or the "
            "address is misspelt. "
            "If it appears, this page shows it.",
            icon=":material/search_off:",
        )
