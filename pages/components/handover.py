"""A text that one page makes and another goes on with: the editor, or the form."""

from dataclasses import dataclass

import streamlit as st

_HANDED = "handover_text"


@dataclass(frozen=True, slots=True)
class Handover:
    """YAML of one or several documents; `origin` says in words where it comes from."""

    text: str
    origin: str


def hand_over(text: str, origin: str) -> None:
    """Leave a text for the next page, in place of one that was left before."""
    st.session_state[_HANDED] = Handover(text, origin)


def handed_over() -> Handover | None:
    """What was left, once; None when there is nothing new."""
    found: Handover | None = st.session_state.pop(_HANDED, None)
    return found
