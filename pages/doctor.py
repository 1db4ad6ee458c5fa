"""Doctor: what is silently wrong, what it leads to, and how to mend it."""

import streamlit as st

from ome_backend.services.detectors.examination import Examination
from ome_backend.services.detectors.finding import DoctorFinding
from ome_backend.services.doctor import WATCHED
from pages.components.command import answer_command, as_command
from pages.components.filters import Facet, filtered
from pages.components.findings import finding, unavailable
from pages.components.live import live
from pages.components.session import backend
from pages.components.title import title

MOST_SHOWN = 50

FACETS: tuple[Facet[DoctorFinding], ...] = (
    Facet("Severity", "doctor_severity", lambda found: (found.severity.value,)),
    Facet("Kind", "doctor_kind", lambda found: (found.about.kind.word,)),
)

title("Doctor")
st.markdown(
    "OME admits much that it later drops, misreads or gives up on without a word. "
    "These are the cases found on this cluster."
)


def words(found: DoctorFinding) -> str:
    """All that the search looks through."""
    concerned = " ".join(str(ref) for ref in found.concerns)
    return (
        f"{found.code} {concerned} {found.title} {found.evidence} {found.consequence} {found.fix}"
    )


def healthy(found: Examination) -> None:
    """Nothing was found, which says nothing about what could not be looked at."""
    if found.unavailable:
        st.info(
            "Nothing was found by the checks that were possible.", icon=":material/stethoscope:"
        )
    else:
        st.info("Nothing is silently wrong on this cluster.", icon=":material/check_circle:")


@live(*WATCHED, key="doctor", every=lambda: 30.0)
def doctor() -> None:
    found = backend().doctor.examination()
    if found.findings:
        shown = filtered(
            "doctor",
            found.findings,
            identity=lambda found: found.about.key,
            words=words,
            facets=FACETS,
            noun="findings",
        ).rows
        for each in shown[:MOST_SHOWN]:
            finding(each)
        if len(shown) > MOST_SHOWN:
            st.caption(f"{len(shown) - MOST_SHOWN} more; search or filter to see them.")
    else:
        healthy(found)
    unavailable(found.unavailable)
    as_command(answer_command("doctor", WATCHED))


doctor()
