"""One namespace: what of OME lives in it, and its secrets."""

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.kinds import (
    BENCHMARK_JOB,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NAMESPACE,
    RUNTIME_KINDS,
)
from ome_backend.resources.manifest import mapping
from ome_backend.services.namespaces import NamespaceView
from pages.components import places, reports
from pages.components.definition import definition
from pages.components.live import live
from pages.components.missing import missing
from pages.components.secrets import secrets_of
from pages.components.session import backend
from pages.components.title import object_title


def summary(view: NamespaceView) -> None:
    """What is in it, and what it is labelled with."""
    counts = [(f"{kind.word.capitalize()}s", str(number)) for kind, number in view.counts.items()]
    labels = mapping(view.raw, "metadata", "labels")
    given = ", ".join(f"{name}={value}" for name, value in labels.items())
    definition(
        [
            *counts,
            ("Labels", given),
            ("Protected", "its name is typed before anything in it is deleted" * view.protected),
        ]
    )


@live(NAMESPACE, INFERENCE_SERVICE, BENCHMARK_JOB, *MODEL_KINDS, *RUNTIME_KINDS, key="namespace")
def namespace() -> None:
    asked = places.asked_for()
    view = backend().namespaces.get(asked.name)
    if view is None:
        missing(NAMESPACE, asked, places.NAMESPACES)
        return
    object_title(view.ref, view.raw, view.health, places.NAMESPACES)
    tabs = st.tabs(
        ["Summary", "Secrets", "Events", "YAML"],
        key="namespace_tab",
        bind="query-params",
        on_change="rerun",
    )
    with tabs[0]:
        summary(view)
    with tabs[1]:
        if tabs[1].open:  # the server is asked only while somebody looks
            secrets_of(asked.name)
    with tabs[2]:
        reports.events(backend().overview.about(view.ref), commands.events(view.ref))
    with tabs[3]:
        reports.manifest(view.raw, view.ref)


namespace()
