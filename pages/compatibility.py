"""Compatibility: which runtime serves which model, and what stands between those that do not fit."""

import streamlit as st

from ome_backend.resources.kinds import MODEL_KINDS, NAMESPACE, RUNTIME_KINDS
from pages.components.live import live
from pages.components.pairs import looked, namespace, pair, pairs
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.title import title

title("Compatibility")


@live(*MODEL_KINDS, *RUNTIME_KINDS, NAMESPACE, key="compatibility")
def compatibility() -> None:
    models, runtimes = backend().models.all(), backend().runtimes.all()
    if not (explain(models.sources) and explain(runtimes.sources)):
        return
    where, filters = st.columns([1, 3], vertical_alignment="center")
    with where:
        home = namespace()
    matrix = backend().compatibility.matrix(home)
    if not (matrix.models and matrix.runtimes):
        absent = "runtime" if matrix.models else "model"
        st.info(
            f"No {absent} is installed that this view may show, so there are no pairs to compare. Namespaced "
            "ones show once their namespace is chosen.",
            icon=":material/grid_off:",
        )
        return
    with filters:
        wanted = looked()
    pairs(matrix, wanted)
    pair(matrix)


compatibility()
