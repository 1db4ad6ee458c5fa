"""The YAML editor: text in, text out, problems marked at their lines, drafts kept in the browser."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import streamlit as st

from ome_backend.errors import FieldProblem
from pages.components.editor import engines
from pages.components.editor.choice import choose
from pages.components.editor.drafts import Draft, forget_draft, keep, tend
from pages.components.editor.editing import Editing, editing, held_under, hold
from pages.components.editor.engines import Look
from pages.components.editor.marks import marks
from pages.components.text import plain


def yaml_editor(
    key: str,
    text: str,
    *,
    problems: Iterable[FieldProblem] = (),
    warnings: Iterable[FieldProblem] = (),
    height: int = 430,
    kind: str = "",
    label: str = "YAML",
    read_only: bool = False,
    draft: str = "",
    base: str | None = None,
) -> str:
    """Draw the editor and return what it holds. `text` is what a new `key` begins with.

    `kind` serves documents that do not say their kind. With the name of a `draft`, what is typed is
    kept in the browser and comes back there as long as `base` (by default the first `text`) is still
    the same; call `forget_draft` once it was written. Name no draft of a text with secret values.
    """
    now = editing(key, text, "" if read_only else draft, base)
    above = st.container()
    if now.draft:
        now = _with_draft(key, now)
    else:
        tend(f"{key}_keeper")
    look = Look(marks(problems, warnings), height, label, kind, read_only, now.choice.bindings)
    held = _draw(key, now, look)
    now = now.holding(now.begun if held is None else _sendable(held))
    hold(key, now)
    with above:
        _notice(key, now)
    if not read_only:
        choose(key)
    return now.now


def typed(key: str, text: str) -> str:
    """What the editor under this key holds, to be asked before it is drawn; `text` before it ever was.

    A page that takes it at the beginning of a run can draw everything from the newest text at once.
    Running again instead would be slower, and would take the place of a click that is on its way.
    """
    now = held_under(key)
    if now is None or now.due or now.widget(key) not in st.session_state:
        return text
    held = st.session_state[now.widget(key)]
    if now.choice.engine == "code" and held is not None:
        held = held.get("text")
    return _sendable(held) if isinstance(held, str) else now.now


def _draw(key: str, now: Editing, look: Look) -> str | None:
    match now.choice.engine:
        case "ace":
            return engines.ace(now.widget(key), now.begun, look)
        case "plain":
            return engines.plain(now.widget(key), now.begun, look)
        case _:
            return engines.code(now.widget(key), now.begun, look, _draft(now))


def _draft(now: Editing) -> Draft | None:
    return Draft(now.draft, now.base) if now.draft else None


def _with_draft(key: str, now: Editing) -> Editing:
    """The same editor, or with the draft that the browser had kept; CodeMirror keeps its own."""
    engine = now.choice.engine
    found = keep(
        f"{key}_keeper",
        Draft(now.draft, now.base),
        text=now.now if now.touched and engine != "code" else None,
        area=now.widget(key) if engine == "plain" else "",
        ask=now.ask,
    )
    return now if found is None else now.answered(found)


def _notice(key: str, now: Editing) -> None:
    """One line about a draft that came back, or that could."""
    if not (now.restored or now.other):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.other is None:
            st.caption(f"Draft of {plain(now.restored)} restored.", width="content")
        else:
            origin = "this text" if now.other.timely else "another version of this text"
            st.caption(f"A draft of {plain(now.other.at)} from {origin} is kept.", width="content")
            _button(key, "Restore", _restore)
        _button(key, "Discard", _discard)


def _button(key: str, label: str, act: Callable[[str], None]) -> None:
    st.button(label, key=f"{key}_{label.lower()}", type="tertiary", on_click=act, args=(key,))


def _restore(key: str) -> None:
    now = held_under(key)
    if now is not None and now.other is not None:
        hold(key, now.anew(now.other.text))


def _discard(key: str) -> None:
    """Drop the draft; after one was restored, what it had replaced comes back."""
    now = held_under(key)
    if now is not None:
        forget_draft(now.draft)
        hold(key, replace(now, other=None) if now.other else now.anew(now.base))


def _sendable(text: str) -> str:
    """The text without halves of letters, which a browser can hold but no answer can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
