"""Compatibility: which runtime serves which model, and what stands between those that do not fit."""

import streamlit as st

from ome_backend.resources.kinds import MODEL_KINDS, RUNTIME_KINDS
from pages.components.command import answer_command, as_command
from pages.components.live import live
from pages.components.pairs import looked, pair, pairs
from pages.components.presence import explain
from pages.components.scope import namespace
from pages.components.session import backend
from pages.components.title import title

title("Compatibility")


@live(*MODEL_KINDS, *RUNTIME_KINDS, key="compatibility")
def compatibility() -> None:
    models, runtimes = backend().models.all(), backend().runtimes.all()
    if not (explain(models.sources) and explain(runtimes.sources)):
        return
    matrix = backend().compatibility.matrix(namespace())
    if not (matrix.models and matrix.runtimes):
        absent = "runtime" if matrix.models else "model"
        st.info(
            f"No {absent} is installed that this view may show, so there are no pairs to compare. Namespaced "
            "ones show once their namespace is chosen above.",
            icon=":material/grid_off:",
        )
        return
    pairs(matrix, looked())
    pair(matrix)
    as_command(answer_command("match", (*MODEL_KINDS, *RUNTIME_KINDS)))


compatibility()
