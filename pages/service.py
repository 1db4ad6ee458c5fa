"""One service: how it is and why, followed from the model to the traffic."""

import streamlit as st

from ome_backend.resources.kinds import (
    DEPLOYMENT,
    EVENT,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    POD,
    SERVICE,
)
from ome_backend.services.serving import ServiceView
from pages.components import places, reports
from pages.components.chain import chain
from pages.components.definition import Code, definition
from pages.components.live import live
from pages.components.missing import missing
from pages.components.pods import pods
from pages.components.session import backend
from pages.components.table import facts_table
from pages.components.title import object_title

key = places.asked_for()


def summary(view: ServiceView) -> None:
    st.subheader("From the model to the traffic", anchor=False)
    chain(view.diagnosis)
    st.subheader("What it is", anchor=False)
    low, high = view.replicas
    definition(
        [
            ("Namespace", Code(view.key.namespace)),
            (
                "Model",
                view.seen.model.ref
                if view.seen.model is not None
                else Code(view.service.model_name),
            ),
            (
                "Runtime",
                backend().runtimes.ref(view.key.namespace, view.runtime)
                or "OME has not chosen one yet",
            ),
            ("Chosen by", "name" if view.service.runtime_name else "OME"),
            ("Address", Code(view.status.url)),
            ("Replicas", f"{low} to {high}"),
            ("GPUs held", str(view.gpus)),
            ("Pods", f"{view.pods_ready} of {len(view.seen.pods)} ready"),
        ]
    )
    st.subheader("Conditions", anchor=False)
    reports.conditions(view.status.conditions)


def related(view: ServiceView) -> None:
    """What OME made for it beside the pods."""
    rows = [
        {
            "Kind": "Deployment",
            "Name": each.key.name,
            "State": f"{each.ready} of {each.wanted} replicas ready",
        }
        for each in view.seen.deployments
    ]
    rows += [
        {"Kind": "Service", "Name": each.key.name, "State": each.address}
        for each in backend().serving.addresses(view.key)
    ]
    if rows:
        facts_table(rows)
    else:
        st.info("OME has made nothing for it yet.", icon=":material/help:")


@live(
    INFERENCE_SERVICE,
    POD,
    DEPLOYMENT,
    SERVICE,
    EVENT,
    *MODEL_KINDS,
    key="service",
    every=lambda: 30.0,
)
def service() -> None:
    view = backend().serving.get(key)
    if view is None:
        missing(INFERENCE_SERVICE, key, places.SERVICES)
        return
    object_title(key.name, view.health, places.SERVICES)
    tabs = st.tabs(
        ["Summary", "Pods", "Related", "Events", "YAML"], key="service_tab", bind="query-params"
    )
    with tabs[0]:
        summary(view)
    with tabs[1]:
        pods(view.seen.pods)
    with tabs[2]:
        related(view)
    with tabs[3]:
        reports.events(view.seen.events)
    with tabs[4]:
        reports.manifest(view.service.raw, view.service.ref)


service()
