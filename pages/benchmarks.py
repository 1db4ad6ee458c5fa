"""Benchmarks: the jobs that put load on a service, and how they ended."""

import streamlit as st

from ome_backend.resources.kinds import BENCHMARK_JOB
from ome_backend.resources.manifest import text
from ome_backend.resources.moment import created
from ome_backend.services.holdings import HeldView
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.table import Column, since, table, words
from pages.components.title import title


def target(view: HeldView) -> str:
    """What is measured: a service by name, or an address."""
    service = text(view.raw, "spec", "endpoint", "inferenceService", "name")
    return service or text(view.raw, "spec", "endpoint", "endpoint", "url")


COLUMNS: tuple[Column[HeldView], ...] = (
    words("Namespace", lambda view: view.key.namespace, 130),
    words("Measures", target, 240),
    words("Task", lambda view: text(view.raw, "spec", "task"), 150),
    since("Age", lambda view: created(view.raw)),
)
FACETS: tuple[Facet[HeldView], ...] = (
    Facet("Task", "benchmarks_task", lambda view: (text(view.raw, "spec", "task"),)),
    Facet("State", "benchmarks_state", lambda view: (view.health.word,)),
)

title("Benchmarks", makes=BENCHMARK_JOB)


@live(BENCHMARK_JOB, key="benchmarks")
def benchmarks() -> None:
    found = backend().holdings.benchmarks()
    if not explain(found.sources):
        return
    if not found.rows:
        st.info("No benchmark was run here.", icon=":material/speed:")
        return
    shown = filtered(
        "benchmarks",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {target(view)}",
        facets=FACETS,
        noun="benchmark jobs",
        kinds=(BENCHMARK_JOB,),
    )
    if shown.rows:
        table(
            "benchmarks_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.BENCHMARK,
            line=shown.line,
            refs=lambda view: view.ref,
        )


benchmarks()
