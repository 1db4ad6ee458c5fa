"""A table of pairs: something down, something across, a sign where they meet; selecting opens the pair."""

from collections.abc import Callable, Sequence
from zlib import crc32

import pandas as pd
import streamlit as st

from ome_backend.resources.kind import Key
from pages.components.facts_table import MOST_ROWS, ROW_HEIGHT
from pages.components.text import plain

Chosen = Callable[[Key, Key | None], None]


def crossing(
    key: str,
    down: Sequence[Key],
    across: Sequence[Key],
    sign: Callable[[Key, Key], str],
    *,
    corner: str,
    alt: str,
    chosen: Chosen,
) -> None:
    """Draw the table; `corner` heads the names on the left, `alt` says what it shows.

    `chosen` is told the pair whose cell was just selected, or the left name alone. The browser reports
    a row by its position, so other rows make it another table, and a late click is lost, not misread.
    """
    titles = {str(each): each for each in across}
    drawn = f"{key}_{crc32(repr((down, across)).encode()):08x}"
    event = st.dataframe(
        pd.DataFrame(
            {
                corner: [str(each) for each in down],
                **{title: [sign(row, each) for row in down] for title, each in titles.items()},
            }
        ),
        key=drawn,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * (min(len(down), MOST_ROWS) + 1) + 3,
        on_select="rerun",
        selection_mode="single-cell",
        column_config={
            corner: st.column_config.TextColumn(corner, pinned=True, width=230),
            **{
                title: st.column_config.TextColumn(
                    title, width=115, alignment="center", help=plain(title)
                )
                for title in titles
            },
        },
        alt=alt,
    )
    cells = [(int(row), str(title)) for row, title in event.selection.cells]
    if cells != st.session_state.get(f"{drawn}_seen", []):
        st.session_state[f"{drawn}_seen"] = cells
        for row, title in cells:
            chosen(down[row], titles.get(title))
