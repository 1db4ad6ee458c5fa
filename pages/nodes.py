"""Nodes: where GPUs are free, who holds the others, and which models are there."""

import streamlit as st

from ome_backend.resources.kinds import ACCELERATOR_CLASS, CONFIG_MAP, MODEL_KINDS, NODE, POD
from ome_backend.resources.moment import created
from ome_backend.services.nodes import NodeView, fragmentation
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.gpu_map import gpu_map
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.session import backend
from pages.components.table import Column, number, since, table, words
from pages.components.title import title


def models(view: NodeView) -> str:
    """Those that are there, of those that belong there."""
    row = backend().nodes.models(view.node.name)
    return f"{row.tally.ready} of {row.tally.cells}" if row is not None and row.cells else ""


COLUMNS: tuple[Column[NodeView], ...] = (
    words("Class", lambda view: ", ".join(view.classes), 180),
    number("GPUs", lambda view: view.capacity.total),
    number("Held", lambda view: view.capacity.held),
    number("Free", lambda view: view.capacity.free),
    words("Models ready", models, 110),
    number("Pods", lambda view: len(view.pods)),
    since("Age", lambda view: created(view.raw)),
)
FACETS: tuple[Facet[NodeView], ...] = (
    Facet("Class", "nodes_class", lambda view: view.classes),
    Facet("State", "nodes_state", lambda view: (view.health.word,)),
)

title("Nodes")


@live(NODE, POD, ACCELERATOR_CLASS, CONFIG_MAP, *MODEL_KINDS, key="nodes")
def nodes() -> None:
    found = backend().nodes.all()
    if not explain(found.sources[:1]):
        return
    note(found.sources[1:])
    if not found.rows:
        st.info("There are no nodes.", icon=":material/dns:")
        return
    shown = filtered(
        "nodes",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {' '.join(view.classes)}",
        facets=FACETS,
        noun="nodes",
        kinds=(NODE,),
    )
    if not shown.rows:
        return
    table(
        "nodes_table",
        shown.rows,
        identity=lambda view: view.key,
        state=lambda view: view.health,
        columns=COLUMNS,
        opens=places.NODE_PAGE,
        line=shown.line,
    )
    st.subheader("GPUs", anchor=False)
    if told := fragmentation(tuple(shown.rows)):
        st.markdown(f":orange[:material/warning:] {told}")
    gpu_map(shown.rows)


nodes()
