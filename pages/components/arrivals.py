"""Models on their way to nodes, as each node's agent reports it: one row a cell of the board."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from ome_backend.downloads.cell import Cell
from ome_backend.downloads.words import lasting, size, speed
from pages.components import health
from pages.components.facts_table import facts_table

PROGRESS = {
    "State": st.column_config.TextColumn("State", width=125),
    "Arrived": st.column_config.ProgressColumn(
        "Arrived", format="percent", min_value=0, max_value=1, width=115
    ),
    "Bytes": st.column_config.TextColumn("Bytes", width=128),
    "Files": st.column_config.TextColumn("Files", width=78),
    "Speed": st.column_config.TextColumn("Speed", width=76),
    "Left": st.column_config.TextColumn("Left", width=74),
}
COLUMNS = {
    **PROGRESS,
    "Reported": st.column_config.DatetimeColumn("Reported", format="distance", width=115),
    "Why": st.column_config.TextColumn("Why", width="large"),
}


def arrivals(cells: Sequence[Cell], heading: str, named: Callable[[Cell], str]) -> None:
    """One row a cell; `heading` and `named` say what its rows are: nodes of a model, models of a node."""
    facts_table([{heading: named(each), **_row(each)} for each in cells], COLUMNS)


def nothing_arrives(unplaced: bool) -> None:
    """What is said of a model that no node has anything to do with."""
    if unplaced:
        said = "No node carries what its node selector and affinity ask for, so it arrives nowhere."
    else:
        said = "No node's agent has reported this model, and it is known of none that it should."
    st.info(said, icon=":material/help:")


def _row(cell: Cell) -> dict[str, Any]:
    said = cell.download
    bytes_said = said is not None and said.total_bytes and cell.arriving
    return {
        "State": health.cell(cell.health),
        "Phase": said.phase if said is not None else "",
        "Arrived": cell.share,
        "Bytes": f"{size(said.completed_bytes)} of {size(said.total_bytes)}"
        if said is not None and bytes_said
        else "",
        "Files": f"{said.completed_files} of {said.total_files}"
        if said is not None and said.total_files
        else "",
        "Speed": speed(cell.pace) if cell.pace is not None else "",
        "Left": left(cell),
        "Reported": said.updated_at if said is not None else None,
        "Why": cell.health.sentence,
    }


def left(cell: Cell) -> str:
    """The time until it is there; said to be not known where it comes and that cannot be told."""
    if not cell.arriving:
        return ""
    return lasting(cell.eta) if cell.eta is not None else "not known"
