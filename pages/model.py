"""One model: what it is, where it has arrived, which runtime would serve it, and why the others don't."""

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources import kinds
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kinds import (
    CONFIG_MAP,
    EVENT,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    RUNTIME_KINDS,
)
from ome_backend.services.models import ModelView
from pages.components import places, reports
from pages.components.definition import Code, definition
from pages.components.download_detail import model_detail
from pages.components.findings import findings_about
from pages.components.hub.upstream import on_the_hub
from pages.components.live import live
from pages.components.missing import missing
from pages.components.presence import explain
from pages.components.ranking import ranking
from pages.components.session import backend
from pages.components.text import plain
from pages.components.title import object_title
from pages.components.what_if import what_if
from pages.components.words import described

key = places.asked_for()
kind = kinds.BASE_MODEL if key.namespace else kinds.CLUSTER_BASE_MODEL


def summary(view: ModelView) -> None:
    model = view.model
    st.markdown(plain(described(model)))
    definition(
        [
            ("Scope", f"namespace {key.namespace}" if key.namespace else "the whole cluster"),
            ("Display name", model.display_name),
            ("Architecture", Code(model.architecture)),
            ("Format", f"{model.format_name} {model.format_version}".strip()),
            ("Framework", f"{model.framework_name} {model.framework_version}".strip()),
            ("Quantisation", model.quantization),
            ("Context length", f"{model.max_tokens:,} tokens" if model.max_tokens else ""),
            ("Stored at", Code(model.storage_uri)),
            ("Path on the nodes", Code(model.storage_path)),
            ("OME reports", model.state, Evidence.REPORTED),
            ("Ready on", ", ".join(model.nodes_ready), Evidence.REPORTED),
        ],
        Evidence.DECLARED,
    )
    on_the_hub("model_upstream", model.ref)


def ranked(view: ModelView) -> None:
    if explain(backend().runtimes.all().sources):
        ranking(view.ranking, view.model)
        what_if(view.model)


@live(*MODEL_KINDS, *RUNTIME_KINDS, CONFIG_MAP, EVENT, INFERENCE_SERVICE, key="model")
def model_page() -> None:
    view = backend().models.get(key)
    if view is None:
        missing(kind, key, places.MODELS)
        return
    object_title(view.model.ref, view.model.raw, view.health, places.MODELS)
    if not view.model.disabled:
        places.link(
            places.DEPLOY, "Deploy this model", icon=":material/rocket_launch:", model=str(key)
        )
    findings_about(view.model.ref)
    tabs = st.tabs(
        ["Summary", "Runtimes", "Downloads", "Used by", "Events", "YAML"],
        key="model_tab",
        bind="query-params",
    )
    with tabs[0]:
        summary(view)
    with tabs[1]:
        ranked(view)
    with tabs[2]:
        model_detail("model", view.row)
        places.link(places.DOWNLOADS, "All downloads", model=str(key))
    with tabs[3]:
        reports.used_by(backend().serving.using_model(view.model), "No service uses it.")
    with tabs[4]:
        reports.events(backend().overview.about(view.model.ref), commands.events(view.model.ref))
    with tabs[5]:
        reports.manifest(view.model.raw, view.model.ref)


model_page()
