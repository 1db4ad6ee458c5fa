"""One model of the Hub: what it is, what this cluster would make of it, and its import."""

import streamlit as st

from ome_backend.hub.answers import Repository
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    MODEL_KINDS,
    NAMESPACE,
    NODE,
    RUNTIME_KINDS,
)
from ome_backend.services.import_warnings import warnings
from pages.components import places, scope
from pages.components.hub import asking, repository
from pages.components.hub.import_desk import begin, import_desk
from pages.components.live import live
from pages.components.session import backend
from pages.components.text import plain

name = str(places.asked_for())
places.link(places.HUB, places.HUB.title, icon=":material/arrow_back:")
st.title(plain(name) or places.HUB_MODEL.title, anchor=False)


def shown(found: Repository, revision: str) -> None:
    repository.heading(found)
    contents = asking.told(lambda: asking.contents(found), "hub_model_contents")
    if contents is None:
        return
    standing = backend().hub_models.standing(found, contents, scope.namespace())
    repository.verdict(standing, contents)
    chosen = backend().importing.proposed(found, revision, scope.namespace())
    for said in warnings(found, contents, standing, backend().importing.places(chosen)):
        st.warning(plain(said), icon=":material/warning:")
    tabs = st.tabs(
        ["Import", "Facts", "Runtimes and GPUs", "Files", "Card"],
        key="hub_model_tab",
        bind="query-params",
    )
    with tabs[0]:
        import_desk([(found, revision)])
    with tabs[1]:
        repository.facts(found, standing)
    with tabs[2]:
        repository.compatibility(standing)
    with tabs[3]:
        repository.files(found)
    with tabs[4]:
        repository.card(found)


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NODE, NAMESPACE, key="hub_model")
def hub_model() -> None:
    if not name:
        st.info("The address names no model. Search for one.", icon=":material/link_off:")
        return
    revision = repository.revision()
    found = asking.told(lambda: asking.repository(name, revision), "hub_model")
    repository.choose_revision(name)
    if found is not None:
        shown(found, revision)


begin(name)
hub_model()
