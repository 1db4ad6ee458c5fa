"""One download, one model or one node of the board in full: facts, chart, the agent's words, what to do."""

import streamlit as st

from ome_backend.downloads.board import Board, ModelRow, NodeRow
from ome_backend.downloads.cell import Cell
from ome_backend.downloads.words import lasting, size, speed
from ome_backend.errors import OmeError
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Ref
from ome_backend.resources.model import Model
from ome_backend.services.retrying import AgentLog
from pages.components.amounts import counted
from pages.components.arrivals import arrivals, left, nothing_arrives
from pages.components.command import as_command
from pages.components.definition import definition
from pages.components.download_chart import download_chart
from pages.components.failures import show_failure
from pages.components.fetching import fetching_actions
from pages.components.health import badge
from pages.components.places import link_to
from pages.components.session import backend
from pages.components.text import plain

LOG = "downloads_log"


def detail(board: Board, ref: Ref | None, node: str) -> None:
    """What is chosen; a hint where nothing is."""
    row = board.row(ref) if ref is not None else None
    if row is None:
        found = board.node(node) if node else None
        if found is not None:
            node_detail(found)
        else:
            st.caption("Select a cell, or a model or a node here, to see more of it.")
        return
    cell = board.cells.get((row.model.ref, node)) if node else None
    if cell is not None:
        cell_detail(row, cell)
        return
    if node:
        st.info(
            f"{plain(str(row.model.key))} does not belong on {plain(node)}.", icon=":material/help:"
        )
    model_detail("downloads", row)


def model_detail(page: str, row: ModelRow) -> None:
    """A model on all its nodes."""
    if not row.cells:
        nothing_arrives(row.unplaced)
    else:
        arrivals(row.cells, "Node", lambda cell: cell.node)
        download_chart(
            f"{page}_chart", {each.node: each.track for each in row.cells if each.track is not None}
        )
    fetching_actions(page, row.model, "")


def node_detail(row: NodeRow) -> None:
    """A node with all its models."""
    name = row.sight.name
    if not row.cells:
        st.info(f"No model belongs on {plain(name)}.", icon=":material/help:")
        return
    arrivals(row.cells, "Model", lambda cell: str(cell.model.key))
    download_chart(
        "downloads_chart",
        {
            str(each.model.key): each.track
            for each in row.cells
            if each.track is not None and each.arriving
        },
    )
    agent = row.sight.agent
    if agent is not None:
        st.caption(
            f"Its agent fetches {agent.workers} models at once; which comes next is not told by OME."
        )


def cell_detail(row: ModelRow, cell: Cell) -> None:
    """One model on one node."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        link_to(cell.model)
        st.markdown(f"on **{plain(cell.node)}**", width="content")
        badge(cell.health)
    st.markdown(plain(cell.health.sentence))
    definition(
        [
            ("Agent says", f"{cell.state} {cell.download.phase}".strip() if cell.download else ""),
            ("Arrived", _arrived(cell)),
            ("Files", _files(cell)),
            ("Speed", speed(cell.pace) if cell.pace is not None else "", Evidence.COMPUTED),
            ("Time left", left(cell), Evidence.COMPUTED),
            ("In line", _line(cell), Evidence.COMPUTED),
            ("Attempts seen", _attempts(cell), Evidence.OBSERVED),
        ],
        Evidence.REPORTED,
    )
    if cell.track is not None and (cell.arriving or cell.track.samples):
        download_chart("downloads_chart", {cell.node: cell.track})
    if cell.health.level is Level.BROKEN and cell.download is not None:
        agent_log(row.model, cell)
    fetching_actions("downloads", row.model, cell.node)


def agent_log(model: Model, cell: Cell) -> None:
    """What the agent wrote about it: read once for each state of the download, not at every refresh."""
    found = _log(model, cell)
    if isinstance(found, OmeError):
        show_failure(found)
        return
    if found.trouble:
        st.markdown(f"**Its agent says:** {plain(found.trouble)}")
    if not found.lines:
        st.caption("Its agent's log does not name it, as far back as was read.")
    else:
        # Its label stays the same however the log grows, so that it stays open.
        with st.expander("The agent's log about it"):
            st.caption(f"{counted(len(found.lines), 'line')}, the newest last.")
            st.code("\n".join(found.lines), language=None, wrap_lines=True)
    as_command(found.command, label="The agent's log as a command")


def _log(model: Model, cell: Cell) -> AgentLog | OmeError:
    changed = cell.track.changed_at if cell.track is not None else None
    asked = (cell.model, cell.node, backend().downloads.agent(cell.node), changed)
    held: tuple[object, AgentLog | OmeError] | None = st.session_state.get(LOG)
    if held is not None and held[0] == asked:
        return held[1]
    found: AgentLog | OmeError
    try:
        found = backend().retries.log(model, cell.node)
    except OmeError as refused:
        found = refused
    st.session_state[LOG] = (asked, found)
    return found


def _arrived(cell: Cell) -> str:
    said = cell.download
    if said is None or not said.total_bytes:
        return ""
    share = f" ({cell.share:.0%})" if cell.share is not None else ""
    return f"{size(said.completed_bytes)} of {size(said.total_bytes)}{share}"


def _files(cell: Cell) -> str:
    said = cell.download
    return f"{said.completed_files} of {said.total_files}" if said and said.total_files else ""


def _line(cell: Cell) -> str:
    if cell.line is None:
        return ""
    return f"a guess: {cell.line.ahead} before it, {cell.line.workers} fetched at once"


def _attempts(cell: Cell) -> str:
    track = cell.track
    if track is None or track.attempts == 1:
        return ""
    return f"{track.attempts}, while the console watched for {lasting(track.changed_at - track.first_at)}"
