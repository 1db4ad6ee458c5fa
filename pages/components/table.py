"""The one way to draw a table of objects: names that open, their state, an order that has an address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig

from ome_backend.resources.health import Health, Level, severity
from ome_backend.resources.kind import Key, Ref
from pages.components import health
from pages.components.bulk import bulk
from pages.components.facts_table import ROW_HEIGHT, height_of
from pages.components.places import Place, go
from pages.components.selection import Selection

Row = TypeVar("Row")

MOST_OFFERED = 300
DOWN = ", reversed"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: its title, what a row shows there, and Streamlit's column type where text does not do.

    `order` gives what rows are sorted by where that is not what they show.
    """

    title: str
    value: Callable[[Row], Any]
    config: ColumnConfig | None = field(default=None)
    order: Callable[[Row], Any] | None = field(default=None)


def words(title: str, value: Callable[[Row], Any], width: int) -> Column[Row]:
    """Text in a column of a set width in pixels; longer text shows on a double click."""
    return Column(title, value, st.column_config.TextColumn(title, width=width))


def number(
    title: str, value: Callable[[Row], Any], *, note: str | None = None, width: int = 70
) -> Column[Row]:
    """A right-aligned number."""
    return Column(title, value, st.column_config.NumberColumn(title, width=width, help=note))


def since(title: str, value: Callable[[Row], Any]) -> Column[Row]:
    """A moment, shown as the time that has passed; the exact one on hover."""
    return Column(
        title, value, st.column_config.DatetimeColumn(title, format="distance", width=100)
    )


def share(title: str, value: Callable[[Row], Any]) -> Column[Row]:
    """A part of a whole, 0 to 1, as a bar."""
    return Column(
        title,
        value,
        st.column_config.ProgressColumn(title, format="percent", min_value=0, max_value=1),
    )


def table(
    key: str,
    rows: Sequence[Row],
    *,
    identity: Callable[[Row], Key],
    state: Callable[[Row], Health],
    columns: Sequence[Column[Row]],
    opens: Place,
    line: DeltaGenerator,
    refs: Callable[[Row], Ref] | None = None,
) -> None:
    """Draw the rows; a click on a name opens its page. The choices of order and name go to `line`.

    With `refs` rows can be selected, and `line` then has what can be done with them.

    The browser reports clicks by position. The last renderings are asked which object stood there
    under that name; only when they agree is it opened.
    """
    with line:
        rows = _sorted(key, rows, identity, state, columns)
    keys = tuple(identity(row) for row in rows)
    drawn: list[tuple[Key, ...]] = st.session_state.setdefault(f"{key}_drawn", [])
    if not drawn or drawn[-1] != keys:
        st.session_state[f"{key}_drawn"] = [*drawn[-4:], keys]
    selection = Selection(key, [refs(row) for row in rows]) if refs is not None else None
    with line:
        if selection is not None and selection.chosen:
            bulk(key, selection.chosen)
        else:
            _by_keyboard(key, keys)
    healths = [state(row) for row in rows]
    frame = pd.DataFrame(
        {
            "State": [[health.cell(each)] for each in healths],
            "Name": [each.name for each in keys],
            **{column.title: [column.value(row) for row in rows] for column in columns},
        }
    )
    st.dataframe(
        frame,
        **(selection.options if selection is not None else {"key": key}),
        hide_index=True,
        placeholder="",
        row_height=ROW_HEIGHT,
        height=height_of(len(rows)),
        column_config={
            "State": _state_column(healths),
            "Name": st.column_config.ButtonColumn(
                "Name",
                type="tertiary",
                alignment="left",
                width=200,
                pinned=True,
                key=f"{key}_open",
                on_click=_clicked,
                args=(key,),
            ),
            **{column.title: column.config for column in columns if column.config is not None},
        },
    )
    target = st.session_state.pop(f"{key}_target", None)
    if target is not None:
        go(opens, target)


def _sorted(
    key: str,
    rows: Sequence[Row],
    identity: Callable[[Row], Key],
    state: Callable[[Row], Health],
    columns: Sequence[Column[Row]],
) -> Sequence[Row]:
    """The rows in the order that the address asks for; rows without a value last, both ways."""
    orders: dict[str, Callable[[Row], Any]] = {
        "Name": lambda row: identity(row).name,
        "State": lambda row: severity(state(row).level),
        **{column.title: column.order or column.value for column in columns},
    }
    choices = [f"{title}{way}" for title in orders for way in ("", DOWN)]
    chosen = st.selectbox(
        "Sort",
        choices,
        index=None,
        key=f"{key}_sort",
        bind="query-params",
        placeholder="Sort by",
        label_visibility="collapsed",
        width=180,
    )
    if chosen is None:
        return rows
    by = orders[chosen.removesuffix(DOWN)]
    known = sorted(
        (row for row in rows if by(row) is not None), key=by, reverse=chosen.endswith(DOWN)
    )
    return [*known, *(row for row in rows if by(row) is None)]


def _by_keyboard(key: str, keys: Sequence[Key]) -> None:
    """The grid's buttons need a pointer; this opens the same objects from the keyboard."""
    chosen = st.selectbox(
        "Open by name",
        keys[:MOST_OFFERED],
        index=None,
        key=f"{key}_by_name",
        format_func=str,
        placeholder="Open by name",
        label_visibility="collapsed",
        width=220,
    )
    if chosen is not None:
        st.session_state[f"{key}_target"] = chosen


def _clicked(key: str) -> None:
    click = st.session_state[f"{key}_open"]
    meant = {
        keys[click["row"]]
        for keys in st.session_state[f"{key}_drawn"]
        if click["row"] < len(keys) and keys[click["row"]].name == click["label"]
    }
    if len(meant) == 1:
        st.session_state[f"{key}_target"] = meant.pop()
    else:
        st.toast("The list changed under the click. Please click again.")


def _state_column(healths: Sequence[Health]) -> ColumnConfig:
    """Coloured words; the words are those that occur, so their colours are given one by one."""
    words: dict[str, Level] = {health.cell(each): each.level for each in healths}
    return st.column_config.MultiselectColumn(
        "State",
        options=list(words),
        color=[health.colour(level) for level in words.values()],
        width=130,
    )
