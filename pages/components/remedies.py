"""What would make OME use a runtime that it rejects: each way with its risk and its patch."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.editing.commands import patch_json
from ome_backend.matching.patching import Edit
from ome_backend.matching.remedies import Remedy
from pages.components.command import show_command
from pages.components.text import plain

_OUTCOMES = {
    "auto-selectable": "OME may then choose it by itself.",
    "compatible": "It then serves a service that names it; OME does not choose it by itself.",
    "named": "It then serves this service, which names it.",
}
NOTHING_HELPS = (
    "No small change makes it eligible without declaring the model to be what it is not."
)


def remedies(found: Sequence[Remedy]) -> None:
    """Every way, the safest first; says so where there is none."""
    if not found:
        st.caption(NOTHING_HELPS)
    for each in found:
        with st.container(border=True):
            st.markdown(f":material/build: {plain(each.sentence)}")
            st.caption(_OUTCOMES[each.outcome])
            if each.risk:
                st.caption(f":orange[:material/warning:] {plain(each.risk)}")
            commands(each.edits)


def commands(edits: Sequence[Edit]) -> None:
    """The changes as commands to run; the console itself writes nothing here."""
    show_command(*(patch_json(each.target, each.patch) for each in edits))
