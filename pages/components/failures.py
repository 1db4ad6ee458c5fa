"""The one place where a failure becomes something to read."""

import streamlit as st

from ome_backend.errors import FieldProblem, OmeError


def show_failure(failure: OmeError) -> None:
    """What failed, the other system's own words, and what to do."""
    st.error(f"**{failure.message}** {failure.hint}", icon=":material/error:")
    if failure.reason:
        st.code(failure.reason, language=None, wrap_lines=True)
    show_problems(failure.problems)


def show_problems(problems: tuple[FieldProblem, ...], *, mild: bool = False) -> None:
    """One line a problem: where it is and what is wrong there."""
    for problem in problems:
        place = f"Line {problem.line}" if problem.line else ""
        path = f"`{problem.path}`" if problem.path else ""
        where = " · ".join(part for part in (place, path) if part)
        line = f"{where}: {problem.message}" if where else problem.message
        if mild:
            st.warning(line, icon=":material/warning:")
        else:
            st.error(line, icon=":material/error:")
