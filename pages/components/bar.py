"""The slim bar on top of every page: which cluster and namespace, how fresh, what is restricted."""

from datetime import UTC, datetime

import streamlit as st

from ome_backend.kube.snapshot import Snapshot
from ome_backend.resources.kinds import KUBERNETES_KINDS, OME_KINDS
from ome_backend.resources.moment import age
from pages.components.live import live
from pages.components.scope import choose_namespace
from pages.components.session import backend
from pages.components.text import plain

EARLIEST = datetime.min.replace(tzinfo=UTC)


def bar() -> None:
    """Draw the bar; it refreshes by itself while the connection is down."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        _bar()
        choose_namespace()


def _worst() -> Snapshot:
    """The kind whose freshness speaks for the cluster: of those it may read, the one silent longest."""
    snapshots = [backend().cache.snapshot(kind) for kind in (*OME_KINDS, *KUBERNETES_KINDS)]
    order = ("stale", "loading", "live")
    readable = [each for each in snapshots if each.state in order]
    return min(
        readable,
        key=lambda each: (order.index(each.state), each.synced_at or EARLIEST),
        default=snapshots[0],
    )


def _every() -> float | None:
    return None if _worst().state == "live" else 5.0


@live(key="bar", every=_every)
def _bar() -> None:
    access, settings = backend().access, backend().settings
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":material/hub: **{plain(access.name)}**",
            help=plain(f"API server {access.server}"),
            width="content",
        )
        if access.source == "sandbox":
            st.badge(
                "Sandbox",
                icon=":material/science:",
                color="violet",
                help="A simulated cluster, since none was found or the sandbox was asked for. "
                "Its controllers, GPUs and engines are imitations; changes are kept between starts.",
            )
        if settings.read_only:
            st.badge(
                "Read only",
                icon=":material/lock:",
                color="gray",
                help="Started with OME_READ_ONLY=true.",
            )
        _freshness(_worst())


def _freshness(seen: Snapshot) -> None:
    now = datetime.now(UTC)
    if seen.state == "live":
        st.badge(
            "Live",
            icon=":material/check_circle:",
            color="green",
            help="Changes show within a second.",
        )
    elif seen.state == "loading":
        _loading(seen, now)
    elif seen.state == "stale" and seen.synced_at is not None:
        since = age(seen.synced_at, now)
        st.badge(
            f"Disconnected · data {since} old · reconnecting",
            icon=":material/cloud_off:",
            color="orange",
            help=_why(seen, now),
        )
    else:
        st.badge("No access", icon=":material/lock:", color="red", help=_why(seen, now))


def _loading(seen: Snapshot, now: datetime) -> None:
    if seen.last_error is None:
        st.badge("Loading", icon=":material/hourglass_top:", color="gray")
    else:
        st.badge(
            "Unreachable · retrying", icon=":material/cloud_off:", color="red", help=_why(seen, now)
        )


def _why(seen: Snapshot, now: datetime) -> str:
    said = seen.last_error
    words = (
        f"{said.message} {said.reason} {said.hint}"
        if said is not None
        else "The connection was lost."
    )
    if seen.retry_at is None:
        return plain(words)
    return f"{plain(words)} Next try in {max(0, int((seen.retry_at - now).total_seconds()))} s."
