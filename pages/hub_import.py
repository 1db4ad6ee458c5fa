"""Several models of the Hub in one go: one form, one text, and a result for each."""

from functools import partial

import streamlit as st

from ome_backend.hub.answers import About
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    MODEL_KINDS,
    NAMESPACE,
    NODE,
    RUNTIME_KINDS,
)
from ome_backend.services.candidate import MAIN
from pages.components import places
from pages.components.hub import asking
from pages.components.hub.import_desk import begin, import_desk
from pages.components.live import live
from pages.components.text import plain

places.link(places.HUB, places.HUB.title, icon=":material/arrow_back:")
st.title(places.HUB_IMPORT.title, anchor=False)
asked = st.query_params.get("repos", "")
names = [name for each in asked.split(",") if (name := each.strip())]


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NODE, NAMESPACE, key="hub_import")
def hub_import() -> None:
    found: list[tuple[About, str]] = []
    for name in names:
        each = asking.told(partial(asking.repository, name, MAIN), f"hub_import_{name}")
        if each is None:
            st.caption(f"{plain(name)} is left out.")
        else:
            found.append((each, MAIN))
    if found:
        import_desk(found)
    elif not names:
        st.info("No model is chosen. Tick some in the search.", icon=":material/checklist:")


begin(asked)
hub_import()
