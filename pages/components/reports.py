"""What an object reports: its conditions, the events about it, and its manifest."""

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from ome_backend.resources.condition import Condition
from ome_backend.resources.event import Event
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_text import dump

WAS = st.column_config.DatetimeColumn("Since", format="distance", width=120)
LAST = st.column_config.DatetimeColumn("Last seen", format="distance", width=120)


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
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config={"Since": WAS})


def events(told: Iterable[Event]) -> None:
    """The events, newest first."""
    newest = sorted(told, key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)
    if not newest:
        st.info(
            "There are no events about it. Kubernetes forgets events after an hour.",
            icon=":material/event:",
        )
        return
    rows = [
        {
            "Type": "Warning" if each.warning else "Normal",
            "Reason": each.reason,
            "About": f"{each.about_kind} {each.about.name}",
            "Message": each.message,
            "Count": each.count,
            "Last seen": each.at,
        }
        for each in newest
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={"Last seen": LAST, "Message": st.column_config.TextColumn(width="large")},
    )


def manifest(raw: Manifest, command: str) -> None:
    """The object as YAML, and the command that prints the same."""
    st.code(command, language="bash")
    st.code(dump(raw), language="yaml", line_numbers=True, height=560)
