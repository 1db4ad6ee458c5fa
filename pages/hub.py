"""The Hub: search its models, see what this cluster would make of them, and take some along."""

import streamlit as st

from ome_backend.hub.answers import Page
from ome_backend.resources.kinds import ACCELERATOR_CLASS, MODEL_KINDS, NODE, RUNTIME_KINDS
from pages.components.hub import asking, basket, search
from pages.components.hub.results import results
from pages.components.hub.upstream import way
from pages.components.live import live
from pages.components.title import title

title("Import from the Hub")
way()
query = search.asked()


def found() -> Page | None:
    """What the Hub answers; says why where it does not."""
    return asking.told(lambda: asking.search(query), "hub")


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NODE, key="hub")
def shown() -> None:
    page = found()
    if page is None:
        return
    basket.bar()
    if not page.listings:
        st.info(
            "The Hub has no model like that. Drop a filter, or look at the spelling.",
            icon=":material/search_off:",
        )
    results(page.listings)
    search.pager(page.cursor)


shown()
