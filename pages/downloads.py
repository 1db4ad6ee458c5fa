"""Downloads: every model on every node, how fast it comes, when it is there, and what stands in its way."""

from collections.abc import Callable

import streamlit as st

from ome_backend.downloads.board import Board, ModelRow
from ome_backend.downloads.words import size, speed
from ome_backend.editing.commands import listing
from ome_backend.kube.cache import DOWNLOAD_REPORTS
from ome_backend.resources.health import Level
from ome_backend.resources.kinds import CONFIG_MAP, MODEL_KINDS, NODE
from ome_backend.services.downloads import LOOK_AGAIN
from pages.components import places
from pages.components.command import as_command
from pages.components.download_board import by_model, by_node, chosen, ends, linked, matrix
from pages.components.download_detail import detail
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.scope import inside
from pages.components.session import backend
from pages.components.title import title

MATRIX, MODELS, NODES = "Models and nodes", "Models", "Nodes"
SHOWN: dict[str, Callable[[ModelRow], bool]] = {
    "On their way": lambda row: row.tally.arriving > 0,
    "In trouble": lambda row: row.tally.broken > 0 or row.health.level is Level.BROKEN,
    "Ready on some nodes only": lambda row: 0 < row.tally.ready < row.tally.cells,
    "Ready nowhere": lambda row: not row.tally.ready,
}

title("Downloads")
linked()


def every() -> float | None:
    """Time alone makes a download silent, or nearer its end."""
    return LOOK_AGAIN if backend().downloads.board().tally.arriving else None


def sentence(board: Board) -> None:
    tally = board.tally
    parts = [f"**{tally.arriving}** on their way"]
    if tally.total_bytes:
        arrived = f"{size(tally.completed_bytes)} of {size(tally.total_bytes)}"
        files = f"{tally.completed_files} of {tally.total_files} files"
        parts.append(f"{arrived} and {files} arrived at {speed(tally.pace)}")
        parts.append(f"time left: {ends(tally)}")
    parts.append(f"**{tally.ready}** of {tally.cells} ready")
    if tally.broken:
        parts.append(f":red[**{tally.broken}** in trouble]")
    if tally.waiting:
        parts.append(f"{tally.waiting} not begun")
    st.markdown(" · ".join(parts))


def filtered(rows: tuple[ModelRow, ...]) -> list[ModelRow]:
    left, middle, right = st.columns([2, 1, 1.6], vertical_alignment="bottom")
    with left:
        sought = st.text_input(
            "Search",
            key="downloads_search",
            bind="query-params",
            type="search",
            live=True,
            placeholder="Search models and nodes",
            label_visibility="collapsed",
        )
    with middle:
        only = st.selectbox(
            "Show",
            list(SHOWN),
            index=None,
            key="downloads_show",
            bind="query-params",
            placeholder="All states",
            label_visibility="collapsed",
        )
    with right:
        st.segmented_control(
            "View",
            [MATRIX, MODELS, NODES],
            key="downloads_view",
            bind="query-params",
            label_visibility="collapsed",
            required=True,
            default=MATRIX,
        )
    words = (sought or "").lower().split()
    passing = SHOWN[only] if only in SHOWN else None
    return [row for row in rows if (passing is None or passing(row)) and matches(row, words)]


def matches(row: ModelRow, words: list[str]) -> bool:
    """Every word is part of the model's name, or of a node it is on."""
    names = " ".join((str(row.model.key), *(cell.node for cell in row.cells))).lower()
    return all(word in names for word in words)


def empty(board: Board) -> None:
    if not board.models:
        said = "No model is installed. Once there is one, its way to the nodes shows here."
    else:
        said = "Nothing passes the search, the state and the namespace. Drop one of them."
    st.info(said, icon=":material/download:")


@live(*MODEL_KINDS, CONFIG_MAP, NODE, key="downloads", every=every)
def downloads() -> None:
    sources = backend().downloads.sources()
    if not explain(sources[:2]):
        return
    note(sources[2:])
    board = backend().downloads.board()
    sentence(board)
    rows = filtered(tuple(row for row in board.models if inside(row.model.key)))
    if not rows:
        empty(board)
        return
    if not board.nodes:
        st.info(
            "No node's agent has reported and none is seen running, so no model arrives anywhere. Doctor says "
            "whether the agent is missing.",
            icon=":material/cloud_off:",
        )
        places.link(places.DOCTOR, "Doctor")
    words = str(st.session_state.get("downloads_search") or "").lower().split()
    named = [row for row in board.nodes if any(word in row.sight.name for word in words)]
    nodes = named or list(board.nodes)
    match st.session_state.get("downloads_view"):
        case "Models":
            by_model(rows)
        case "Nodes":
            by_node(nodes)
        case _:
            matrix(rows, [row.sight.name for row in nodes])
    detail(board, *chosen(board, rows, [row.sight.name for row in nodes]))
    reports = backend().settings.ome_namespace
    as_command(listing(CONFIG_MAP, namespace=reports, labels=DOWNLOAD_REPORTS, output="yaml"))


downloads()
