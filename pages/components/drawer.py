"""Editing in place: a drawer with the editor, opened from wherever objects are shown."""

from collections.abc import Callable, Sequence

import streamlit as st

from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from ome_backend.resources.manifest import Manifest
from ome_backend.services.proposal import Result
from pages.components import desk
from pages.components.apply import result_line
from pages.components.live import live
from pages.components.session import backend
from pages.components.workbench import workbench

PAGE = "drawer"
OPEN, DONE = "drawer_open", "drawer_done"


def open_drawer(ref: Ref) -> None:
    """Edit an object; does not return."""
    if desk.lay_object(PAGE, ref):
        st.session_state[OPEN] = True
        st.rerun()
    st.toast(f"The {ref} is gone.")


def open_bulk(refs: Sequence[Ref], change: Callable[[Manifest], Manifest], origin: str) -> None:
    """Make the same change of several objects, to be looked at first; does not return."""
    text, bases = backend().editing.drafted(refs, change)
    desk.lay(PAGE, text, bases, origin)
    st.session_state[OPEN] = True
    st.rerun()


def asked() -> bool:
    """Whether the drawer is open."""
    return OPEN in st.session_state


def forget() -> None:
    """Close it; the draft stays in the browser until it was written."""
    for held in (OPEN, DONE):
        st.session_state.pop(held, None)


@st.dialog("Edit", width="large", position="right", on_dismiss=forget)
def drawer() -> None:
    """The drawer itself."""
    _drawn()


@live(*OME_KINDS, NAMESPACE, key=PAGE)
def _drawn() -> None:
    if DONE in st.session_state:
        _results(st.session_state[DONE])
        return
    workbench(PAGE, _done, height=380)


def _results(results: tuple[Result, ...]) -> None:
    for each in results:
        result_line(each)
    if st.button("Close", key="drawer_close"):
        forget()
        st.rerun()


def _done(results: tuple[Result, ...]) -> None:
    desk.clear(PAGE)
    if len(results) > 1:
        st.session_state[DONE] = results
        st.rerun(scope="fragment")
    forget()
    st.toast(f"Written: {', '.join(str(each.proposal.ref) for each in results)}")
    st.rerun()
