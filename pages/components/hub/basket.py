"""The repositories that were ticked, kept while one searches on."""

import streamlit as st

from pages.components import places

_CHOSEN = "hub_chosen"
MOST = 20


def chosen() -> tuple[str, ...]:
    """Their ids, in the order in which they were ticked."""
    held: tuple[str, ...] = st.session_state.get(_CHOSEN, ())
    return held


def tick(repo: str) -> None:
    """A box to take it along."""
    key = f"hub_take_{repo}"
    st.session_state[key] = repo in chosen()
    full = len(chosen()) >= MOST and repo not in chosen()
    st.checkbox(
        f"Take {repo}",
        key=key,
        label_visibility="collapsed",
        on_change=_ticked,
        args=(repo, key),
        disabled=full,
        width="content",
    )


def bar() -> None:
    """What is ticked, and the way to import it."""
    if not chosen():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        names = ",".join(chosen())
        noun = "model" if len(chosen()) == 1 else "models"
        if st.button(f"Import {len(chosen())} {noun}", key="hub_import_chosen", type="primary"):
            places.go(places.HUB_IMPORT, repos=names)
        st.button("Clear the selection", key="hub_clear", type="tertiary", on_click=clear)


def clear() -> None:
    st.session_state.pop(_CHOSEN, None)


def _ticked(repo: str, key: str) -> None:
    others = tuple(each for each in chosen() if each != repo)
    st.session_state[_CHOSEN] = (*others, repo) if st.session_state[key] else others
