"""Services: every InferenceService, how it is, and what it runs on."""

import streamlit as st

from ome_backend.resources.kinds import DEPLOYMENT, EVENT, INFERENCE_SERVICE, POD
from ome_backend.services.serving import ServiceView
from pages.components import places
from pages.components.export_menu import export_namespace
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.session import backend
from pages.components.table import Column, number, since, table
from pages.components.title import title

COLUMNS: tuple[Column[ServiceView], ...] = (
    Column("Namespace", lambda view: view.key.namespace),
    Column("Model", lambda view: view.model),
    Column("Runtime", lambda view: view.runtime),
    Column("Pods ready", lambda view: f"{view.pods_ready}/{len(view.seen.pods)}"),
    number("GPUs", lambda view: view.gpus, note="GPUs its pods hold now"),
    since("Age", lambda view: view.created),
)
FACETS: tuple[Facet[ServiceView], ...] = (
    Facet("State", "services_state", lambda view: (view.health.word,)),
    Facet("Model", "services_model", lambda view: (view.model,)),
    Facet("Runtime", "services_runtime", lambda view: (view.runtime,)),
)

title("Services", ("Deploy a model", places.DEPLOY))
export_namespace("services")


@live(INFERENCE_SERVICE, POD, DEPLOYMENT, EVENT, key="services", every=lambda: 30.0)
def services() -> None:
    found = backend().serving.all()
    if not explain(found.sources[:1]):
        return
    note(found.sources[1:])
    if not found.rows:
        st.info(
            "No service runs here yet. Deploy a model to start the first one.",
            icon=":material/dns:",
        )
        return
    shown = filtered(
        "services",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {view.model} {view.runtime}",
        facets=FACETS,
        noun="services",
        kinds=(INFERENCE_SERVICE,),
    )
    if shown.rows:
        table(
            "services_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.SERVICE,
            line=shown.line,
            refs=lambda view: view.service.ref,
        )


services()
