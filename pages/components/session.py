"""The one Backend of this process, shared by all sessions, by the routes and by the pages."""

import threading

import streamlit as st

from ome_backend.backend import Backend, open_backend
from ome_backend.config import read_settings
from ome_backend.errors import OmeError
from ome_backend.kube.cache import Cache


@st.cache_resource(show_spinner="Connecting to the cluster")
def backend() -> Backend:
    """Connect at the first call; raises OmeError, and tries again at the next call, when that fails."""
    return open_backend(read_settings())


def open_early() -> None:
    """Connect in the background, so that the first page finds the caches filled."""
    threading.Thread(target=_open, name="connect", daemon=True).start()


def _open() -> None:
    try:
        backend().cache.wait_synced(timeout=30)
    except OmeError:
        return  # every page shows why, and tries again


def cache() -> Cache | None:
    """The watch cache; None while there is no connection to be had."""
    try:
        return backend().cache
    except OmeError:
        return None


def version() -> int:
    """Grows with every change of anything on the cluster; 0 while there is no connection to be had."""
    held = cache()
    return held.version if held is not None else 0


def close() -> None:
    """Let go of the cluster."""
    try:
        backend().close()
    except OmeError:
        return
