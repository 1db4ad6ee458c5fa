"""The accelerator class that a new service asks for, each with what is free and what speaks against it."""

import streamlit as st

from ome_backend.services.accelerator_options import Option, options
from ome_backend.services.draft import Choices
from ome_backend.services.models import ModelView
from pages.components import draft
from pages.components.session import backend


def choose_accelerator(held: Choices, view: ModelView) -> None:
    """Draw the choice; a class that the manifest names and nobody made stays to be seen."""
    overview = backend().overview
    named = backend().models.runtime_of(view.model, held.namespace, draft.service())
    # Left to OME, the runtime follows from the class: another one may list it.
    runtime = named if held.runtime else None
    known = options(overview.accelerators(), overview.nodes(), view.model, runtime)
    found = {each.name: each for each in known}
    key = draft.field("accelerator")
    st.session_state[key] = held.accelerator or None
    st.selectbox(
        "Accelerator class",
        list(dict.fromkeys((*found, *([held.accelerator] if held.accelerator else [])))),
        index=None,
        key=key,
        format_func=lambda name: words(name, found.get(name)),
        placeholder="Any that the runtime runs on",
        on_change=lambda: draft.changed(key, accelerator=st.session_state[key] or ""),
    )


def words(name: str, option: Option | None) -> str:
    """The class with its GPUs; in words what makes it useless here."""
    if option is None:
        return f"{name} · no such class"
    seen = option.capacity
    against = [] if option.has_model else ["the model is on none of its nodes"]
    against += [] if option.listed else ["the runtime does not list it"]
    free = f"{seen.free} of {seen.total} GPUs free, at most {seen.largest} on one node"
    return " · ".join((name, *against, free))
