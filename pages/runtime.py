"""One runtime: what it runs, which formats it takes, and which installed models it serves."""

import streamlit as st

from ome_backend.resources import kinds
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kinds import INFERENCE_SERVICE, MODEL_KINDS, POD, RUNTIME_KINDS
from ome_backend.resources.runtime import Runtime
from ome_backend.services.runtimes import RuntimeView
from pages.components import places, reports
from pages.components.definition import Code, definition
from pages.components.findings import findings_about
from pages.components.formats import formats
from pages.components.live import live
from pages.components.missing import missing
from pages.components.presence import explain
from pages.components.served import nearly, served
from pages.components.session import backend
from pages.components.title import object_title
from pages.components.words import sizes

key = places.asked_for()
kind = kinds.SERVING_RUNTIME if key.namespace else kinds.CLUSTER_SERVING_RUNTIME


def summary(view: RuntimeView) -> None:
    runtime = view.runtime
    definition(
        [
            ("Scope", f"namespace {key.namespace}" if key.namespace else "the whole cluster"),
            ("Engine", runtime.engine_name, Evidence.COMPUTED),
            ("Topology", runtime.topology, Evidence.COMPUTED),
            ("GPUs of one replica", str(runtime.gpus)),
            ("Model sizes", sizes(runtime)),
            ("Protocols", ", ".join(runtime.protocols)),
            ("Accelerator classes", ", ".join(runtime.accelerator_classes)),
            ("Image", Code(runtime.engine_image)),
        ],
        Evidence.DECLARED,
    )
    st.subheader("Formats it takes", anchor=False)
    formats(runtime)


def serves(runtime: Runtime) -> None:
    if not explain(backend().models.all().sources):
        return
    served(backend().models.served_by(runtime))
    nearly(backend().compatibility.nearly_served(runtime))


@live(*RUNTIME_KINDS, *MODEL_KINDS, INFERENCE_SERVICE, POD, key="runtime")
def runtime_page() -> None:
    view = backend().runtimes.get(key)
    if view is None:
        missing(kind, key, places.RUNTIMES)
        return
    object_title(view.runtime.ref, view.runtime.raw, view.health, places.RUNTIMES)
    findings_about(view.runtime.ref)
    tabs = st.tabs(["Summary", "Models", "Used by", "YAML"], key="runtime_tab", bind="query-params")
    with tabs[0]:
        summary(view)
    with tabs[1]:
        serves(view.runtime)
    with tabs[2]:
        reports.used_by(backend().serving.using_runtime(view.runtime.ref), "No service runs on it.")
    with tabs[3]:
        reports.manifest(view.runtime.raw, view.runtime.ref)


runtime_page()
