"""Namespaces: what of OME lives in each, and what can be done with them."""

import streamlit as st

from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import (
    BASE_MODEL,
    BENCHMARK_JOB,
    INFERENCE_SERVICE,
    NAMESPACE,
    SERVING_RUNTIME,
)
from ome_backend.resources.moment import created
from ome_backend.services.namespaces import NamespaceView
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.table import Column, number, since, table, words
from pages.components.title import title

HELD = (INFERENCE_SERVICE, BASE_MODEL, SERVING_RUNTIME, BENCHMARK_JOB)


def held(kind: Kind) -> Column[NamespaceView]:
    return number(f"{kind.word.capitalize()}s", lambda view: view.counts[kind], width=110)


COLUMNS: tuple[Column[NamespaceView], ...] = (
    *map(held, HELD),
    words("Protected", lambda view: "protected" if view.protected else "", 100),
    since("Age", lambda view: created(view.raw)),
)
FACETS: tuple[Facet[NamespaceView], ...] = (
    Facet("State", "namespaces_state", lambda view: (view.health.word,)),
)

title("Namespaces", makes=NAMESPACE)
st.caption("Each one's page lists its secrets, such as the tokens of the model hub.")


@live(NAMESPACE, *HELD, key="namespaces")
def namespaces() -> None:
    found = backend().namespaces.all()
    if not explain(found.sources[:1]):
        return
    shown = filtered(
        "namespaces",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: view.key.name,
        facets=FACETS,
        noun="namespaces",
        kinds=(NAMESPACE,),
    )
    if shown.rows:
        table(
            "namespaces_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.NAMESPACE,
            line=shown.line,
            refs=lambda view: view.ref,
        )


namespaces()
