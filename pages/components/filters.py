"""Filters above a list; their values live in the address, so that copying it shows a colleague the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ome_backend.editing.view_commands import listed
from ome_backend.resources.kind import Key, Kind
from pages.components import scope
from pages.components.command import beside_list
from pages.components.text import plain

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Facet(Generic[Row]):
    """One property to filter by: `values` gives what a row has of it, several or none."""

    name: str
    key: str
    values: Callable[[Row], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Filtered(Generic[Row]):
    """The rows that pass, and the line with their count, which has room for what a table offers."""

    rows: list[Row]
    line: DeltaGenerator


def filtered(
    page: str,
    rows: Sequence[Row],
    *,
    identity: Callable[[Row], Key],
    words: Callable[[Row], str],
    facets: Sequence[Facet[Row]],
    noun: str,
    one: str = "",
    kinds: Sequence[Kind] = (),
) -> Filtered[Row]:
    """Draw search field, one choice per facet and the count; tell the rows that pass all of them.

    They also pass the namespace chosen in the bar, which keeps what belongs to no namespace. With
    `kinds`, the `kubectl` lines that print the same stand before the count. `one` is the noun for a
    single row, where it is not the plural without its s.
    """
    widths = [2.2, *(1.0 for _ in facets)]
    fields = st.columns(widths, vertical_alignment="bottom")
    with fields[0]:
        sought = st.text_input(
            "Search",
            key=f"{page}_search",
            bind="query-params",
            type="search",
            live=True,
            placeholder=f"Search {noun}",
            label_visibility="collapsed",
        )
    kept = here = [row for row in rows if scope.inside(identity(row))]
    active = [] if len(kept) == len(rows) else [f"the namespace “{plain(scope.namespace())}”"]
    if sought:
        kept = [row for row in kept if _found(words(row), sought)]
        active.append(f"the search “{plain(sought)}”")
    for facet, place in zip(facets, fields[1:], strict=True):
        with place:
            wanted = _choice(facet, rows)
        if wanted is not None:
            kept = [row for row in kept if wanted in facet.values(row)]
            active.append(f"{facet.name.lower()} “{plain(wanted)}”")
    line = st.container(horizontal=True, vertical_alignment="center")
    if kinds:
        keys, narrowed = map(identity, kept), len(kept) < len(here)
        with line:
            beside_list(page, listed(kinds, keys, namespace=scope.namespace(), narrowed=narrowed))
    called = (one or noun.removesuffix("s")) if len(rows) == 1 else noun
    count = f"{len(kept)} of {len(rows)} {called}" if active else f"{len(rows)} {called}"
    line.caption(count, width="stretch")
    if rows and not kept:
        st.info(
            f"Nothing passes {' and '.join(active)}. Drop one of them.",
            icon=":material/filter_alt_off:",
        )
    return Filtered(kept, line)


def _choice(facet: Facet[Row], rows: Sequence[Row]) -> str | None:
    options = sorted({value for row in rows for value in facet.values(row) if value})
    held = st.session_state.get(facet.key) or st.query_params.get(facet.key)
    if held and held not in options:
        options.append(held)
    return st.selectbox(
        facet.name,
        options,
        index=None,
        key=facet.key,
        bind="query-params",
        placeholder=facet.name,
        label_visibility="collapsed",
    )


def _found(words: str, sought: str) -> bool:
    """Every word sought occurs, in any order, whatever the case."""
    lowered = words.lower()
    return all(word in lowered for word in sought.lower().split())
