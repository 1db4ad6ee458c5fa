"""The one Backend of this process, shared by all sessions, by the routes and by the pages.

It is not kept by `st.cache_resource`, because lifespan and routes need it outside any script run.
"""

import gc
import importlib
import logging
import threading
from functools import cache as once

from ome_backend.backend import Backend, open_backend
from ome_backend.config import read_settings
from ome_backend.errors import OmeError
from ome_backend.kube.cache import Cache

HEAVY = ("pandas", "pyarrow", "streamlit.dataframe_util")

log = logging.getLogger(__name__)
_opening = threading.Lock()


@once
def _opened() -> Backend:
    return open_backend(read_settings())


def backend() -> Backend:
    """Connect at the first call; raises OmeError, and tries again at the next call, when that fails."""
    with _opening:
        return _opened()


def open_early() -> None:
    """Connect and load what pages draw with, in the background, so that the first page need not wait."""
    threading.Thread(target=_open, name="connect", daemon=True).start()
    threading.Thread(target=_load, name="load", daemon=True).start()


def _open() -> None:
    try:
        held = backend()
        held.schemas.now()  # else the first keystroke in an editor would wait for them
        held.cache.wait_synced(timeout=60)
        held.serving.all()
    except OmeError as failure:
        log.error("%s %s %s", failure.message, failure.reason, failure.hint)
        return  # every page shows it, too, and tries again
    gc.freeze()  # what was loaded stays: later collections need not look through it


def _load() -> None:
    for name in HEAVY:
        importlib.import_module(name)


def cache() -> Cache | None:
    """The watch cache; None while there is no connection to be had."""
    try:
        return backend().cache
    except OmeError:
        return None


def open_cache() -> Cache | None:
    """The watch cache of the connection that exists already; None, at once, where there is none."""
    return _opened().cache if _opened.cache_info().currsize else None


def version() -> int:
    """Grows with every change of anything on the cluster; 0 while there is no connection to be had."""
    held = cache()
    return held.version if held is not None else 0


def close() -> None:
    """Let go of the cluster, if there is a connection; the next call of `backend` connects anew."""
    with _opening:
        if _opened.cache_info().currsize:
            _opened().close()
            _opened.cache_clear()
