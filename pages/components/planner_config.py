"""The config.json that the Planner is given on the spot, because OME keeps only a summary of it."""

import streamlit as st

from ome_backend.planning.stored import config_address, facts_of, keeps_its_config
from ome_backend.services.models import ModelView
from pages.components.text import plain

LARGEST = 1  # MB: a config.json takes some kilobytes
_LABEL = "Give the checkpoint's config.json"


def config_text(view: ModelView | None, model: str) -> str:
    """Its text, empty where none is given; asked for openly where the model has no layers and heads.

    It is kept by `model`, so that it never counts for another one, and is the only choice that is not
    in the address: it is too long for one.
    """
    key = f"planner_config {model}"
    asks = view is not None and facts_of(view.model).checkpoint.layers is None
    with st.expander(_LABEL, expanded=asks, icon=":material/data_object:"):
        if view is not None:
            st.markdown(_where(view))
        st.file_uploader(
            "Upload it",
            key=f"{key} file",
            max_upload_size=LARGEST,
            on_change=_uploaded,
            args=(key,),
        )
        text = st.text_area(
            "Or paste it",
            key=key,
            height=120,
            placeholder="It counts instead of what is stored with the model.",
        )
    return text.strip()


def _uploaded(key: str) -> None:
    """The text shows what was uploaded: there is one place that counts."""
    file = st.session_state[f"{key} file"]
    if file is not None:
        st.session_state[key] = file.getvalue().decode(errors="replace")


def _where(view: ModelView) -> str:
    """Where to get it from, and how to keep it with the model."""
    model = view.model
    address = config_address(model)
    if address:
        found = f"It is on the Hub: [{plain(address)}]({address})."
    elif model.storage_path:
        found = f"It lies beside the weights, on a node in {plain(model.storage_path)}."
    else:
        found = "It lies beside the weights."
    if keeps_its_config(model):
        return f"{found} The one that counts now is kept in the model's spec.modelConfiguration."
    return (
        f"{found} OME's agent keeps a summary of it, without layers and heads. To keep all of it with the model, "
        "write it into spec.modelConfiguration and set the annotation "
        "`ome.oracle.com/skip-config-parsing` to `true`: otherwise the agent overwrites it."
    )
