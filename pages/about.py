"""About: what this console is connected to, what it may see, and how it was set."""

from datetime import UTC, datetime

import streamlit as st

from ome_backend.resources.kinds import KUBERNETES_KINDS, OME_KINDS
from ome_backend.resources.moment import age
from pages.components.definition import Code, definition
from pages.components.facts_table import facts_table
from pages.components.live import live
from pages.components.sandbox import sandbox_reset
from pages.components.session import backend

st.title("About this console", anchor=False)

SOURCES = {
    "kubeconfig": "a kubeconfig",
    "in-cluster": "the service account of its pod",
    "sandbox": "the embedded sandbox, since no cluster was found or the sandbox was asked for",
}
STATES = {
    "live": "✓ live",
    "stale": "◔ disconnected",
    "loading": "◔ loading",
    "forbidden": "✕ forbidden",
    "not-installed": "○ not installed",
}


@live(key="about", every=lambda: 10.0)
def watched() -> None:
    now = datetime.now(UTC)
    st.subheader("What it watches", anchor=False)
    rows = [
        {
            "Resource": seen.kind.resource,
            "State": STATES[seen.state],
            "Objects": len(seen.objects),
            "Current as of": f"{age(seen.synced_at, now)} ago" if seen.synced_at else "",
            "Last error": seen.last_error.message if seen.last_error is not None else "",
        }
        for seen in map(backend().cache.snapshot, (*OME_KINDS, *KUBERNETES_KINDS))
    ]
    facts_table(rows)


access, settings = backend().access, backend().settings
definition(
    [
        ("Cluster", Code(access.name)),
        ("API server", Code(access.server)),
        ("Found by", SOURCES[access.source]),
        ("OME's namespace", Code(settings.ome_namespace)),
        ("Changes", "refused (OME_READ_ONLY=true)" if settings.read_only else "allowed"),
        ("Prometheus", settings.prometheus_url or "not set"),
    ]
)
watched()
sandbox_reset()
