"""Fine-tuned weights: what was trained on top of which base model."""

import streamlit as st

from ome_backend.resources.kinds import FINE_TUNED_WEIGHT
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

COLUMNS: tuple[Column[HeldView], ...] = (
    words("Base model", lambda view: text(view.raw, "spec", "baseModelRef", "name"), 200),
    words("Type", lambda view: text(view.raw, "spec", "modelType"), 120),
    words("Stored at", lambda view: text(view.raw, "spec", "storage", "storageUri"), 240),
    since("Age", lambda view: created(view.raw)),
)
FACETS: tuple[Facet[HeldView], ...] = (
    Facet("Type", "weights_type", lambda view: (text(view.raw, "spec", "modelType"),)),
    Facet("State", "weights_state", lambda view: (view.health.word,)),
)

title("Fine-tuned weights", makes=FINE_TUNED_WEIGHT)


@live(FINE_TUNED_WEIGHT, key="weights")
def weights() -> None:
    found = backend().holdings.weights()
    if not explain(found.sources):
        return
    if not found.rows:
        st.info("There are no fine-tuned weights.", icon=":material/tune:")
        return
    shown = filtered(
        "weights",
        found.rows,
        identity=lambda view: view.key,
        words=lambda view: f"{view.key} {text(view.raw, 'spec', 'baseModelRef', 'name')}",
        facets=FACETS,
        noun="sets of weights",
        one="set of weights",
        kinds=(FINE_TUNED_WEIGHT,),
    )
    if shown.rows:
        table(
            "weights_table",
            shown.rows,
            identity=lambda view: view.key,
            state=lambda view: view.health,
            columns=COLUMNS,
            opens=places.WEIGHT,
            line=shown.line,
            refs=lambda view: view.ref,
        )


weights()
