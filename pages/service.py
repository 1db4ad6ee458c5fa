"""One service: how it is and why, followed from the model to the traffic."""

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    DEPLOYMENT,
    EVENT,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NODE,
    POD,
    SERVICE,
)
from ome_backend.resources.pod import SERVICE_LABEL
from ome_backend.services.serving import ServiceView
from pages.components import places, reports
from pages.components.chain import chain
from pages.components.command import as_command
from pages.components.definition import definition
from pages.components.findings import findings_about
from pages.components.live import live
from pages.components.log_view import log_view
from pages.components.missing import missing
from pages.components.pods import pods
from pages.components.related import related
from pages.components.scaling import scale
from pages.components.service_facts import plan_link, service_facts
from pages.components.session import backend
from pages.components.title import object_title

key = places.asked_for()
OWN = f"{SERVICE_LABEL}={key.name}"


def summary(view: ServiceView) -> None:
    st.subheader("From the model to the traffic", anchor=False)
    chain(view.diagnosis)
    st.subheader("What it is", anchor=False)
    definition(service_facts(view))
    plan_link(view)
    st.subheader("Conditions", anchor=False)
    reports.conditions(view.status.conditions)


@live(
    INFERENCE_SERVICE,
    POD,
    DEPLOYMENT,
    SERVICE,
    EVENT,
    ACCELERATOR_CLASS,
    NODE,
    *MODEL_KINDS,
    key="service",
    every=lambda: 30.0,
)
def service() -> None:
    view = backend().serving.get(key)
    if view is None:
        missing(INFERENCE_SERVICE, key, places.SERVICES)
        return
    object_title(view.service.ref, view.service.raw, view.health, places.SERVICES)
    findings_about(view.service.ref)
    tabs = st.tabs(
        ["Summary", "Pods", "Logs", "Scale", "Related", "Events", "YAML"],
        key="service_tab",
        bind="query-params",
        on_change="rerun",
    )
    with tabs[0]:
        summary(view)
    with tabs[1]:
        pods(view.seen.pods)
        as_command(commands.listing(POD, namespace=key.namespace, labels=OWN))
    with tabs[2]:
        if tabs[2].open:  # logs are read only while somebody looks
            log_view("service_logs", view.seen.pods)
    with tabs[3]:
        scale(view)
    with tabs[4]:
        related(view.seen.deployments, backend().serving.addresses(view.key))
        as_command(commands.listing(DEPLOYMENT, SERVICE, namespace=key.namespace, labels=OWN))
    with tabs[5]:
        reports.events(view.seen.events, commands.listing(EVENT, namespace=key.namespace))
    with tabs[6]:
        reports.manifest(view.service.raw, view.service.ref)


service()
