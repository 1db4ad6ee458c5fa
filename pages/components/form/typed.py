"""What was typed but cannot stand in the text yet, with the reason."""

import streamlit as st

from ome_backend.editing.paths import written
from pages.components.form.sheet import Path, Sheet


def half_typed(sheet: Sheet, path: Path) -> tuple[str | None, str]:
    """What was typed last and why it was not taken; None when it was."""
    held: tuple[str, str] | None = _held(sheet).get(written(path))
    return held or (None, "")


def keep_typed(sheet: Sheet, path: Path, typed: str = "", message: str = "") -> None:
    """Keep it with the reason; without a reason what was kept is forgotten."""
    if message:
        _held(sheet)[written(path)] = (typed, message)
    else:
        _held(sheet).pop(written(path), None)


def _held(sheet: Sheet) -> dict[str, tuple[str, str]]:
    held: dict[str, tuple[str, str]] = st.session_state.setdefault(f"{sheet.key}_typed", {})
    return held
