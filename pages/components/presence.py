"""Whether a list can be believed: loading, forbidden, not installed, unreachable, stale and empty look different."""

from collections.abc import Iterable
from datetime import UTC, datetime

import streamlit as st

from ome_backend.kube.snapshot import Snapshot
from ome_backend.resources.moment import age
from ome_backend.services.listing import hidden
from pages.components.failures import show_failure
from pages.components.text import plain


def explain(sources: tuple[Snapshot, ...]) -> bool:
    """Say what is known about the sources of a list; False when there is nothing to show yet."""
    shown = [_explained(each) for each in sources]
    return any(shown)


def note(sources: Iterable[Snapshot]) -> None:
    """One line on kinds that are not the subject here, but whose absence leaves something unknown."""
    sentences = " ".join(sentence for each in sources if (sentence := hidden(each)))
    if sentences:
        st.caption(
            f":orange[:material/visibility_off:] Some things are not known: {plain(sentences)}"
        )


def _explained(seen: Snapshot) -> bool:
    """True when the kind's objects are there to be shown."""
    if seen.state == "loading":
        _loading(seen)
        return False
    if seen.state == "forbidden":
        _forbidden(seen)
        return bool(seen.objects)
    if seen.state == "not-installed":
        st.info(
            f"**{seen.kind.resource}** is not installed on this cluster. Install OME's custom resource "
            "definitions, then this list fills by itself.",
            icon=":material/extension_off:",
        )
        return False
    if seen.state == "stale" and seen.synced_at is not None:
        old = age(seen.synced_at, datetime.now(UTC))
        st.warning(
            f"The API server does not answer. What you see of {seen.kind.plural} is {old} old; "
            "it refreshes by itself once the connection is back.",
            icon=":material/cloud_off:",
        )
    return True


def _loading(seen: Snapshot) -> None:
    if seen.last_error is not None:
        show_failure(seen.last_error)
        return
    st.caption(f"Loading {seen.kind.plural} …")
    st.skeleton(height=280)


def _forbidden(seen: Snapshot) -> None:
    st.warning(
        f"You may not list **{seen.kind.resource}**. A cluster administrator can grant the verbs "
        "`get`, `list` and `watch` on it.",
        icon=":material/lock:",
    )
    if seen.last_error is not None and seen.last_error.reason:
        st.code(seen.last_error.reason, language=None, wrap_lines=True)
