"""What Doctor found: on its own page in full, on the pages of the objects it concerns in short."""

import json
from collections.abc import Callable, Collection, Sequence

import streamlit as st

from ome_backend.resources.kind import Key, Ref
from ome_backend.services.detectors.examination import Unavailable
from ome_backend.services.detectors.finding import DoctorFinding, Severity
from pages.components import places
from pages.components.command import show_command
from pages.components.session import backend
from pages.components.text import plain

MOST_ON_A_PAGE = 3

_MARKS = {
    Severity.BROKEN: ":red[:material/cancel:]",
    Severity.RISK: ":orange[:material/warning:]",
    Severity.NOTE: ":gray[:material/info:]",
}


def finding(found: DoctorFinding) -> None:
    """One finding in full, with links to the objects it concerns."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"{_MARKS[found.severity]} **{plain(found.title)}**", width="content")
            places.link_to(found.about, str(found.about))
        st.markdown(plain(found.consequence))
        st.code(found.evidence, language=None, wrap_lines=True)
        st.markdown(f":material/build: {plain(found.fix)}")
        _mending(found)
        _others(found.also)


def findings_about(ref: Ref) -> None:
    """The findings that concern an object, the worst first; nothing where there are none."""
    found = backend().doctor.about(ref)
    if not found:
        return
    with st.container(border=True, gap="xsmall"):
        for each in found[:MOST_ON_A_PAGE]:
            whose = f"{plain(str(each.about))}: " if each.about != ref else ""
            st.markdown(
                f"{_MARKS[each.severity]} {whose}**{plain(each.title)}** · {plain(each.consequence)}"
            )
            st.markdown(f":material/build: {plain(each.fix)}")
            _mending(each)
        more = len(found) - MOST_ON_A_PAGE
        label = f"{more} more in Doctor" if more > 0 else "See the evidence in Doctor"
        places.link(places.DOCTOR, label, doctor_search=ref.key.name)


def silent(told: Collection[Ref], inside: Callable[[Key], bool]) -> None:
    """The worst that nobody reports, for Overview: not about what is `told` there already."""
    found = [
        each
        for each in backend().doctor.recent()
        if each.about not in told and inside(each.about.key) and each.severity is not Severity.NOTE
    ]
    if not found:
        return
    st.subheader("Silently wrong", anchor=False)
    with st.container(border=True, gap="xsmall"):
        for each in found[:MOST_ON_A_PAGE]:
            about, why = st.columns([2.2, 7.7], vertical_alignment="top")
            with about:
                places.link_to(each.about)
            why.markdown(
                f"{_MARKS[each.severity]} **{plain(each.title)}**  \n:gray[{plain(each.fix)}]"
            )
    more = len(found) - MOST_ON_A_PAGE
    places.link(
        places.DOCTOR, f"{more} more in Doctor" if more > 0 else "See the evidence in Doctor"
    )


def unavailable(skipped: Sequence[Unavailable]) -> None:
    """The checks that could not look: what they would have found is not known."""
    if not skipped:
        return
    number = len(skipped)
    label = f"{number} check{' was' if number == 1 else 's were'} not possible"
    with st.expander(label, icon=":material/visibility_off:"):
        for each in skipped:
            st.markdown(f"- Looking for {plain(each.detector.looks_for)}: {plain(each.why)}")


def _mending(found: DoctorFinding) -> None:
    """What to run or to change, as it can be copied."""
    if not found.command and found.patch is None:
        return
    with st.expander("Patch" if found.patch is not None else "Command"):
        if found.patch is not None:
            st.code(json.dumps(list(found.patch), indent=2), language="json")
        if found.command:
            show_command(found.command)


def _others(also: Sequence[Ref]) -> None:
    """Objects that play a part in it; only the first ones of many."""
    if not also:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Concerns also", width="content")
        for ref in also[:MOST_ON_A_PAGE]:
            places.link_to(ref, str(ref))
        if len(also) > MOST_ON_A_PAGE:
            st.caption(f"and {len(also) - MOST_ON_A_PAGE} more", width="content")
