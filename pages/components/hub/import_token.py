"""The token of an import: typed once, tried with the Hub, never drawn again, and in no text."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.errors import HubError
from ome_backend.services.import_writing import TokenCheck, check_token
from pages.components.failures import show_failure
from pages.components.form.secret_values import forget_sealed
from pages.components.hub import asking
from pages.components.hub.asking import IMPORT, TOKEN
from pages.components.session import backend
from pages.components.text import plain

_FIELD, _CHECK = f"{IMPORT}_token_field", f"{IMPORT}_token_check"


def ask_token(repos: Sequence[str]) -> None:
    """A field for the token, and what the Hub says of it."""
    st.text_input(
        "Token of the Hub",
        key=_FIELD,
        type="password",
        autocomplete="off",
        placeholder="Kept, not shown; type to replace it" if asking.token() else "hf_…",
        help="It goes into the Secret only. It is tried with the Hub when you leave the field.",
        on_change=_typed,
        args=(tuple(repos),),
    )
    held = st.session_state.get(_CHECK)
    if held is None:
        st.caption(":orange[:material/key: Nothing is written before the token is here.]")
        return
    asked, answer = held
    if isinstance(answer, HubError):
        show_failure(answer)
        st.button(
            "Try the token again", key=f"{IMPORT}_token_again", on_click=_check, args=(repos,)
        )
    elif asked != tuple(repos):
        _check(tuple(repos))
        _said(st.session_state[_CHECK][1])
    else:
        _said(answer)


def forget_token() -> None:
    """It was written, or the import was given up."""
    forget_sealed(IMPORT)
    st.session_state.pop(_CHECK, None)


def _typed(repos: tuple[str, ...]) -> None:
    value, st.session_state[_FIELD] = st.session_state[_FIELD].strip(), ""
    if value:
        st.session_state[f"{IMPORT}_sealed"] = {TOKEN: value}
        _check(repos)


def _check(repos: Sequence[str]) -> None:
    answer: TokenCheck | HubError
    try:
        answer = check_token(backend().hub.using(asking.token()), repos)
    except HubError as failure:
        answer = failure
    st.session_state[_CHECK] = (tuple(repos), answer)


def _said(answer: TokenCheck | HubError) -> None:
    if isinstance(answer, HubError):
        show_failure(answer)
        return
    whose = plain(
        " ".join((answer.account.name, f"({answer.account.role})" * bool(answer.account.role)))
    )
    refused = {repo: each.refusal for repo, each in answer.access.items() if not each.allowed}
    if not refused:
        noun = "this model" if len(answer.access) == 1 else f"all {len(answer.access)} models"
        st.caption(f":green[:material/check_circle: The token of {whose} may read {noun}.]")
    for repo, refusal in refused.items():
        st.caption(f":red[:material/lock: The token of {whose} may not read {plain(repo)}.]")
        if refusal is not None:
            show_failure(refusal)
