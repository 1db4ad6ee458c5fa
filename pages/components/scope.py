"""The namespace a person works in: chosen once in the bar, kept in the address, obeyed by every list."""

import streamlit as st

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import INFERENCE_SERVICE, NAMESPACE
from pages.components.session import backend

KEY = "namespace"


def choose_namespace() -> None:
    """Draw the choice; none means all of them."""
    st.selectbox(
        "Namespace",
        namespaces(),
        index=None,
        key=KEY,
        bind="query-params",
        placeholder="All namespaces",
        label_visibility="collapsed",
        width=230,
    )


def namespace() -> str:
    """The chosen namespace; empty for all."""
    return str(st.session_state.get(KEY) or "")


def inside(key: Key) -> bool:
    """Whether the object is of the chosen namespace, or of none and so seen by each."""
    return not namespace() or key.namespace in ("", namespace())


def namespaces() -> list[str]:
    """Those that exist as far as can be seen, and the one asked for, which may be none of them."""
    cache, settings = backend().cache, backend().settings
    existing = {key.name for key in cache.snapshot(NAMESPACE).objects}
    in_use = {key.namespace for key in cache.snapshot(INFERENCE_SERVICE).objects}
    asked = namespace() or st.query_params.get(KEY, "")
    return sorted({*existing, *in_use, *settings.namespaces, asked} - {""})
