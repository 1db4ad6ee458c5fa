"""Parts of a page that refresh when the cluster changed what they show, not on a timer."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path

import streamlit as st

from ome_backend.errors import OmeError
from ome_backend.resources.kind import Kind
from pages.components import session
from pages.components.failures import show_failure

_LISTEN = st.components.v2.component(
    "live", js=(Path(__file__).parent / "live.js").read_text(encoding="utf-8")
)


def live(
    *kinds: Kind, key: str, every: Callable[[], float | None] = lambda: None
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Draw the function as a fragment that runs again when one of `kinds` changed.

    It always runs again when a connection was lost or found. `every` gives seconds after which time
    alone makes it outdated, or None.
    """

    def decorate(draw: Callable[[], None]) -> Callable[[], None]:
        @st.fragment
        @wraps(draw)
        def drawn() -> None:
            drawn_from = {
                "kinds": [kind.plural for kind in kinds],
                "version": session.version(),
                "every": every(),
            }
            _LISTEN(key=f"{key}_live", data=drawn_from, height=0, on_changed_change=_rerun)
            try:
                draw()
            except OmeError as failure:
                show_failure(failure)

        return drawn

    return decorate


def _rerun() -> None:
    """The trigger itself reruns the fragment; there is nothing to remember."""
