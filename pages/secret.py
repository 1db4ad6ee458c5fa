"""One Secret: what it is called and holds, who names it, and what can be done with it; never a value."""

import streamlit as st

from ome_backend.errors import OmeError
from ome_backend.resources.kinds import OME_KINDS
from ome_backend.services.secrets import SecretView
from pages.components import places, reports
from pages.components.actions import object_actions
from pages.components.definition import Code, definition
from pages.components.failures import show_failure
from pages.components.holding import users
from pages.components.live import live
from pages.components.secrets import home_of
from pages.components.session import backend
from pages.components.text import plain


def facts(view: SecretView) -> None:
    """All that may be shown of it."""
    definition(
        [
            ("Namespace", view.ref.key.namespace),
            ("Type", Code(view.type)),
            ("Holds", Code(", ".join(view.names))),
        ]
    )


@live(*OME_KINDS, key="secret")
def secret() -> None:
    key = places.asked_for()
    if not key.name or not key.namespace:
        places.link(places.NAMESPACES, places.NAMESPACES.title, icon=":material/arrow_back:")
        st.info(
            "The address names no secret. Open one from its namespace.", icon=":material/link_off:"
        )
        return
    home_of(key.namespace)
    try:
        view = backend().secrets.get(key)
    except OmeError as failure:
        show_failure(failure)
        return
    if view is None:
        st.warning(
            f"There is no secret **{plain(str(key))}** on this cluster. It was deleted, or the address is misspelt.",
            icon=":material/search_off:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(key.name), anchor=False, width="stretch")
        object_actions(view.ref, view.raw)
    tabs = st.tabs(["Summary", "Used by", "YAML"], key="secret_tab", bind="query-params")
    with tabs[0]:
        facts(view)
    with tabs[1]:
        users(view.ref)
    with tabs[2]:
        reports.manifest(view.raw, view.ref)


secret()
