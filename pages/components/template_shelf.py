"""All templates to choose from, and a way to bring one from an address."""

import streamlit as st

from ome_backend.editing.templates import Template
from ome_backend.errors import OmeError
from ome_backend.resources.kind import Key
from ome_backend.services.templates import OURS, Library
from pages.components import places
from pages.components.failures import show_failure
from pages.components.filters import Facet, filtered
from pages.components.session import backend
from pages.components.text import plain

FETCHED = "templates_fetched"
COLUMNS = 2

FACETS: tuple[Facet[Template], ...] = (
    Facet("Use", "templates_use", lambda each: (each.use,)),
    Facet("Kind", "templates_kind", lambda each: each.kinds),
    Facet("From", "templates_from", lambda each: (each.origin,)),
)
_ICONS = {
    "model": ":material/deployed_code:",
    "runtime": ":material/memory:",
    "service": ":material/dns:",
    "accelerator": ":material/memory_alt:",
    "benchmark": ":material/speed:",
    "access": ":material/key:",
}


def named(name: str, library: Library) -> Template | None:
    """A template by name, one that was just read from an address before others."""
    return _fetched().get(name) or library.named(name)


def missing(name: str) -> None:
    """Say why no template is shown."""
    if not name:
        st.info(
            "The address names no template. Open one from the list.", icon=":material/link_off:"
        )
        return
    st.warning(
        f"There is no template **{plain(name)}**. It may have been read from an address in "
        "another session, or its source cannot be read now.",
        icon=":material/search_off:",
    )


def shelf(library: Library) -> None:
    """The templates that pass the filters, by use."""
    fetched = _fetched()
    every = [*fetched.values(), *(each for each in library.templates if each.name not in fetched)]
    kept = filtered(
        "templates",
        every,
        identity=lambda each: Key("", each.name),
        words=lambda each: f"{each.name} {each.title} {each.purpose} {' '.join(each.kinds)}",
        facets=FACETS,
        noun="templates",
    ).rows
    for start in range(0, len(kept), COLUMNS):
        row = kept[start : start + COLUMNS]
        for column, each in zip(st.columns(COLUMNS), row, strict=False):
            with column:
                _card(each)


def _card(template: Template) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        places.link(
            places.TEMPLATE,
            template.title,
            Key("", template.name),
            icon=_ICONS.get(template.use, ":material/description:"),
        )
        st.markdown(plain(template.purpose))
        origin = "" if template.origin == OURS else f" · from {template.origin}"
        st.caption(plain(f"{', '.join(template.kinds)}{origin}"))


def failures(library: Library) -> None:
    """What could not be read; the rest is there all the same."""
    if not library.failures:
        return
    number = len(library.failures)
    with st.expander(
        f"{number} source{'' if number == 1 else 's'} of templates could not be read",
        icon=":material/warning:",
    ):
        for failure in library.failures:
            show_failure(failure)
        if st.button("Read again", key="templates_again"):
            backend().templates.forget()
            st.rerun()


def from_address() -> None:
    """Ask for an address and show what is there before anything is made of it."""
    hosts = backend().templates.hosts
    if not hosts:
        return
    with st.expander("From an address", icon=":material/link:"):
        with st.form("templates_fetch", border=False):
            url = st.text_input(
                "Address of a template",
                key="templates_url",
                placeholder="https://github.com/organisation/repository/blob/main/template.yaml",
                help=plain(f"Read over https from {', '.join(hosts)}."),
            )
            pressed = st.form_submit_button("Preview", key="templates_preview")
        if pressed and url.strip():
            _fetch(url)


def _fetch(url: str) -> None:
    try:
        found = backend().templates.fetch(url)
    except OmeError as failure:
        show_failure(failure)
        return
    st.session_state[FETCHED] = {**_fetched(), found.name: found}
    st.markdown(f"**{plain(found.title)}** · {plain(found.purpose)}")
    st.code(found.body, language="yaml", height=360)
    places.link(places.TEMPLATE, "Use this template", Key("", found.name), icon=":material/check:")


def _fetched() -> dict[str, Template]:
    """What was read from addresses in this session, by name."""
    held: dict[str, Template] = st.session_state.get(FETCHED, {})
    return held
