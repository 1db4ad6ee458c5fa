"""The YAML editor: text in, text out, problems marked at their lines."""

from collections.abc import Iterable

import streamlit as st
from streamlit_ace import st_ace

from ome_backend.errors import FieldProblem


def yaml_editor(
    key: str,
    text: str,
    *,
    problems: Iterable[FieldProblem] = (),
    warnings: Iterable[FieldProblem] = (),
    height: int = 430,
) -> str:
    """Draw the editor and return what it holds. `text` is what a new `key` begins with."""
    annotations = [*_marks(problems, "error"), *_marks(warnings, "warning")]
    held = st_ace(
        value=text,
        language="yaml",
        theme="tomorrow_night" if st.context.theme.type == "dark" else "tomorrow",
        key=key,
        height=height,
        tab_size=2,
        font_size=13,
        wrap=True,
        auto_update=True,
        annotations=annotations,
    )
    return text if held is None else str(held)


def _marks(problems: Iterable[FieldProblem], kind: str) -> list[dict[str, object]]:
    return [
        {
            "row": problem.line - 1,
            "column": 0,
            "type": kind,
            "text": f"{problem.path}: {problem.message}",
        }
        for problem in problems
        if problem.line
    ]
