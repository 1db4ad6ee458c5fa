"""Accelerators: the classes of GPUs, which nodes belong to each, and what is free now."""

import streamlit as st

from ome_backend.resources.kinds import ACCELERATOR_CLASS, NODE, POD
from ome_backend.resources.moment import created
from ome_backend.services.holdings import AcceleratorView
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.session import backend
from pages.components.table import Column, number, since, table, words
from pages.components.title import title

COLUMNS: tuple[Column[AcceleratorView], ...] = (
    words("Vendor", lambda view: view.capacity.accelerator.vendor, 110),
    words("Family", lambda view: view.capacity.accelerator.family, 120),
    words("Memory", lambda view: view.capacity.accelerator.memory, 90),
    number("GPUs", lambda view: view.capacity.total, note="GPUs of the nodes that belong to it"),
    number("Free", lambda view: view.capacity.free, note="GPUs that no pod holds"),
    number("Largest", lambda view: view.capacity.largest, note="The most free GPUs of one node"),
    since("Age", lambda view: created(view.raw)),
)
FACETS: tuple[Facet[AcceleratorView], ...] = (
    Facet("Vendor", "accelerators_vendor", lambda view: (view.capacity.accelerator.vendor,)),
    Facet("Family", "accelerators_family", lambda view: (view.capacity.accelerator.family,)),
    Facet("State", "accelerators_state", lambda view: (view.health.word,)),
)

title("Accelerators", makes=ACCELERATOR_CLASS)


@live(ACCELERATOR_CLASS, NODE, POD, key="accelerators")
def accelerators() -> None:
    found = backend().holdings.accelerators()
    if not explain(found.sources):
        return
    note((backend().cache.snapshot(NODE), backend().cache.snapshot(POD)))
    if not found.rows:
        st.info(
            "There is no accelerator class. With one, OME and this console know which GPUs a node has.",
            icon=":material/memory_alt:",
        )
        return
    shown = filtered(
        "accelerators",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {view.capacity.accelerator.title}",
        facets=FACETS,
        noun="accelerator classes",
        one="accelerator class",
        kinds=(ACCELERATOR_CLASS,),
    )
    if shown.rows:
        table(
            "accelerators_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.ACCELERATOR,
            line=shown.line,
            refs=lambda view: view.ref,
        )


accelerators()
