"""Questions to the Hub, remembered for a while; and what a page says when there is no answer.

What is asked without a token is remembered for everybody, what is asked with one for its session only.
"""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import streamlit as st

from ome_backend.errors import HubError, HubGated, HubOffline, OmeError
from ome_backend.hub.answers import About, Page, Query, Repository, Revisions
from ome_backend.hub.hub import Hub
from ome_backend.services import hub_checkpoint
from ome_backend.services.hub_checkpoint import Contents
from pages.components.failures import show_failure
from pages.components.form.secret_values import sealed
from pages.components.hub.patience import patiently, try_again
from pages.components.session import backend
from pages.components.text import plain

IMPORT = "hub_import"  # the page's name of everything that is about the import under way
TOKEN = "token"
SHORT, LONG = 300, 86_400  # seconds; what has a commit in its question does not change
AT_ONCE = 8

T = TypeVar("T")


def token() -> str:
    """The token that was typed in this session and is not written yet; empty without one."""
    return sealed(IMPORT).get(TOKEN, "")


def hub() -> Hub:
    """The Hub, asked with the session's token where there is one."""
    return backend().hub.using(token())


def search(query: Query) -> Page:
    """One page of results. Raises HubError."""
    return _search(backend().hub.endpoint, query)


def repository(repo: str, revision: str) -> Repository:
    """A repository at a revision. Raises HubError."""
    asked = hub()
    return _repository(*_who(asked), repo, revision, asked)


def revisions(repo: str, revision: str) -> Revisions:
    """What a repository can be pinned to. Raises HubError."""
    asked = hub()
    return _revisions(*_who(asked), repo, revision, asked)


def contents(found: Repository) -> Contents:
    """What OME's agent will read in it. Raises HubError."""
    asked = hub()
    return _contents(*_who(asked), found.id, found.sha, asked, found)


def card(found: Repository) -> str:
    """Its README as text. Raises HubError."""
    asked = hub()
    return _card(*_who(asked), found.id, found.sha, asked)


def glances(listings: Sequence[About]) -> dict[str, Contents | HubError]:
    """The configurations of those shown, by id, several asked at a time; failures in their place."""
    endpoint = backend().hub.endpoint

    def ask(about: About) -> Contents | HubError:
        try:
            return _glance(endpoint, about.id, about.sha, about)
        except HubError as failure:
            return failure

    with ThreadPoolExecutor(AT_ONCE, "glance") as pool:
        return dict(zip([each.id for each in listings], pool.map(ask, listings), strict=True))


def told(ask: Callable[[], T], key: str) -> T | None:
    """The answer to a question; None, with the reason on the page, where there is none."""
    try:
        return ask()
    except HubError as failure:
        unanswered(failure, key)
    return None


def unanswered(failure: OmeError, key: str) -> None:
    """Why there is nothing to show, and the way on."""
    why_not(failure)
    if isinstance(failure, HubOffline | HubGated):
        return
    st.button(
        "Try again",
        key=f"{key}_again",
        icon=":material/refresh:",
        on_click=try_again,
        args=(backend().hub,),
    )


def why_not(failure: OmeError) -> None:
    """What the Hub refused, or why it does not answer, and how long to wait."""
    if isinstance(failure, HubOffline | HubGated):
        icon = ":material/lock:" if isinstance(failure, HubGated) else ":material/cloud_off:"
        st.info(f"{plain(failure.message)} {plain(failure.hint)}", icon=icon)
        return
    show_failure(failure)
    if failure.retry_after:
        st.caption(f"The Hub asks to wait {failure.retry_after:.0f} seconds.")


def _who(asked: Hub) -> tuple[str, str]:
    """Under what an answer is remembered: the Hub, and a fingerprint of the token, where there is one."""
    given = token()
    return asked.endpoint, hashlib.sha256(given.encode()).hexdigest()[:16] if given else ""


def _patient(who: str, ask: Callable[[], T]) -> T:
    """What is not remembered is asked, unless the Hub is to be left alone."""
    return patiently(backend().hub, who, ask)


@st.cache_data(ttl=SHORT, max_entries=200, show_spinner=False, refresh_mode="background")
def _search(endpoint: str, query: Query) -> Page:
    return _patient("", lambda: backend().hub.search(query))


@st.cache_data(ttl=LONG, max_entries=2000, show_spinner=False)
def _glance(endpoint: str, repo: str, sha: str, _about: About) -> Contents:
    return _patient("", lambda: hub_checkpoint.glance(backend().hub, _about))


@st.cache_data(ttl=SHORT, max_entries=50, show_spinner=False, scope="session")
def _repository(endpoint: str, who: str, repo: str, revision: str, _hub: Hub) -> Repository:
    return _patient(who, lambda: _hub.repository(repo, revision))


@st.cache_data(ttl=SHORT, max_entries=50, show_spinner=False, scope="session")
def _revisions(endpoint: str, who: str, repo: str, revision: str, _hub: Hub) -> Revisions:
    return _patient(who, lambda: _hub.revisions(repo, revision))


@st.cache_data(ttl=LONG, max_entries=50, show_spinner=False, scope="session")
def _contents(
    endpoint: str, who: str, repo: str, sha: str, _hub: Hub, _found: Repository
) -> Contents:
    return _patient(who, lambda: hub_checkpoint.read(_hub, _found))


@st.cache_data(ttl=LONG, max_entries=50, show_spinner=False, scope="session")
def _card(endpoint: str, who: str, repo: str, sha: str, _hub: Hub) -> str:
    return _patient(who, lambda: _hub.card(repo, sha))
