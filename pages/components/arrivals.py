"""How a model arrives on the nodes, as each node's agent reports it."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.resources.download import Download
from pages.components.facts_table import facts_table

COLUMNS = {
    "Arrived": st.column_config.ProgressColumn(
        "Arrived", format="percent", min_value=0, max_value=1
    ),
    "Speed": st.column_config.NumberColumn("Speed (MB/s)", format="%.0f"),
    "Reported": st.column_config.DatetimeColumn("Reported", format="distance", width=130),
}


def arrivals(reported: Sequence[Download]) -> None:
    """One row a node."""
    if not reported:
        st.info(
            "No node's agent has reported this model. Either no node matches its node selector, or the "
            "model agent does not run there.",
            icon=":material/help:",
        )
        return
    rows = [
        {
            "Node": each.node,
            "State": each.state,
            "Phase": each.phase,
            "Arrived": 1.0 if each.state == "Ready" else each.share,
            "Speed": each.bytes_per_second / 1e6 if each.bytes_per_second else None,
            "Reported": each.updated_at,
        }
        for each in sorted(reported, key=lambda each: each.node)
    ]
    facts_table(rows, COLUMNS)
