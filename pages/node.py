"""One node: its GPUs and who holds them, its pods, models and conditions."""

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.condition import conditions
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    CONFIG_MAP,
    EVENT,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NODE,
    POD,
)
from ome_backend.resources.manifest import mapping, text
from ome_backend.services.nodes import NodeView
from pages.components import places, reports
from pages.components.definition import Code, Fact, definition
from pages.components.download_detail import node_detail
from pages.components.gpu_map import gpu_map
from pages.components.health import badge
from pages.components.live import live
from pages.components.missing import missing
from pages.components.places import link, link_to
from pages.components.pods import pods
from pages.components.session import backend
from pages.components.text import plain


def summary(view: NodeView) -> None:
    """Its GPUs, and what it is."""
    gpu_map([view])
    for pod in view.holders:
        with st.container(horizontal=True, gap="small"):
            if pod.service.name:
                link_to(Ref(INFERENCE_SERVICE, pod.service), str(pod.service))
            st.markdown(f"{plain(pod.key.name)} holds {pod.gpus}", width="content")
    info = ("status", "nodeInfo")
    facts: list[Fact] = [
        *(("Class", Ref(ACCELERATOR_CLASS, Key("", name))) for name in view.classes),
        ("Kubelet", Code(text(view.raw, *info, "kubeletVersion"))),
        ("Kernel", Code(text(view.raw, *info, "kernelVersion"))),
        ("Runtime", Code(text(view.raw, *info, "containerRuntimeVersion"))),
        *((name, Code(str(value))) for name, value in allocatable(view)),
    ]
    definition(facts)


def allocatable(view: NodeView) -> list[tuple[str, object]]:
    """What pods may have of it."""
    return list(mapping(view.raw, "status", "allocatable").items())


@live(NODE, POD, ACCELERATOR_CLASS, CONFIG_MAP, EVENT, *MODEL_KINDS, key="node")
def node() -> None:
    asked = places.asked_for()
    view = backend().nodes.get(asked.name)
    if view is None:
        missing(NODE, asked, places.NODES)
        return
    link(places.NODES, places.NODES.title, icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(view.node.name), anchor=False, width="content")
        badge(view.health)
    st.markdown(plain(view.health.sentence))
    tabs = st.tabs(
        ["Summary", "Pods", "Models", "Conditions", "Events", "YAML"],
        key="node_tab",
        bind="query-params",
    )
    with tabs[0]:
        summary(view)
    with tabs[1]:
        pods(view.pods)
    with tabs[2]:
        row = backend().nodes.models(view.node.name)
        if row is None:
            st.info("No model agent reports from it.", icon=":material/help:")
        else:
            node_detail(row)
    with tabs[3]:
        reports.conditions(conditions(view.raw))
    with tabs[4]:
        reports.events(backend().overview.about(view.ref), commands.events(view.ref))
    with tabs[5]:
        reports.manifest(view.raw, view.ref)


node()
