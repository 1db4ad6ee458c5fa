"""Installed models against the Hub, on pages: the question that a person asks, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from ome_backend.errors import HubError
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kind import Ref
from ome_backend.resources.moment import age
from ome_backend.services.upstream import Comparison
from ome_backend.services.upstream_changes import SHORT, Change, Installed
from pages.components import places
from pages.components.definition import Code, definition
from pages.components.evidence import evidence_label
from pages.components.fetching import ask_to_fetch
from pages.components.health import badge
from pages.components.hub.asking import why_not
from pages.components.session import backend
from pages.components.text import plain

_STOPPED = "stopped"
_FETCHED = ("newer", "licence")  # what fetching again brings to the nodes


def question(page: str, label: str, models: Sequence[Ref] = ()) -> None:
    """The button that asks the Hub about these models, or all; and why it did not answer, until asked again."""
    key = f"{page}_{_STOPPED}"
    if st.button(label, key=f"{page}_ask", icon=":material/travel_explore:"):
        with st.spinner("Asking the Hub …"):
            st.session_state[key] = backend().upstream.ask(models)
    stopped: HubError | None = st.session_state.get(key)
    if stopped is not None:
        why_not(stopped)


def on_the_hub(page: str, model: Ref) -> None:
    """The part of a model's page; nothing for models from elsewhere."""
    if backend().upstream.get(model) is None:
        return
    st.subheader("On the Hub", anchor=False)
    place = st.container()
    question(page, "Compare with the Hub", [model])
    found = backend().upstream.get(model)
    if found is not None:
        with place:
            _compared(page, found)


def _compared(page: str, found: Comparison) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(found.health)
        st.markdown(asked(found), width="content")
    told = found.told.repository if found.told is not None else None
    definition(
        [
            ("Repository", Code(found.installed.source.repo)),
            ("Revision", Code(found.installed.source.revision)),
            *_on_nodes(found.installed),
            ("The Hub has", Code(told.sha[:SHORT]) if told else None, Evidence.OBSERVED),
            ("Licence", told.licence if told else None, Evidence.OBSERVED),
            *_licences(found),
        ],
        Evidence.DECLARED,
    )
    for each in found.changes:
        _change(each)
    if any(each.what in _FETCHED for each in found.changes):
        if st.button("Fetch again …", key=f"{page}_fetch", icon=":material/refresh:"):
            ask_to_fetch(found.installed.model.ref, "")
    elif found.told is None:
        st.caption("The console asks the Hub only when told to, and without a token.")


def _on_nodes(installed: Installed) -> list[tuple[str, str, Evidence]]:
    """Each commit with its nodes; many nodes with the same one are a line."""
    return [
        (
            "On the nodes",
            f"{commit[:SHORT]} on {', '.join(installed.having(commit))}",
            Evidence.REPORTED,
        )
        for commit in installed.known
    ]


def _licences(found: Comparison) -> list[tuple[str, str, Evidence]]:
    """What the card named at the commits that are not the Hub's newest; what cannot be read is said to be so."""
    told = found.told
    if told is None or told.repository is None:
        return []
    behind = (each for each in found.installed.known if each != told.repository.sha)
    return [_licence_at(commit, told.licences.get(commit)) for commit in behind]


def _licence_at(commit: str, licence: str | None) -> tuple[str, str, Evidence]:
    label = f"Licence at {commit[:SHORT]}"
    if licence is None:
        return label, "not readable without a token, or gone", Evidence.UNAVAILABLE
    return label, licence or "none named", Evidence.OBSERVED


def _change(change: Change) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(change.sentence)}**", width="content")
        evidence_label(change.evidence)
    st.caption(plain(change.meaning))


def asked(found: Comparison) -> str:
    """How long ago the Hub was asked."""
    if found.told is None:
        return "The Hub was not asked about it yet."
    return f"The Hub was asked {age(found.told.at, datetime.now(UTC))} ago."


def known() -> dict[Ref, Comparison]:
    """What was asked lately, by model; empty where nothing was. Asks nobody."""
    upstream = backend().upstream
    if not upstream.known:
        return {}
    return {each.installed.model.ref: each for each in upstream.all() if each.told is not None}


def way() -> None:
    """The link to all of them."""
    places.link(
        places.UPSTREAM, "Changes on the Hub to what is installed", icon=":material/travel_explore:"
    )
