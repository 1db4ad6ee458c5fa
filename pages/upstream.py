"""Installed models against the Hub: what changed there since they were fetched, asked when a person asks."""

import streamlit as st

from ome_backend.resources.kinds import CONFIG_MAP, MODEL_KINDS, NODE
from ome_backend.services.upstream import Comparison
from ome_backend.services.upstream_changes import SHORT
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.hub.upstream import question
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.table import Column, since, table, words
from pages.components.title import title


def here(found: Comparison) -> str:
    return ", ".join(commit[:SHORT] for commit in found.installed.known)


def there(found: Comparison) -> str:
    told = found.told.repository if found.told is not None else None
    return told.sha[:SHORT] if told is not None else ""


COLUMNS: tuple[Column[Comparison], ...] = (
    words("Repository", lambda found: found.installed.source.uri.removeprefix("hf://"), 240),
    words("On the nodes", here, 88),
    words("The Hub has", there, 84),
    words("What is other", lambda found: found.health.sentence if found.told else "", 420),
    since("Asked", lambda found: found.told.at if found.told is not None else None),
)
FACETS: tuple[Facet[Comparison], ...] = (
    Facet("State", "upstream_state", lambda found: (found.health.word,)),
    Facet("Author", "upstream_author", lambda found: (found.installed.source.repo.split("/")[0],)),
)

title("Changes on the Hub")


@live(*MODEL_KINDS, CONFIG_MAP, NODE, key="upstream")
def upstream() -> None:
    if not explain(backend().models.all().sources):
        return
    if not backend().upstream.all():
        st.info("No installed model comes from the Hub.", icon=":material/cloud_off:")
        places.link(places.HUB, "Import from the Hub")
        return
    question("upstream", "Compare all with the Hub")
    st.caption(
        "The Hub is asked when you press, without a token, about each repository once. OME never updates a model "
        "by itself; a model's page says what a difference means, and fetches it again."
    )
    shown = filtered(
        "upstream",
        backend().upstream.all(),
        identity=lambda found: found.installed.model.key,
        words=lambda found: f"{found.installed.model.key} {found.installed.source.repo}",
        facets=FACETS,
        noun="models",
    )
    if shown.rows:
        table(
            "upstream_table",
            shown.rows,
            identity=lambda found: found.installed.model.key,
            state=lambda found: found.health,
            columns=COLUMNS,
            opens=places.MODEL,
            line=shown.line,
        )


upstream()
