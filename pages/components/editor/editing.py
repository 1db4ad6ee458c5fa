"""How each editor of this session stands. It begins anew, in a next round, whenever it gets another text from here."""

import secrets
from dataclasses import dataclass, replace

import streamlit as st

from pages.components.editor.choice import Choice, chosen
from pages.components.editor.drafts import Found

_EDITORS = "yaml_editors"


@dataclass(frozen=True, slots=True)
class Editing:
    """One editor: what its round began with, what it holds now, and the draft it is kept under, if any.

    `ask` is the open question whether the browser kept a draft; `restored` is the time of one that
    came back, `other` one that waits to be asked for. `touched` says that the text was ever not `base`,
    `due` that this round was not drawn yet.
    """

    draft: str
    base: str
    choice: Choice
    begun: str
    now: str
    round: int = 0
    touched: bool = False
    due: bool = True
    ask: str = ""
    restored: str = ""
    other: Found | None = None

    def widget(self, key: str) -> str:
        """The key of the widget that draws it; a widget takes a new text only under a new key."""
        return f"{key}_{self.choice.engine}_{self.round}"

    def holding(self, text: str) -> "Editing":
        """The same editor after somebody typed."""
        touched = self.touched or text != self.base
        return replace(self, now=text, touched=touched, due=False)

    def anew(self, text: str, choice: Choice | None = None, restored: str = "") -> "Editing":
        """The next round, with this text."""
        return replace(
            self,
            choice=choice or self.choice,
            begun=text,
            now=text,
            round=self.round + 1,
            touched=text != self.base,
            due=True,
            ask="",
            restored=restored,
            other=None,
        )

    def answered(self, found: Found) -> "Editing":
        """After the browser said what it had kept: restored where nothing can be lost by it."""
        if found.text == self.now:
            return replace(self, ask="")
        if found.timely and not self.touched:
            return self.anew(found.text, restored=found.at)
        return replace(self, ask="", other=found)


def editing(key: str, text: str, draft: str, base: str | None) -> Editing:
    """How this editor stands: where it was, the same text in another engine, or at its beginning."""
    held, choice = held_under(key), chosen()
    if held is not None and not draft:  # what it holds now is not to be kept any more
        held = replace(held, draft="", ask="", other=None)
    if held is not None and (held.due or _open(key, held)):
        return held if held.choice == choice else held.anew(held.now, choice, held.restored)
    before = _before(draft)
    if base is None:
        base = before.base if before is not None else text
    # A text that is not its base was brought by the page: that is newer than what the browser kept.
    first = bool(draft) and text == base and before is None
    return Editing(
        draft,
        base,
        choice,
        text,
        text,
        round=0 if held is None else held.round + 1,
        touched=text != base,
        ask=secrets.token_hex(4) if first else "",
    )


def held_under(key: str) -> Editing | None:
    """The editor last held under this key."""
    return _editors().get(key)


def hold(key: str, now: Editing) -> None:
    """Remember how it stands, for the next run."""
    _editors()[key] = now


def _open(key: str, held: Editing) -> bool:
    """The editor is on the page: Streamlit forgets the state of what was not drawn."""
    return held.widget(key) in st.session_state


def _before(draft: str) -> Editing | None:
    """The editor of the same draft that was on the page until now: another one takes its place."""
    every = _editors().items()
    return next((e for key, e in every if draft and e.draft == draft and _open(key, e)), None)


def _editors() -> dict[str, Editing]:
    held: dict[str, Editing] = st.session_state.setdefault(_EDITORS, {})
    return held
