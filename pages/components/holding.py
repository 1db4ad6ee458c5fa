"""The page of an object whose kind has no room of its own yet: what it says, who uses it, its YAML."""

from collections.abc import Iterator

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import Manifest, mapping
from ome_backend.services.holdings import AcceleratorView, HeldView
from pages.components import places, reports
from pages.components.definition import Fact, definition
from pages.components.findings import findings_about
from pages.components.missing import missing
from pages.components.places import Place, link_to
from pages.components.session import backend
from pages.components.title import object_title

MOST_FACTS = 40


def holding(kind: Kind, listed: Place) -> None:
    """Draw the object in the page's address."""
    ref = Ref(kind, places.asked_for())
    view = backend().holdings.get(ref)
    if view is None:
        missing(kind, ref.key, listed)
        return
    object_title(ref, view.raw, view.health, listed)
    findings_about(ref)
    page = kind.name.lower()
    tabs = st.tabs(["Summary", "Used by", "Events", "YAML"], key=f"{page}_tab", bind="query-params")
    with tabs[0]:
        definition(list(facts(view)), Evidence.DECLARED)
    with tabs[1]:
        users(ref)
    with tabs[2]:
        reports.events(backend().overview.about(ref), commands.events(ref))
    with tabs[3]:
        reports.manifest(view.raw, ref)


def facts(view: AcceleratorView | HeldView) -> Iterator[Fact]:
    """The values of its spec by their paths, in the order in which it has them."""
    found = _leaves(mapping(view.raw, "spec"), "")
    for number, (path, value) in enumerate(found):
        if number < MOST_FACTS:
            yield (path, value)


def _leaves(value: Manifest, path: str) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        here = f"{path}.{name}" if path else name
        if isinstance(inner, dict):
            yield from _leaves(inner, here)
        elif isinstance(inner, list):
            yield here, ", ".join(map(str, inner))
        else:
            yield here, str(inner)


def users(ref: Ref) -> None:
    """Links to what refers to it."""
    found = backend().removals.users(ref)
    for each in found:
        link_to(each, str(each))
    if not found:
        st.info("Nothing refers to it.", icon=":material/link_off:")
