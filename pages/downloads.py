"""Downloads: every model on every node, how fast it comes, when it is there, and what stands in its way."""

import streamlit as st

from ome_backend.downloads.board import Board
from ome_backend.downloads.words import size, speed
from ome_backend.editing.commands import listing
from ome_backend.kube.cache import DOWNLOAD_REPORTS
from ome_backend.resources.kinds import CONFIG_MAP, MODEL_KINDS, NODE
from ome_backend.services.downloads import LOOK_AGAIN
from pages.components import places
from pages.components.command import as_command
from pages.components.download_board import by_model, by_node, chosen, ends, matrix
from pages.components.download_detail import detail
from pages.components.download_filters import MODELS, NODES, filtered, sought_nodes, view
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.scope import inside
from pages.components.session import backend
from pages.components.title import title

title("Downloads")


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
    rows = filtered([row for row in board.models if inside(row.model.key)])
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
    nodes = sought_nodes([row.sight.name for row in board.nodes])
    if view() == MODELS:
        by_model(rows)
    elif view() == NODES:
        by_node([row for row in board.nodes if row.sight.name in nodes])
    else:
        matrix(rows, nodes)
    detail(board, *chosen(board, rows, nodes))
    reports = backend().settings.ome_namespace
    as_command(listing(CONFIG_MAP, namespace=reports, labels=DOWNLOAD_REPORTS, output="yaml"))


downloads()
