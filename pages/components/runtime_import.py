"""Runtimes of a file from elsewhere: chosen, shown as objects, and led to the dry run."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.errors import OmeError
from ome_backend.resources.runtime import Runtime
from ome_backend.services.runtime_import import Clash
from ome_backend.services.runtime_pieces import (
    Fetched,
    Piece,
    Scope,
    homeless,
    manifests,
    placed,
)
from pages.components import places
from pages.components.apply import apply_panel
from pages.components.definition import Code, definition
from pages.components.failures import show_failure, show_problems
from pages.components.formats import formats
from pages.components.handover import hand_over
from pages.components.scope import namespace, namespaces
from pages.components.session import backend
from pages.components.text import plain
from pages.components.words import sizes
from pages.components.yaml_editor import yaml_editor

PAGE = "runtime_import"
_FETCHED = f"{PAGE}_fetched"
_FAILED = f"{PAGE}_failed"
_NAMED = 5  # models that are named of those a runtime serves
_SCOPES: dict[Scope, str] = {
    "written": "As it is written",
    "cluster": "For the whole cluster",
    "namespace": "In one namespace",
}


def ask() -> None:
    """Ask for an address; what is there is read at a press, never by opening this page."""
    hosts = backend().runtime_import.remote.hosts
    if not hosts:
        st.info(
            "No host may be read from: OME_TEMPLATE_HOSTS names none. The editor opens files.",
            icon=":material/link_off:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Address of a file with runtimes",
            key=f"{PAGE}_url",
            bind="query-params",
            placeholder="https://github.com/organisation/repository/blob/main/runtime.yaml",
            help=plain(f"Read over https from {', '.join(hosts)}; a page about a file will do."),
        )
        st.button("Read", key=f"{PAGE}_read", type="primary", on_click=_fetch)
    failure: OmeError | None = st.session_state.get(_FAILED)
    if failure is not None:
        show_failure(failure)


def fetched() -> Fetched | None:
    """What was read last in this session; says so where there is nothing yet."""
    held: Fetched | None = st.session_state.get(_FETCHED)
    if held is None and _FAILED not in st.session_state and backend().runtime_import.remote.hosts:
        st.info(
            "Give the address of a file on a Git host and read it; nothing is written by reading.",
            icon=":material/link:",
        )
    return held


def chosen(found: Fetched) -> tuple[Piece, ...]:
    """What is taken of a file, and where it is to be."""
    show_problems(found.problems, mild=True)
    if not found.runtimes:
        st.warning("There is no runtime of OME's in this file.", icon=":material/search_off:")
    taken = [each for each in found.runtimes if _taken(found, each)]
    scope = _scope() if taken else "written"
    home = _namespace() if homeless(taken, scope) else ""
    made = [placed(each, scope, home) for each in taken]
    return (*_others(found), *made)


def preview(taken: Sequence[Piece]) -> None:
    """The runtimes as objects, and whom they would meet."""
    runtimes = [each.runtime for each in taken if each.runtime is not None]
    clashes = backend().runtime_import.clashes(runtimes)
    for runtime in runtimes:
        with st.container(border=True):
            _card(runtime, [each for each in clashes if each.runtime == runtime.ref])


def write(taken: Sequence[Piece], origin: str) -> None:
    """The text, the dry run and the write; or on to the editor."""
    if not taken:
        return
    text = manifests(taken)
    with st.expander("YAML", icon=":material/code:"):
        yaml_editor(f"{PAGE}_text_{hash(text)}", text, read_only=True)
    if st.button("Open in the editor", key=f"{PAGE}_edit", icon=":material/edit_document:"):
        hand_over(text, origin)
        places.go(places.EDITOR)
    apply_panel(PAGE, text)


def _fetch() -> None:
    url = st.session_state[f"{PAGE}_url"].strip()
    for name in (_FETCHED, _FAILED):
        st.session_state.pop(name, None)
    if not url:
        return
    try:
        st.session_state[_FETCHED] = backend().runtime_import.fetch(url)
    except OmeError as failure:
        st.session_state[_FAILED] = failure


def _taken(found: Fetched, piece: Piece) -> bool:
    if len(found.runtimes) == 1:
        return True
    number = found.pieces.index(piece)
    return st.checkbox(plain(piece.title), value=True, key=f"{PAGE}_take_{found.url}_{number}")


def _scope() -> Scope:
    return st.radio(
        "Where it is to be",
        list(_SCOPES),
        format_func=lambda each: _SCOPES[each],
        horizontal=True,
        key=f"{PAGE}_scope",
        help="A runtime for the whole cluster becomes one of a namespace, and the other way round.",
    )


def _namespace() -> str:
    known = namespaces()
    home = namespace()
    return (
        st.selectbox(
            "Namespace",
            known,
            index=known.index(home) if home in known else None,
            key=f"{PAGE}_namespace",
            placeholder="Choose a namespace",
            accept_new_options=True,
        )
        or ""
    )


def _others(found: Fetched) -> tuple[Piece, ...]:
    """What else is in the file, which is left out unless asked for."""
    if not found.others:
        return ()
    count = len(found.others)
    said = ", ".join(f"{each.title} ({each.note})" for each in found.others[:20])
    more = f" and {count - 20} more" if count > 20 else ""
    st.caption(plain(f"Also in this file, and left out: {said}{more}."))
    wanted = st.toggle(
        f"Take {'it' if count == 1 else f'these {count}'}, too", key=f"{PAGE}_others"
    )
    return found.others if wanted else ()


def _card(runtime: Runtime, clashes: Sequence[Clash]) -> None:
    st.markdown(f"**{plain(str(runtime.ref))}**")
    for each in clashes:
        st.warning(plain(each.sentence), icon=":material/warning:")
    definition(
        [
            ("Engine", " ".join((runtime.engine_name, runtime.topology)).strip()),
            ("Image", Code(runtime.engine_image)),
            ("Model sizes", sizes(runtime)),
            ("GPUs of a replica", str(runtime.gpus or "")),
            ("Accelerators", ", ".join(runtime.accelerator_classes)),
            ("Switched off", "yes" if runtime.disabled else ""),
        ]
    )
    formats(runtime)
    st.caption(plain(_served(runtime)))


def _served(runtime: Runtime) -> str:
    names = [str(each.key) for each in backend().runtime_import.serves(runtime)]
    if not names:
        return "It serves none of the installed models."
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"Of the installed models it can serve {', '.join(names[:_NAMED])}{more}."
