"""What is looked for on the Hub, all of it in the address, and the pages of what is found."""

from dataclasses import replace

import streamlit as st

from ome_backend.hub.answers import Query, Sort

CURSOR = "hub_cursor"
SIZE = 12
_ASKED, _TRAIL = "hub_asked", "hub_trail"
_SORTS: dict[str, Sort] = {
    "Trending": "trending",
    "Most downloads": "downloads",
    "Most likes": "likes",
    "Newest change": "modified",
    "Newest": "created",
}
_GATES = {"Open": False, "Gated": True}
_TASKS = (
    *("text-generation", "image-text-to-text", "feature-extraction", "sentence-similarity"),
    *("text-ranking", "text-to-image", "automatic-speech-recognition", "any-to-any"),
)
_LIBRARIES = ("transformers", "sentence-transformers", "diffusers", "safetensors", "gguf")
_LICENCES = (
    *("apache-2.0", "mit", "llama3.1", "llama3.2", "llama3.3", "gemma", "other"),
    *("cc-by-4.0", "cc-by-nc-4.0", "openrail"),
)


def asked() -> Query:
    """Draw the filters; what they ask for, at the page in the address."""
    first = st.columns([2.4, 1, 1], vertical_alignment="bottom")
    with first[0]:
        text = _text("Search the Hub", "hub_search", "Name of a model")
    with first[1]:
        author = _text("Author", "hub_author", "Organisation or person")
    with first[2]:
        sort = _choice("Sort", "hub_sort", tuple(_SORTS), new=False, empty="Trending")
    second = st.columns(5, vertical_alignment="bottom")
    with second[0]:
        task = _choice("Task", "hub_task", _TASKS)
    with second[1]:
        library = _choice("Library", "hub_library", _LIBRARIES)
    with second[2]:
        licence = _choice("Licence", "hub_licence", _LICENCES)
    with second[3]:
        tags = _text("Tags", "hub_tags", "Tags, comma-separated")
    with second[4]:
        gated = _choice("Access", "hub_gated", tuple(_GATES), new=False)
    query = Query(
        *(text, author, task, library, licence),
        tags=tuple(tag for each in tags.split(",") if (tag := each.strip())),
        gated=_GATES.get(gated),
        sort=_SORTS.get(sort, "trending"),
        limit=SIZE,
    )
    return _at_its_page(query)


def pager(following: str) -> None:
    """To the page after, and back to those before."""
    here = st.query_params.get(CURSOR, "")
    trail: tuple[str, ...] = st.session_state.get(_TRAIL, ())
    with st.container(horizontal=True):
        if here and st.button("First page", key="hub_first", icon=":material/first_page:"):
            _turn("", ())
        if trail and st.button("Back", key="hub_back", icon=":material/chevron_left:"):
            _turn(trail[-1], trail[:-1])
        if following and st.button("Next", key="hub_next", icon=":material/chevron_right:"):
            _turn(following, (*trail, here))


def _turn(cursor: str, trail: tuple[str, ...]) -> None:
    st.session_state[_TRAIL] = trail
    if cursor:
        st.query_params[CURSOR] = cursor
    else:
        st.query_params.pop(CURSOR, None)
    st.rerun()


def _at_its_page(query: Query) -> Query:
    """Another question begins at its first page."""
    before = st.session_state.get(_ASKED)
    st.session_state[_ASKED] = query
    if before is not None and before != query:
        st.query_params.pop(CURSOR, None)
        st.session_state.pop(_TRAIL, None)
    return replace(query, cursor=st.query_params.get(CURSOR, ""))


def _text(label: str, key: str, placeholder: str) -> str:
    return st.text_input(
        label,
        key=key,
        bind="query-params",
        placeholder=placeholder,
        label_visibility="collapsed",
    ).strip()


def _choice(
    label: str, key: str, options: tuple[str, ...], *, new: bool = True, empty: str = ""
) -> str:
    held = st.session_state.get(key) or st.query_params.get(key)
    offered = (*options, *([held] if held and new and held not in options else []))
    chosen = st.selectbox(
        label,
        offered,
        index=None,
        key=key,
        bind="query-params",
        placeholder=empty or label,
        label_visibility="collapsed",
        accept_new_options=new,
    )
    return chosen or ""
