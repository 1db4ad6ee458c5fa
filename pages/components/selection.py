"""Which rows of a table are selected: remembered by identity, because the browser speaks of positions."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ome_backend.resources.kind import Ref


class Selection:
    """The selection of one drawing of a table.

    While nothing is selected the widget stays the same however the rows change. With a selection, new
    rows make a new widget that begins with the same objects selected, wherever they stand now.
    """

    def __init__(self, table: str, refs: Sequence[Ref]) -> None:
        self._table = table
        self._refs = tuple(refs)
        held: tuple[Ref, ...] = st.session_state.get(self._key("chosen"), ())
        kept = set(held) & set(refs)
        self.chosen = tuple(ref for ref in refs if ref in kept)
        drawn: tuple[Ref, ...] = st.session_state.get(self._key("rows"), self._refs)
        if held and drawn != self._refs:
            st.session_state[self._key("round")] = self._round + 1
        st.session_state[self._key("rows")] = self._refs
        st.session_state[self._key("chosen")] = self.chosen

    @property
    def widget(self) -> str:
        """The key of the table's widget."""
        return f"{self._table}_{self._round}" if self._round else self._table

    @property
    def options(self) -> dict[str, Any]:
        """How `st.dataframe` is called: under which key, and with what selected to begin with."""
        places = [place for place, ref in enumerate(self._refs) if ref in self.chosen]
        return {
            "key": self.widget,
            "on_select": self.taken,
            "selection_mode": "multi-row",
            "selection_default": {"selection": {"rows": places}} if places else None,
        }

    def taken(self) -> None:
        """Called when the person selected something: positions become identities at once."""
        rows = st.session_state[self.widget]["selection"]["rows"]
        chosen = tuple(self._refs[row] for row in rows if row < len(self._refs))
        st.session_state[self._key("chosen")] = chosen

    @property
    def _round(self) -> int:
        held: int = st.session_state.get(self._key("round"), 0)
        return held

    def _key(self, part: str) -> str:
        return f"{self._table}_selection_{part}"
