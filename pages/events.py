"""Events: what Kubernetes and OME said lately, of anything in the cluster."""

import streamlit as st

from ome_backend.resources.kinds import DEPLOYMENT, EVENT, POD
from ome_backend.services.events import Told
from pages.components import places
from pages.components.facts_table import facts_table
from pages.components.filters import Facet, filtered
from pages.components.live import live
from pages.components.presence import explain
from pages.components.reports import LAST, MESSAGE, type_of
from pages.components.session import backend
from pages.components.title import title

MOST = 500

FACETS: tuple[Facet[Told], ...] = (
    Facet("Type", "events_type", lambda told: (type_of(told),)),
    Facet("Kind", "events_kind", lambda told: (told.about_kind,)),
    Facet("Reason", "events_reason", lambda told: (told.reason,)),
)


def row(told: Told) -> dict[str, object]:
    return {
        "Last seen": told.at,
        "Type": type_of(told),
        "Count": told.count,
        "Reason": told.reason,
        "About": f"{told.about_kind} {told.about}",
        "Service": told.service.name,
        "Message": told.message,
    }


title("Events")


@live(EVENT, POD, DEPLOYMENT, key="events")
def events() -> None:
    found = backend().events.all()
    if not explain(found.sources):
        return
    if not found.rows:
        st.info(
            "There are no events. Kubernetes forgets them after an hour.", icon=":material/event:"
        )
        return
    shown = filtered(
        "events",
        found.rows,
        identity=lambda told: told.about,
        words=lambda told: f"{told.about_kind} {told.about} {told.reason} {told.message}",
        facets=FACETS,
        noun="events",
        kinds=(EVENT,),
    )
    if not shown.rows:
        return
    concerned = sorted({told.service for told in shown.rows if told.service.name})
    with shown.line:
        chosen = st.selectbox(
            "Open the service",
            concerned,
            index=None,
            key="events_service",
            format_func=str,
            placeholder="Open a service of these",
            label_visibility="collapsed",
            width=260,
        )
    if chosen is not None:
        places.go(places.SERVICE, chosen)
    if len(shown.rows) > MOST:
        st.caption(f"The newest {MOST} are shown; search or filter for others.")
    facts_table([row(told) for told in shown.rows[:MOST]], {"Last seen": LAST, "Message": MESSAGE})


events()
