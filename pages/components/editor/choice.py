"""Which editor a person wants, with which key bindings; kept for the session and, as a cookie, in the browser."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import streamlit as st

Engine = Literal["code", "ace", "plain"]

COOKIE = "ome_editor"
_CHOICE = "editor_choice"
_ENGINES: dict[Engine, str] = {
    "code": "Editor with completion",
    "ace": "Ace",
    "plain": "Plain text area",
}
_BINDINGS: dict[Engine, dict[str, str]] = {
    "code": {"standard": "Standard", "vim": "Vim"},
    "ace": {"standard": "Standard", "vim": "Vim", "emacs": "Emacs", "sublime": "Sublime Text"},
    "plain": {},
}
_HINTS: dict[Engine, str] = {
    "code": "Tab leaves the editor. **Ctrl ]** and **Ctrl [** indent, **Ctrl Space** completes, "
    "**F8** goes to the next problem, **Ctrl F** searches. Hover over a field to read what it is for.",
    "ace": "Tab indents: to leave the editor by keyboard, choose one of the other two. What is typed "
    "reaches the console a moment later, so wait for the answer before you press a button.",
    "plain": "For screen readers. What is typed reaches the console when you leave the field.",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine with its key bindings."""

    engine: Engine = "code"
    bindings: str = "standard"

    def __str__(self) -> str:
        return f"{self.engine}.{self.bindings}"


def chosen() -> Choice:
    """What the person chose in this session, or in this browser earlier; else the default."""
    held: Choice | None = st.session_state.get(_CHOICE)
    return held if held is not None else _read(str(st.context.cookies.get(COOKIE, "")))


def chosen_here() -> Choice | None:
    """What was chosen in this session, so that the browser can keep it."""
    held: Choice | None = st.session_state.get(_CHOICE)
    return held


def choose(key: str) -> None:
    """The menu: which editor, which key bindings, and what its keys do."""
    now = chosen()
    with (
        st.container(horizontal=True, horizontal_alignment="right"),
        st.popover("Editor", icon=":material/tune:", type="tertiary", key=f"{key}_menu"),
        st.container(width=340),
    ):
        _engine(key, now)
        _bindings(key, now)
        st.caption(_HINTS[now.engine])


def _engine(key: str, now: Choice) -> None:
    widget = f"{key}_engine"
    st.session_state[widget] = now.engine
    st.radio(
        "Editor",
        get_args(Engine),
        key=widget,
        format_func=_ENGINES.__getitem__,
        on_change=lambda: _keep(Choice(st.session_state[widget])),
    )


def _bindings(key: str, now: Choice) -> None:
    offered = _BINDINGS[now.engine]
    if not offered:
        return
    widget = f"{key}_bindings"
    st.session_state[widget] = now.bindings
    st.selectbox(
        "Key bindings",
        list(offered),
        key=widget,
        format_func=offered.__getitem__,
        on_change=lambda: _keep(replace(now, bindings=st.session_state[widget])),
    )


def _keep(choice: Choice) -> None:
    st.session_state[_CHOICE] = choice


def _read(cookie: str) -> Choice:
    engine, _, bindings = cookie.partition(".")
    for known in get_args(Engine):
        if known == engine:
            return Choice(known, bindings if bindings in _BINDINGS[known] else "standard")
    return Choice()
