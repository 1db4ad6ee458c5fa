"""An object as it was: a version the console saw before, or what was last applied."""

from datetime import UTC, datetime

import streamlit as st

from ome_backend.editing import commands
from ome_backend.editing.masking import masked
from ome_backend.editing.versions import Version
from ome_backend.errors import OmeError
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.moment import age
from ome_backend.schema.yaml_dump import dump
from pages.components import places
from pages.components.command import as_command
from pages.components.failures import show_failure
from pages.components.handover import hand_over
from pages.components.session import backend
from pages.components.text import plain

VERSION = "compare_version"

Found = tuple[str, Manifest]


def earlier(ref: Ref) -> Found | None:
    """The version in the address or chosen here, with what it is called; None where there is none."""
    history = backend().history
    versions = {each.resource_version: each for each in history.of(ref)}
    if not versions:
        since = age(history.since, datetime.now(UTC))
        st.info(
            f"Since this console started, {since} ago, it has seen no other version of the "
            f"{plain(str(ref))}. Kubernetes keeps none of its own.",
            icon=":material/history:",
        )
        return None
    if st.session_state.get(VERSION) not in (None, *versions):
        del st.session_state[VERSION]
    chosen = st.selectbox(
        "Version",
        list(versions),
        key=VERSION,
        bind="query-params",
        format_func=lambda name: _called(versions[name]),
        help="Versions of its spec that this console saw since it started; the newest are kept.",
    )
    version = versions[chosen]
    _go_back(version.manifest, f"the {ref} as it was until {version.until:%H:%M:%S} UTC")
    return _name(version), version.manifest


def last_applied(ref: Ref) -> Found | None:
    """What `kubectl apply` noted, with what it is called; None where it noted nothing, which is said."""
    try:
        found = backend().compare.last_applied(ref)
    except OmeError as failure:
        show_failure(failure)
        return None
    _go_back(found, f"the {ref} as last applied")
    as_command(commands.last_applied(ref))
    return "as last applied", found


def _go_back(raw: Manifest, origin: str) -> None:
    """The way to have it so again: by the editor, with its dry run and its difference."""
    if st.button("Open this version in the editor", key="compare_go_back", icon=":material/undo:"):
        hand_over(dump(masked(raw)), origin)
        places.go(places.EDITOR)


def _called(version: Version) -> str:
    end = "deleted" if version.gone else "until"
    since = age(version.until, datetime.now(UTC))
    return f"{_name(version)} · {end} {version.until:%Y-%m-%d %H:%M:%S} UTC, {since} ago"


def _name(version: Version) -> str:
    number = version.generation or version.resource_version
    return f"generation {number}" if version.generation else f"version {number}"
