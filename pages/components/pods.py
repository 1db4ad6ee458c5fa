"""The pods of a service."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.resources.moment import created
from ome_backend.resources.pod import Pod
from pages.components.facts_table import facts_table

AGE = st.column_config.DatetimeColumn("Age", format="distance", width=110)


def pods(seen: Sequence[Pod]) -> None:
    """One row a pod: what it is, where it runs, how it does."""
    if not seen:
        st.info("It has no pods. The summary says what stands in the way.", icon=":material/help:")
        return
    rows = [
        {
            "Pod": pod.key.name,
            "Component": pod.component,
            "State": _state(pod),
            "Node": pod.node,
            "GPUs": pod.gpus,
            "Restarts": pod.restarts,
            "Age": created(pod.raw),
        }
        for pod in seen
    ]
    facts_table(rows, {"Age": AGE})


def _state(pod: Pod) -> str:
    if pod.terminating:
        return "Terminating"
    waiting = next(
        (each.reason for each in pod.containers if each.state == "waiting" and each.reason), ""
    )
    return "Ready" if pod.ready else waiting or pod.phase
