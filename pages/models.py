"""Models: what can be served, where it is ready, and how many runtimes take it."""

import streamlit as st

from ome_backend.resources.kinds import (
    CLUSTER_BASE_MODEL,
    CONFIG_MAP,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    RUNTIME_KINDS,
)
from ome_backend.resources.moment import created
from ome_backend.services.models import ModelView
from pages.components import places
from pages.components.filters import Facet, filtered
from pages.components.hub.upstream import known, way
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.table import Column, number, since, table, words
from pages.components.title import title


def scope(view: ModelView) -> str:
    return view.key.namespace or "cluster"


COLUMNS: tuple[Column[ModelView], ...] = (
    words("Scope", scope, 82),
    words("Vendor", lambda view: view.model.vendor, 82),
    Column(
        "Size",
        lambda view: view.model.size_text,
        st.column_config.TextColumn("Size", width=52),
        order=lambda view: view.model.parameters,
    ),
    words("Capabilities", lambda view: ", ".join(view.model.capabilities), 118),
    words("Format", lambda view: view.model.format_name, 80),
    number("Runtimes", lambda view: view.eligible, note="Runtimes that can serve it", width=66),
    number("Used by", lambda view: view.used_by, note="Services that use it", width=62),
    since("Age", lambda view: created(view.model.raw)),
)
FACETS: tuple[Facet[ModelView], ...] = (
    Facet("Scope", "models_scope", lambda view: (scope(view),)),
    Facet("Vendor", "models_vendor", lambda view: (view.model.vendor,)),
    Facet("Capability", "models_capability", lambda view: view.model.capabilities),
    Facet("State", "models_state", lambda view: (view.health.word,)),
)


def on_the_hub() -> tuple[Column[ModelView], ...]:
    """How they compare with the Hub, once somebody asked it."""
    told = known()
    if not told:
        return ()

    def word(view: ModelView) -> str:
        found = told.get(view.model.ref)
        return found.health.word if found is not None else ""

    return (words("On the Hub", word, 84),)


title(
    "Models",
    ("Deploy a model", places.DEPLOY),
    ("Import from the Hub", places.HUB),
    makes=CLUSTER_BASE_MODEL,
)


@live(*MODEL_KINDS, *RUNTIME_KINDS, CONFIG_MAP, INFERENCE_SERVICE, key="models")
def models() -> None:
    found = backend().models.all()
    if not explain(found.sources):
        return
    if not found.rows:
        st.info(
            "No model is installed. Import one from the Hub, or make one by hand; it shows here.",
            icon=":material/deployed_code:",
        )
        return
    shown = filtered(
        "models",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {view.model.display_name} {view.model.architecture}",
        facets=FACETS,
        noun="models",
        kinds=MODEL_KINDS,
    )
    if shown.rows:
        table(
            "models_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=(*on_the_hub(), *COLUMNS),
            opens=places.MODEL,
            line=shown.line,
            refs=lambda view: view.model.ref,
        )
    way()


models()
