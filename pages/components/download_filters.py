"""What of the downloads board to look at: a search over models and nodes, a state, and the view."""

from collections.abc import Callable, Sequence

import streamlit as st

from ome_backend.downloads.board import ModelRow
from ome_backend.resources.health import Level

MATRIX, MODELS, NODES = "Models and nodes", "Models", "Nodes"
SHOWN: dict[str, Callable[[ModelRow], bool]] = {
    "On their way": lambda row: row.tally.arriving > 0,
    "In trouble": lambda row: row.tally.broken > 0 or row.health.level is Level.BROKEN,
    "Ready on some nodes only": lambda row: 0 < row.tally.ready < row.tally.cells,
    "Ready nowhere": lambda row: not row.tally.ready,
}


def filtered(rows: Sequence[ModelRow]) -> list[ModelRow]:
    """Draw the search, the choice of state and that of the view; the rows that pass."""
    left, middle, right = st.columns([2, 1, 1.6], vertical_alignment="bottom")
    with left:
        sought = st.text_input(
            "Search",
            key="downloads_search",
            bind="query-params",
            type="search",
            live=True,
            placeholder="Search models and nodes",
            label_visibility="collapsed",
        )
    with middle:
        only = st.selectbox(
            "Show",
            list(SHOWN),
            index=None,
            key="downloads_show",
            bind="query-params",
            placeholder="All states",
            label_visibility="collapsed",
        )
    with right:
        st.segmented_control(
            "View",
            [MATRIX, MODELS, NODES],
            key="downloads_view",
            bind="query-params",
            label_visibility="collapsed",
            required=True,
            default=MATRIX,
        )
    words, passing = (sought or "").lower().split(), SHOWN.get(only or "")
    return [row for row in rows if (passing is None or passing(row)) and _matches(row, words)]


def _matches(row: ModelRow, words: list[str]) -> bool:
    """Every word is part of the model's name, or of a node it is on."""
    names = " ".join((str(row.model.key), *(cell.node for cell in row.cells))).lower()
    return all(word in names for word in words)


def sought_nodes(names: Sequence[str]) -> list[str]:
    """The nodes that a word of the search names; all of them where none does."""
    words = str(st.session_state.get("downloads_search") or "").lower().split()
    return [name for name in names if any(word in name for word in words)] or list(names)


def view() -> str:
    """The view chosen: MATRIX, MODELS or NODES."""
    return str(st.session_state.get("downloads_view") or MATRIX)
