"""Planner: does a model fit on an accelerator, for how many and how long, where now, and at what cost."""

import streamlit as st

from ome_backend.resources.kinds import ACCELERATOR_CLASS, MODEL_KINDS, NODE, POD, RUNTIME_KINDS
from pages.components import numbers, plan
from pages.components.command import as_command
from pages.components.live import live
from pages.components.memory_bar import memory_bar
from pages.components.planner_form import asked, command, hint
from pages.components.presence import explain, note
from pages.components.session import backend
from pages.components.text import plain
from pages.components.title import title

title("Planner")


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NODE, POD, key="planner")
def planner() -> None:
    models = backend().models.all()
    if not explain(models.sources):
        return
    if not models.rows:
        st.info("No model is installed, so there is none to plan.", icon=":material/calculate:")
        return
    note(map(backend().cache.snapshot, (ACCELERATOR_CLASS, NODE, POD, *RUNTIME_KINDS)))
    wish = asked(models.rows)
    if wish is None:
        st.info("Choose a model to see whether it fits.", icon=":material/calculate:")
        return
    planned, view = backend().planner.planned(wish), backend().models.get(wish.model)
    if planned is None or view is None:
        st.warning(
            f"There is no model **{plain(str(wish.model))}** on this cluster.",
            icon=":material/search_off:",
        )
        return
    hint(planned, view)
    plan.verdict(planned)
    memory_bar(planned)
    plan.unknowns(planned)
    plan.costs(planned)
    plan.where(planned)
    numbers.loads(planned)
    numbers.tensor_sizes(planned)
    numbers.formulas(planned)
    as_command(command(planned))


planner()
