"""The chain of a diagnosis as steps; the cause stands out with its evidence and what to do."""

import streamlit as st

from ome_backend.resources.health import Level
from ome_backend.services.diagnosis import Diagnosis
from ome_backend.services.finding import Finding
from pages.components.health import colour, icon
from pages.components.text import plain


def chain(diagnosis: Diagnosis) -> None:
    """Draw every link; the cause open, the rest one line each."""
    for finding in diagnosis.chain:
        _step(finding, cause=finding is diagnosis.cause and finding.level is not Level.GOOD)


def _step(finding: Finding, *, cause: bool) -> None:
    mark = f":{colour(finding.level)}[{icon(finding.level)}]"
    line = f"{mark} **{finding.where}** · {plain(finding.word)} · {plain(finding.sentence)}"
    if not cause:
        st.markdown(line)
        return
    with st.container(border=True):
        st.markdown(line)
        if finding.evidence:
            st.code(finding.evidence, language=None, wrap_lines=True)
        if finding.fix:
            st.markdown(f":material/build: {plain(finding.fix)}")
