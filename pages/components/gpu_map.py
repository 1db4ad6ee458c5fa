"""Nodes by GPUs as a map: what is free, and which service holds what."""

import html
from collections.abc import Sequence
from urllib.parse import urlencode
from zlib import crc32

import streamlit as st

from ome_backend.resources.pod import Pod
from ome_backend.services.nodes import NodeView
from pages.components import places

MOST_NODES = 60
_HUES = 12


def gpu_map(views: Sequence[NodeView]) -> None:
    """One row a node; the table below says the same in words. Nothing where no node has GPUs."""
    own = [each for each in views if each.capacity.total]
    if not own:
        return
    rows = "".join(_row(each) for each in own[:MOST_NODES])
    st.html(f'<div class="gpus" role="img" aria-label="GPUs by node">{rows}</div>')
    more = (
        f" The first {MOST_NODES} of {len(own)} nodes are drawn." if len(own) > MOST_NODES else ""
    )
    st.caption(
        "A square is a GPU: coloured by the service that holds it, empty while free, hatched where the node takes "
        f"no pods. Kubernetes tells how many a pod holds, not which.{more}"
    )


def _row(view: NodeView) -> str:
    capacity = view.capacity
    held = [_square(pod) for pod in view.holders for _ in range(pod.gpus)][: capacity.total]
    rest = capacity.total - len(held)
    left = "free" if view.node.schedulable else "closed"
    squares = "".join(held) + f'<i class="{left}" title="{left}"></i>' * rest
    link = html.escape(f"{places.NODE_PAGE.path}?{urlencode({places.NAME: view.node.name})}")
    name = f'<a href="{link}" target="_self">{html.escape(view.node.name)}</a>'
    return (
        f"<div>{name}<span>{squares}</span><em>{capacity.free} free of {capacity.total}</em></div>"
    )


def _square(pod: Pod) -> str:
    owner = str(pod.service) if pod.service.name else str(pod.key)
    hue = crc32(owner.encode()) % _HUES * (360 // _HUES)
    return f'<i style="background: hsl({hue} 55% 55%)" title="{html.escape(owner)}"></i>'
