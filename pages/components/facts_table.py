"""A table that is read, and how high tables are."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

ROW_HEIGHT = 35
MOST_ROWS = 18


def height_of(rows: int) -> int:
    """Pixels of a table with its head; beyond MOST_ROWS it scrolls."""
    return ROW_HEIGHT * (min(rows, MOST_ROWS) + 1) + 3


def facts_table(
    rows: Sequence[Mapping[str, Any]], config: Mapping[str, ColumnConfig | None] | None = None
) -> None:
    """Rows that are read, not opened: one dictionary a row, the same keys in each."""
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=height_of(len(rows)),
        placeholder="",
        column_config=dict(config or {}),
    )
