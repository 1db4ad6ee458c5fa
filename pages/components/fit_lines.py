"""Under a new service's choices: where its pods could start, whether it fits there, what it costs."""

import streamlit as st

from ome_backend.planning.amount import Unknown
from ome_backend.services.draft import Choices
from ome_backend.services.models import ModelView
from ome_backend.services.wish import Planned, Wish
from pages.components import draft, places
from pages.components.amounts import counted, words
from pages.components.plan import in_a_sentence
from pages.components.planner_form import address
from pages.components.session import backend
from pages.components.text import plain

_MARKS = {
    "yes": ":green[:material/check_circle:]",
    "tight": ":orange[:material/warning:]",
    "no": ":red[:material/cancel:]",
    "unknown": ":gray[:material/help:]",
}


def room(held: Choices, view: ModelView) -> None:
    """Where its pods could start now: OME lets them run only where the model is ready."""
    runtime = backend().models.runtime_of(view.model, held.namespace, draft.service())
    needed = runtime.pod_gpus if runtime is not None else 0
    nodes = [
        each for each in backend().overview.nodes() if each.node.name in view.model.nodes_ready
    ]
    if not nodes:
        return
    seen = ", ".join(
        f"{plain(each.node.name)} ({each.free} of {each.total} GPUs free)"
        if each.node.schedulable
        else f"{plain(each.node.name)} (takes no new pods)"
        for each in nodes
    )
    if needed and all(each.free < needed for each in nodes):
        st.warning(
            f"One replica needs {needed} GPUs on a node that has the model, and none has them free now: "
            f"{seen}. The service would wait.",
            icon=":material/hourglass_top:",
        )
    else:
        st.caption(f"The model is on {seen}.")


def fit_lines(held: Choices, view: ModelView) -> None:
    """One line each, for the runtime the service would get; nothing while that is not known."""
    runtime = backend().models.runtime_of(view.model, held.namespace, draft.service())
    if runtime is None:
        return
    replicas = max(1, held.min_replicas)
    wish = Wish(view.key, runtime.key, held.accelerator, replicas=replicas)
    planned = backend().planner.planned(wish)
    if planned is not None:
        st.markdown(f"{_MARKS[planned.load.fits]} {plain(in_a_sentence(planned))}")
        st.markdown(f":gray[:material/payments:] {plain(_cost(planned, replicas))}")
        places.link(
            places.PLANNER,
            "Formulas, other sizes and loads in the Planner",
            None,
            icon=":material/calculate:",
            **address(wish),
        )


def _cost(planned: Planned, replicas: int) -> str:
    bill = planned.bill
    takes = f"{counted(replicas, 'replica')} on {counted(bill.gpus, 'GPU')}"
    if isinstance(bill.per_hour, Unknown):
        return f"{takes}, cost unknown. {bill.per_hour.why}"
    return f"{takes}, {words(bill.per_hour)}, {words(bill.per_month)}."
