"""The board of downloads in three views: models against nodes, by model, by node."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from ome_backend.downloads.board import Board, ModelRow, NodeRow
from ome_backend.downloads.cell import Cell
from ome_backend.downloads.tally import Tally
from ome_backend.downloads.words import lasting, size, speed
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key, Ref
from pages.components import health
from pages.components.arrivals import PROGRESS
from pages.components.crossing import crossing
from pages.components.facts_table import facts_table

ALL_NODES, ALL_MODELS = Key("", "All nodes"), Key("", "All models")
MODEL, NODE = "model", "node"  # as links name them
MOST_NODES = 64


def matrix(rows: Sequence[ModelRow], nodes: Sequence[str]) -> None:
    """Models down, nodes across; a cell opens its details below."""
    by_key = {row.model.key: row for row in rows}
    cells = {(row.model.key, cell.node): cell for row in rows for cell in row.cells}
    shown = nodes[:MOST_NODES]

    def sign(model: Key, node: Key) -> str:
        if node == ALL_NODES:
            return health.cell(by_key[model].health)
        found = cells.get((model, node.name))
        return _sign(found) if found is not None else ""

    crossing(
        "downloads_matrix",
        list(by_key),
        [ALL_NODES, *(Key("", name) for name in shown)],
        sign,
        corner="Model",
        alt="How each model is on each node. The fields below the table open any of them as well.",
        chosen=_choose,
    )
    if len(nodes) > len(shown):
        st.caption(f"The first {len(shown)} of {len(nodes)} nodes; search to see the others.")


def by_model(rows: Sequence[ModelRow]) -> None:
    """One row a model, over all its nodes."""
    facts_table(
        [
            {
                "Model": str(row.model.key),
                "State": health.cell(row.health),
                "Ready": f"{row.tally.ready} of {row.tally.cells}",
                **_progress(row.tally),
                "Size": _size(row),
                "Why": row.health.sentence,
            }
            for row in rows
        ],
        {
            **PROGRESS,
            "Size": st.column_config.TextColumn(
                "Size", width=78, help="On disk, on one node; ≈ is worked out from the parameters."
            ),
            "Why": st.column_config.TextColumn("Why", width="large"),
        },
    )


def by_node(rows: Sequence[NodeRow]) -> None:
    """One row a node, over all its models, with what they need of its disk."""
    facts_table(
        [
            {
                "Node": row.sight.name,
                "Agent": _agent(row),
                "Ready": f"{row.tally.ready} of {row.tally.cells}",
                "On the way": row.tally.arriving or None,
                "In trouble": row.tally.broken or None,
                **_progress(row.tally),
                "Needed": _needed(row),
                "Still to come": size(row.room.missing) if row.room.missing else "",
                "Ephemeral storage": size(row.room.hint) if row.room.hint else "not known",
            }
            for row in rows
        ],
        {
            **PROGRESS,
            "Ephemeral storage": st.column_config.TextColumn(
                "Ephemeral storage",
                help="Allocatable, and a hint only: models mostly lie on a disk of their own, which "
                "Kubernetes does not know.",
            ),
        },
    )
    tight = [row.sight.name for row in rows if row.room.tight]
    if tight:
        st.caption(
            f":orange[:material/warning:] The models meant for {', '.join(tight)} need more than the allocatable "
            "ephemeral storage. That is a hint only: it says nothing of a disk mounted for models."
        )


def _progress(tally: Tally) -> dict[str, Any]:
    return {
        "Arrived": tally.share,
        "Bytes": f"{size(tally.completed_bytes)} of {size(tally.total_bytes)}"
        if tally.total_bytes
        else "",
        "Files": f"{tally.completed_files} of {tally.total_files}" if tally.total_files else "",
        "Speed": speed(tally.pace) if tally.pace else "",
        "Left": ends(tally),
    }


def ends(tally: Tally) -> str:
    """Until the last of them is there."""
    if not tally.arriving:
        return ""
    return lasting(tally.eta) if tally.eta is not None else "not known"


def _size(row: ModelRow) -> str:
    if row.size.bytes is None:
        return "not known"
    guessed = "≈ " if row.size.evidence is Evidence.COMPUTED else ""
    return f"{guessed}{size(row.size.bytes)}"


def _needed(row: NodeRow) -> str:
    more = f" and {row.room.unknown} not known" if row.room.unknown else ""
    return f"{size(row.room.needed)}{more}"


def _agent(row: NodeRow) -> str:
    sight = row.sight
    if not sight.exists:
        return "node gone"
    if sight.agent is None:
        return "none" if sight.agents_seen else "not known"
    if sight.reports is False:
        return "never reported"
    return "running" if sight.agent.ready else "not ready"


def _sign(cell: Cell) -> str:
    if cell.health.level is Level.GOOD:
        return "✓"
    left = f" · {lasting(cell.eta)}" if cell.eta is not None else ""
    return f"{health.cell(cell.health)}{left}"


def _choose(model: Key, node: Key | None) -> None:
    st.session_state[MODEL] = str(model)
    st.session_state[NODE] = node.name if node is not None and node != ALL_NODES else None


def chosen(board: Board, rows: Sequence[ModelRow], nodes: Sequence[str]) -> tuple[Ref | None, str]:
    """The model and node to look at, from the fields here, the table or the address."""
    left, right = st.columns(2)
    refs = {str(row.model.key): row.model.ref for row in rows}
    with left:
        model = _choice("Model", MODEL, list(refs))
    with right:
        known = [name for name in nodes if board.node(name) is not None]
        node = _choice("Node", NODE, known)
    return refs.get(model), node


def _choice(label: str, key: str, options: list[str]) -> str:
    """A value that is none of the options (misspelt, gone, or not there yet) counts as none, and is kept."""
    asked = st.session_state.get(key) or st.query_params.get(key)
    offered = options if asked in (None, *options) else [*options, asked]
    value = st.selectbox(
        label, offered, index=None, key=key, bind="query-params", placeholder=f"{label} …"
    )
    return value if value in options else ""
