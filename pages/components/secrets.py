"""The Secrets of a namespace: asked of the server when somebody looks, shown without a value."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.errors import OmeError
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.kinds import SECRET
from ome_backend.resources.moment import created
from ome_backend.services.secrets import SecretView
from pages.components import places
from pages.components.facts_table import facts_table
from pages.components.failures import show_failure
from pages.components.session import backend
from pages.components.text import plain

MOST_NAMED = 2
AGE = st.column_config.DatetimeColumn("Age", format="distance", width=110)


def home_of(namespace: str) -> None:
    """The way back from a Secret: to the list it stands in."""
    places.link(
        places.NAMESPACE,
        f"Secrets of {namespace}",
        Key("", namespace),
        icon=":material/arrow_back:",
        namespace_tab="Secrets",
    )


def secrets_of(namespace: str) -> None:
    """List them, with a link to each; where they may not be listed one can be opened by its name."""
    line = st.container(horizontal=True, vertical_alignment="center")
    if line.button("New secret", key="namespace_new_secret", icon=":material/add:"):
        places.go(places.NEW, kind=SECRET.name)
    try:
        found = backend().secrets.of(namespace)
    except OmeError as failure:
        show_failure(failure)
        _by_name(namespace)
        return
    if not found:
        st.info(f"There are no secrets in {plain(namespace)}.", icon=":material/key:")
        return
    chosen = line.selectbox(
        "Open by name",
        [view.key.name for view in found],
        index=None,
        key="namespace_secret",
        placeholder="Open by name",
        label_visibility="collapsed",
        width=320,
    )
    if chosen is not None:
        places.go(places.SECRET, Key(namespace, chosen))
    facts_table([_row(view) for view in found], {"Age": AGE})


def _row(view: SecretView) -> dict[str, object]:
    return {
        "Name": view.key.name,
        "Type": view.type,
        "Holds": ", ".join(view.names),
        "Named by": _first(view.users),
        "Age": created(view.raw),
    }


def _first(users: Sequence[Ref]) -> str:
    shown, more = ", ".join(map(str, users[:MOST_NAMED])), len(users) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _by_name(namespace: str) -> None:
    name = st.text_input("Open one by its name", key="namespace_secret_name").strip()
    if name:
        places.go(places.SECRET, Key(namespace, name))
