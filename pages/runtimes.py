"""Runtimes: how models are served here, and for which formats OME chooses each."""

import streamlit as st

from ome_backend.resources.kinds import (
    CLUSTER_SERVING_RUNTIME,
    INFERENCE_SERVICE,
    POD,
    RUNTIME_KINDS,
)
from ome_backend.services.runtimes import RuntimeView
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.table import Column, number, table, words
from pages.components.title import title
from pages.components.words import architectures, sizes


def scope(view: RuntimeView) -> str:
    return view.key.namespace or "cluster"


COLUMNS: tuple[Column[RuntimeView], ...] = (
    words("Scope", scope, 95),
    words("Engine", lambda view: view.runtime.engine_name, 65),
    words("Topology", lambda view: view.runtime.topology, 95),
    words("Architectures", lambda view: architectures(view.runtime), 165),
    words("Sizes", lambda view: sizes(view.runtime), 95),
    number("GPUs", lambda view: view.runtime.gpus, note="GPUs of one replica"),
    number("Used by", lambda view: view.used_by, note="Services that run on it"),
)
FACETS: tuple[Facet[RuntimeView], ...] = (
    Facet("Scope", "runtimes_scope", lambda view: (scope(view),)),
    Facet("Engine", "runtimes_engine", lambda view: (view.runtime.engine_name,)),
    Facet("Topology", "runtimes_topology", lambda view: (view.runtime.topology,)),
    Facet("State", "runtimes_state", lambda view: (view.health.word,)),
)

title("Runtimes", ("Import", places.RUNTIME_IMPORT), makes=CLUSTER_SERVING_RUNTIME)


@live(*RUNTIME_KINDS, INFERENCE_SERVICE, POD, key="runtimes")
def runtimes() -> None:
    found = backend().runtimes.all()
    if not explain(found.sources):
        return
    if not found.rows:
        st.info(
            "No runtime is installed. OME ships its own: apply its `config/runtimes`.",
            icon=":material/memory:",
        )
        return
    shown = filtered(
        "runtimes",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {view.runtime.engine_name} {architectures(view.runtime)}",
        facets=FACETS,
        noun="runtimes",
        kinds=RUNTIME_KINDS,
    )
    if shown.rows:
        table(
            "runtimes_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.RUNTIME,
            line=shown.line,
            refs=lambda view: view.runtime.ref,
        )


runtimes()
