"""Texts that a person has not written to the cluster yet, kept in the browser until that happened.

They survive a reload, a lost connection and a restart of the console. Nothing is kept on the server.
"""

import secrets
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.editor.choice import chosen_here

MOST_FORGOTTEN = 20

_KEEPER = st.components.v2.component(
    "keeper", js=(Path(__file__).parent / "keeper.js").read_text(encoding="utf-8")
)
_FORGOTTEN = "editor_forgotten"


@dataclass(frozen=True, slots=True)
class Draft:
    """Under which name a text is kept, and what it was made from.

    A text that equals `base` is no draft. `base` says whether what the draft was made from is still
    the same when a person comes back to it.
    """

    name: str
    base: str

    @property
    def data(self) -> dict[str, str]:
        """What the browser needs to keep it."""
        return {"id": self.name, "base": fingerprint(self.base)}


@dataclass(frozen=True, slots=True)
class Found:
    """What the browser had kept: the text, when in the person's own time, and whether its base is still the same."""

    text: str
    at: str
    timely: bool


def fingerprint(text: str) -> str:
    """CRC-32 and length in UTF-8, as the browser works them out, too."""
    encoded = text.encode("utf-8", "replace")
    return f"{zlib.crc32(encoded):08x}-{len(encoded)}"


def forget_draft(name: str) -> None:
    """Let the browser drop this draft: what it says was written, or is not wanted any more."""
    forgotten = [*_forgotten(), {"id": name, "mark": secrets.token_hex(4)}]
    st.session_state[_FORGOTTEN] = forgotten[-MOST_FORGOTTEN:]


def tend(key: str) -> None:
    """Hand the browser what it has to forget or to remember, where no editor is drawn that would do so."""
    if _forgotten() or chosen_here() is not None:
        _keeper(key, {})


def keep(key: str, draft: Draft, *, text: str | None, area: str, ask: str) -> Found | None:
    """Keep `text` as the draft, or what is typed into the text area with the key `area`.

    With a new `ask` the browser is asked what it had kept; the answer comes with a later run, once.
    """
    asked = {"keep": draft.data, "text": text, "listen": area, "ask": ask}
    answer = _keeper(key, asked).get("found")
    if not isinstance(answer, dict) or answer.get("ask") != ask or not ask:
        return None
    timely = answer.get("base") == draft.data["base"]
    return Found(str(answer.get("text", "")), str(answer.get("at", "")), timely)


def _keeper(key: str, data: dict[str, Any]) -> Any:
    choice = chosen_here()
    chores = {"forget": _forgotten(), "choice": str(choice) if choice is not None else None}
    # Whatever has `_live` in its key takes no room on the page.
    return _KEEPER(key=f"{key}_live", data={**data, **chores}, height=0, on_found_change=_noticed)


def _noticed() -> None:
    """The answer itself reruns the page; there is nothing to remember."""


def _forgotten() -> list[dict[str, str]]:
    held: list[dict[str, str]] = st.session_state.get(_FORGOTTEN, [])
    return held
