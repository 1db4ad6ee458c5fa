"""What a runtime is made of: engine, decoder and router, each on one node or across several."""

from typing import Any

import streamlit as st

from ome_backend.editing.paths import at
from ome_backend.editing.placing import placed, removed
from ome_backend.resources.manifest import Manifest
from pages.components.form.sheet import Path, Sheet

_PARTS = {"engineConfig": "Engine", "decoderConfig": "Decoder", "routerConfig": "Router"}
_CONTAINERS = {
    "engineConfig": "ome-container",
    "decoderConfig": "ome-container",
    "routerConfig": "router",
}
_ONE, _SEVERAL = "One node", "Several nodes"
_NODES = (_ONE, _SEVERAL)


def runtime_parts(sheet: Sheet, path: Path) -> None:
    """Which parts there are, and over how many nodes a replica of each spans."""
    held = [name for name in _PARTS if sheet.at((*path, name)) is not None]
    drawn = sheet.shown(path, _chosen, sheet, path, part="parts")
    st.session_state[drawn["key"]] = held
    st.segmented_control(
        "Parts",
        list(_PARTS),
        selection_mode="multi",
        format_func=lambda name: _PARTS[name],
        help="An engine and a decoder split prefill and decoding; a router spreads requests over them.",
        **drawn,
    )
    for name in held:
        if name != "routerConfig":
            _nodes(sheet, (*path, name), _PARTS[name])


def _chosen(sheet: Sheet, path: Path) -> None:
    wanted = st.session_state[sheet.widget(path, part="parts")]

    def change(manifest: Manifest) -> Manifest:
        for name, container in _CONTAINERS.items():
            there = at(manifest, (*path, name)) is not None
            if name in wanted and not there:
                placed(manifest, (*path, name), {"runner": {"name": container}})
            elif name not in wanted and there:
                removed(manifest, (*path, name))
        return manifest

    sheet.change(change)


def _nodes(sheet: Sheet, path: Path, words: str) -> None:
    several = any(sheet.at((*path, name)) is not None for name in ("leader", "worker"))
    drawn = sheet.shown(path, _spread, sheet, path, part="nodes")
    st.session_state[drawn["key"]] = _SEVERAL if several else _ONE
    st.segmented_control(
        f"{words}: a replica spans",
        _NODES,
        required=True,
        help="Across several nodes a replica is a leader and its workers; OME needs both.",
        **drawn,
    )


def _spread(sheet: Sheet, path: Path) -> None:
    several = st.session_state[sheet.widget(path, part="nodes")] == _SEVERAL

    def change(manifest: Manifest) -> Manifest:
        return _across_nodes(manifest, path) if several else _on_one(manifest, path)

    sheet.change(change)


def _across_nodes(manifest: Manifest, path: Path) -> Manifest:
    """The runner becomes the leader's, and the worker gets the same one."""
    runner: Any = at(manifest, (*path, "runner")) or {"name": "ome-container"}
    removed(manifest, (*path, "runner"))
    placed(manifest, (*path, "leader"), {"runner": runner})
    return placed(manifest, (*path, "worker"), {"size": 1, "runner": runner})


def _on_one(manifest: Manifest, path: Path) -> Manifest:
    """The leader's runner is kept."""
    runner: Any = at(manifest, (*path, "leader", "runner")) or {"name": "ome-container"}
    for name in ("leader", "worker"):
        removed(manifest, (*path, name))
    return placed(manifest, (*path, "runner"), runner)
