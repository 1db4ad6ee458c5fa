"""What an object reports: its conditions, the events about it, who uses it, and its manifest."""

from collections.abc import Iterable, Sequence

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.condition import Condition
from ome_backend.resources.event import Event
from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import EVENT
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_text import dump
from ome_backend.services.events import Told, folded
from ome_backend.services.serving import ServiceView
from pages.components import places
from pages.components.command import as_command, show_command
from pages.components.facts_table import facts_table
from pages.components.presence import explain
from pages.components.session import backend

WAS = st.column_config.DatetimeColumn("Since", format="distance", width=120)
LAST = st.column_config.DatetimeColumn("Last seen", format="distance", width=120)
MESSAGE = st.column_config.TextColumn(width="large")


def conditions(reported: Sequence[Condition]) -> None:
    """The conditions as the object reports them."""
    if not reported:
        st.info(
            "It reports no conditions: OME's controller has not written any.",
            icon=":material/help:",
        )
        return
    rows = [
        {
            "Condition": each.type,
            "Status": each.status,
            "Reason": each.reason,
            "Message": each.message,
            "Since": each.since,
        }
        for each in reported
    ]
    facts_table(rows, {"Since": WAS})


def events(told: Iterable[Event], command: str) -> None:
    """The events, newest first, and the command that prints the same."""
    _events(told)
    as_command(command)


def _events(told: Iterable[Event]) -> None:
    newest = folded(told)
    if not newest:
        if explain((backend().cache.snapshot(EVENT),)):
            st.info(
                "There are no events. Kubernetes forgets them after an hour.",
                icon=":material/event:",
            )
        return
    rows = [
        {
            "Type": type_of(each),
            "Reason": each.reason,
            "About": f"{each.about_kind} {each.about.name}",
            "Message": each.message,
            "Count": each.count,
            "Last seen": each.at,
        }
        for each in newest
    ]
    facts_table(rows, {"Last seen": LAST, "Message": MESSAGE})


def type_of(told: Told) -> str:
    """As Kubernetes calls it."""
    return "Warning" if told.warning else "Normal"


def used_by(views: Sequence[ServiceView], nobody: str) -> None:
    """Links to the services that use an object, with their states."""
    for each in views:
        places.link(places.SERVICE, f"{each.key} · {each.health.word}", each.key)
    if not views:
        st.info(nobody, icon=":material/dns:")


def manifest(raw: Manifest, ref: Ref) -> None:
    """The object as YAML, and the command that prints the same."""
    show_command(commands.get(ref))
    st.code(dump(raw), language="yaml", line_numbers=True, height=560)
