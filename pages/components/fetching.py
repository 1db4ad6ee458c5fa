"""Fetching a model again, in a dialog: what makes OME try once more, what else comes of it, and the doing."""

from functools import partial

import streamlit as st

from ome_backend.downloads.again import (
    NOTHING_ELSE,
    is_reserved,
    other_policy,
    policy_effects,
    with_policy,
    with_reservation,
)
from ome_backend.downloads.board import ModelRow
from ome_backend.errors import OmeError
from ome_backend.resources.kind import Ref
from ome_backend.resources.model import Model
from ome_backend.services.retrying import Restart
from pages.components.command import as_command
from pages.components.drawer import open_bulk
from pages.components.failures import show_failure
from pages.components.session import backend
from pages.components.text import plain

ASKED, PLAN = "fetching_asked", "fetching_plan"
DONE, REFUSED = "fetching_done", "fetching_refused"


def fetching_actions(page: str, model: Model, node: str) -> None:
    """The buttons for one model, on one node where it is named."""
    read_only = backend().settings.read_only
    with st.container(horizontal=True):
        if st.button("Fetch again …", key=f"{page}_again", icon=":material/refresh:"):
            ask_to_fetch(model.ref, node)
        reserved = is_reserved(model)
        label = (
            "Let its files go when it is deleted"
            if reserved
            else "Keep its files when it is deleted"
        )
        icon = ":material/lock_open:" if reserved else ":material/lock:"
        if st.button(label, key=f"{page}_reserve", icon=icon, disabled=read_only):
            change = partial(with_reservation, reserved=not reserved)
            open_bulk([model.ref], change, "release its files" if reserved else "keep its files")


def ask_to_fetch(model: Ref, node: str) -> None:
    """Open the dialog; does not return."""
    forget()
    st.session_state[ASKED] = (model, node)
    st.rerun()


def asked() -> bool:
    """Whether the dialog is open."""
    return ASKED in st.session_state


def forget() -> None:
    """Close the dialog."""
    for held in (ASKED, PLAN, DONE, REFUSED):
        st.session_state.pop(held, None)


@st.dialog("Fetch again", width="large", on_dismiss=forget)
def fetching() -> None:
    """The dialog itself."""
    ref, node = st.session_state[ASKED]
    row = backend().downloads.board().row(ref)
    if row is None:
        st.info("The model is gone.", icon=":material/help:")
        return
    if DONE in st.session_state:
        _done()
        return
    _agent(row, node)
    _policy(row)
    st.caption(NOTHING_ELSE)


def _agent(row: ModelRow, asked_for: str) -> None:
    """The first way: one node, all its models."""
    nodes = [cell.node for cell in row.cells]
    if not nodes:
        st.info("It belongs on no node, so there is no agent to restart.", icon=":material/help:")
        return
    with st.container(border=True):
        st.markdown("**Restart the model agent of a node**")
        index = nodes.index(asked_for) if asked_for in nodes else 0
        node = st.selectbox("Node", nodes, index=index, key="fetching_node")
        plan = _plan(node)
        if plan is None:
            st.caption(f"No model agent is seen on {plain(node)}, so there is none to restart.")
            return
        for each in plan.effects:
            st.markdown(f"- {plain(each)}")
        as_command(plan.command)
        read_only = backend().settings.read_only
        if read_only:
            st.caption("The console was started read-only: it restarts nothing.")
        label = plain(f"Restart the agent on {node}")
        st.button(
            label,
            key="fetching_restart",
            type="primary",
            disabled=read_only,
            on_click=_carry_out,
            args=(plan,),
        )
        if REFUSED in st.session_state:
            show_failure(st.session_state[REFUSED])


def _plan(node: str) -> Restart | None:
    """What was shown is what is done: the plan stays as long as the node is the same."""
    held: tuple[str, Restart | None] | None = st.session_state.get(PLAN)
    if held is None or held[0] != node:
        held = st.session_state[PLAN] = (node, backend().retries.restart(node))
    return held[1]


def _carry_out(plan: Restart) -> None:
    """Before the dialog is drawn again; what is refused is shown in it, and asked anew."""
    st.session_state.pop(PLAN, None)
    st.session_state.pop(REFUSED, None)
    try:
        backend().retries.carry_out(plan)
    except OmeError as refused:
        st.session_state[REFUSED] = refused
    else:
        st.session_state[DONE] = plan.agent.node


def _policy(row: ModelRow) -> None:
    """The second way: one model, all its nodes."""
    effects = policy_effects(row)
    if not effects:
        st.caption(
            "A change of its download policy does nothing: OME looks at it for hf:// models only."
        )
        return
    with st.container(border=True):
        st.markdown("**Change the model's download policy**")
        for each in effects:
            st.markdown(f"- {plain(each)}")
        if st.button("Look at the change", key="fetching_policy"):
            forget()
            policy = other_policy(row.model)
            open_bulk([row.model.ref], partial(with_policy, policy=policy), "fetch it again")


def _done() -> None:
    restarted = st.session_state[DONE]
    st.markdown(
        f":green[:material/check_circle:] The agent of {plain(restarted)} is being replaced. Its models "
        "show as updating in about a minute."
    )
    if st.button("Close", key="fetching_close"):
        forget()
        st.rerun()
