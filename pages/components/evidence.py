"""How well a value is known, as the one label that every page puts beside values."""

import streamlit as st

from ome_backend.resources.evidence import Evidence

_MEANING = {
    Evidence.DECLARED: "Somebody wrote it: a spec, a config.json, an engine's argument.",
    Evidence.REPORTED: "A controller, an agent or an engine says so, in a status.",
    Evidence.OBSERVED: "Seen by this console on nodes and pods just now.",
    Evidence.COMPUTED: "Worked out or assumed by this console.",
    Evidence.UNAVAILABLE: "Not known; the text says why.",
}


def evidence_label(evidence: Evidence) -> None:
    """A small muted label; what it means shows on hover."""
    st.badge(evidence.value, color="gray", help=_MEANING[evidence])


def evidence_mark(evidence: Evidence) -> str:
    """The same label inside a line of text."""
    return f":gray-badge[{evidence.value}]"


def legend() -> None:
    """What all the labels mean, in one line."""
    said = " · ".join(f"**{each.value}**: {meaning}" for each, meaning in _MEANING.items())
    st.caption(said)
