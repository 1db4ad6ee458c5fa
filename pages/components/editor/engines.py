"""The three editors. Each draws itself under a key and returns what it holds, None until somebody typed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st
from streamlit_ace import st_ace

from pages.components.editor.bundle import loader
from pages.components.editor.drafts import Draft
from pages.components.editor.marks import Mark

MOST = 2_000_000  # letters; more than any cluster takes in one request

_CODE = st.components.v2.component("yaml_editor", js=loader("drawEditor"))
_ACE_BINDINGS = {"standard": "vscode"}


@dataclass(frozen=True, slots=True)
class Look:
    """What all editors are told. `kind` is the kind of a document that does not say its own."""

    marks: Sequence[Mark]
    height: int
    label: str
    kind: str
    read_only: bool
    bindings: str


def code(key: str, text: str, look: Look, draft: Draft | None) -> str | None:
    """CodeMirror: completion and hover from the schema, marks, nothing that traps the keyboard.

    It keeps the draft itself, at every pause in typing, whether the console is in reach or not.
    """
    keep = draft.data | {"changed": text != draft.base} if draft is not None else None
    held = _CODE(
        key=key,
        data={
            "text": text,
            "marks": [asdict(mark) for mark in look.marks],
            "keep": keep,
            "most": MOST,
            "height": look.height,
            "label": look.label,
            "kind": look.kind,
            "read_only": look.read_only,
            "bindings": look.bindings,
        },
        on_text_change=_changed,
    ).get("text")
    return None if held is None else str(held)


def ace(key: str, text: str, look: Look) -> str | None:
    """Ace, by streamlit-ace: marks and key bindings; it traps Tab and has no name for screen readers."""
    held = st_ace(
        value=text,
        language="yaml",
        theme="tomorrow_night" if st.context.theme.type == "dark" else "tomorrow",
        keybinding=_ACE_BINDINGS.get(look.bindings, look.bindings),
        key=key,
        height=look.height,
        tab_size=2,
        font_size=13,
        wrap=True,
        auto_update=True,
        readonly=look.read_only,
        annotations=[
            {
                "row": mark.line - 1,
                "column": mark.column - 1,
                "type": mark.severity,
                "text": mark.text,
            }
            for mark in look.marks
        ],
    )
    return None if held is None else str(held)


def plain(key: str, text: str, look: Look) -> str | None:
    """The browser's own text area: the page beside it lists the problems."""
    return st.text_area(
        look.label,
        text,
        key=key,
        height=look.height,
        label_visibility="collapsed",
        disabled=look.read_only,
    )


def _changed() -> None:
    """The change itself reruns the page; there is nothing to remember."""
