"""Deleting, in a dialog: who uses it, what will happen, the name typed where that matters."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.kind import Ref
from ome_backend.services.removal import Removal, Removed
from pages.components.command import as_command
from pages.components.failures import show_failure
from pages.components.places import link_to
from pages.components.session import backend
from pages.components.text import plain

ASKED, PLAN, DONE = "removing_asked", "removing_plan", "removing_done"
MOST_USERS = 8


def ask_to_remove(refs: Sequence[Ref]) -> None:
    """Open the dialog for these objects; does not return."""
    forget()
    st.session_state[ASKED] = tuple(refs)
    st.rerun()


def asked() -> bool:
    """Whether the dialog is open."""
    return ASKED in st.session_state


def forget() -> None:
    """Close the dialog."""
    for held in (ASKED, PLAN, DONE):
        st.session_state.pop(held, None)


@st.dialog("Delete", width="large", on_dismiss=forget)
def removing() -> None:
    """The dialog itself."""
    if DONE in st.session_state:
        _done(st.session_state[DONE])
        return
    if PLAN not in st.session_state:
        st.session_state[PLAN] = backend().removals.plan(st.session_state[ASKED])
    plan: tuple[Removal, ...] = st.session_state[PLAN]
    if not plan:
        st.info("It is gone already.", icon=":material/check_circle:")
        return
    for removal in plan:
        _removal(removal)
    as_command(*(commands.delete(each.ref, uid=each.uid) for each in plan))
    sure = _typed(plan)
    read_only = backend().settings.read_only
    if read_only:
        st.caption("The console was started read-only: it deletes nothing.")
    if st.button(
        _label(plan), key="removing_delete", type="primary", disabled=not sure or read_only
    ):
        st.session_state[DONE] = backend().removals.delete(plan)
        st.rerun(scope="fragment")


def _removal(removal: Removal) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(str(removal.ref))}**")
        if removal.users:
            st.markdown(f":red[:material/warning:] {len(removal.users)} objects use it:")
            for user in removal.users[:MOST_USERS]:
                link_to(user, str(user))
            if len(removal.users) > MOST_USERS:
                st.caption(f"and {len(removal.users) - MOST_USERS} more")
        elif removal.unseen:
            st.caption(f"Nothing is known to use it, but {plain(' '.join(removal.unseen))}")
        else:
            st.caption("Nothing uses it.")
        for each in removal.consequences:
            st.markdown(f"- {plain(each)}")


def _typed(plan: Sequence[Removal]) -> bool:
    """Whether the person typed what has to be typed."""
    serious = [each for each in plan if each.typed]
    if not serious:
        return True
    wanted = serious[0].ref.key.name if len(plan) == 1 else f"delete {len(plan)} objects"
    where = " It is in a protected namespace." if any(each.protected for each in serious) else ""
    given = st.text_input(f"Type {plain(wanted)} to go on.{where}", key="removing_typed")
    return given.strip() == wanted


def _label(plan: Sequence[Removal]) -> str:
    return plain(f"Delete {plan[0].ref}") if len(plan) == 1 else f"Delete {len(plan)} objects"


def _done(results: Sequence[Removed]) -> None:
    for each in results:
        name = plain(str(each.ref))
        if each.error is not None:
            st.markdown(f":red[:material/cancel:] {name} was not deleted.")
            show_failure(each.error)
        elif each.lingers:
            st.markdown(
                f":orange[:material/schedule:] {name} is being deleted; finalizers hold it."
            )
        else:
            st.markdown(f":green[:material/check_circle:] {name} is deleted.")
    if st.button("Close", key="removing_close"):
        forget()
        st.rerun()
