"""The one place where a failure becomes something to read."""

import streamlit as st

from ome_backend.admission import tells_choice
from ome_backend.errors import FieldProblem, OmeError
from pages.components.text import plain

LONG = 500


def show_failure(failure: OmeError) -> None:
    """What failed, the other system's own words, and what to do."""
    st.error(f"**{plain(failure.message)}** {plain(failure.hint)}", icon=":material/error:")
    if failure.reason:
        long = len(failure.reason) > LONG
        begin = failure.reason[:LONG].rstrip() + " …" if long else failure.reason
        st.code(begin, language=None, wrap_lines=True)
        if long:
            with st.expander("All that the server said"):
                st.code(failure.reason, language=None, wrap_lines=True)
    show_problems(tuple(each for each in failure.problems if each.message not in failure.reason))


def show_problems(problems: tuple[FieldProblem, ...], *, mild: bool = False) -> None:
    """One line a problem: where it is and what is wrong there."""
    for problem in problems:
        place = f"Line {problem.line}" if problem.line else ""
        place += f":{problem.column}" if problem.column else ""
        path = plain(problem.path)
        where = " · ".join(part for part in (place, path) if part)
        message = plain(problem.message)
        line = f"{where}: {message}" if where else message
        if mild and tells_choice(problem.message):
            st.caption(f":material/info: {line}.")
        elif mild:
            st.warning(line, icon=":material/warning:")
        else:
            st.error(line, icon=":material/error:")
