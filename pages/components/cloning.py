"""Cloning, in a dialog: where to and under which name; the copy then goes to the editor."""

import streamlit as st

from ome_backend.editing.cleaning import cloned
from ome_backend.editing.commands import create_text
from ome_backend.editing.masking import secret
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.kinds import NAMESPACE
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import dump
from ome_backend.services.proposal import Result
from pages.components import places
from pages.components.apply import apply_panel, written
from pages.components.command import as_command
from pages.components.handover import hand_over
from pages.components.session import backend
from pages.components.text import plain

PAGE = "cloning"
ASKED = "cloning_asked"


def ask_to_clone(ref: Ref, raw: Manifest) -> None:
    """Open the dialog; does not return."""
    st.session_state[ASKED] = (ref, raw)
    st.rerun()


def asked() -> bool:
    """Whether the dialog is open."""
    return ASKED in st.session_state


def forget() -> None:
    """Close the dialog."""
    for held in (ASKED, f"{PAGE}_plan", f"{PAGE}_results"):
        st.session_state.pop(held, None)


@st.dialog("Clone", on_dismiss=forget)
def cloning() -> None:
    """The dialog itself; nothing is written here."""
    held: tuple[Ref, Manifest] = st.session_state[ASKED]
    ref, raw = held
    st.markdown(f"A copy of the {plain(str(ref))}, without its owners, finalizers and status.")
    name = st.text_input("Name", f"{ref.key.name}-copy", key="cloning_name").strip()
    key = Key(_namespace(ref), name)
    taken = backend().cache.follows(ref.kind) and key in backend().cache.snapshot(ref.kind).objects
    if taken:
        st.caption(
            f":orange[:material/warning:] There is a {plain(str(Ref(ref.kind, key)))} already."
        )
    if secret(raw):
        _secretly(ref, key, taken)
        return
    copy = dump(cloned(raw, key))
    if name:
        as_command(create_text(copy))
    if st.button(
        "Go on in the editor", key="cloning_go", type="primary", disabled=taken or not name
    ):
        forget()
        hand_over(copy, f"a copy of the {ref}")
        places.go(places.EDITOR)


def _secretly(ref: Ref, key: Key, taken: bool) -> None:
    """The values go from the one to the other without being shown, so it is made right here."""
    live = backend().editing.opened(ref)
    if live is None or taken or not key.name:
        return
    st.caption("Its values are copied, and not shown.")
    apply_panel(PAGE, dump(cloned(live, key)), creating=True, done=_made)


def _made(results: tuple[Result, ...]) -> None:
    forget()
    places.go_to(written(results)[0])


def _namespace(ref: Ref) -> str:
    if not ref.kind.namespaced:
        return ""
    known = {key.name for key in backend().cache.snapshot(NAMESPACE).objects}
    options = sorted({*known, ref.key.namespace})
    at = options.index(ref.key.namespace)
    return st.selectbox("Namespace", options, index=at, key="cloning_namespace")
