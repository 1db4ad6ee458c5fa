"""The one way to write manifests: what the server would store is compared, confirmed, and then written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ome_backend.errors import FieldProblem, OmeError
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.services.checking import Checks
from ome_backend.services.proposal import Plan, Proposal, Result
from pages.components.clash import behind, taken
from pages.components.command import write_commands
from pages.components.diff import diff
from pages.components.failures import show_failure, show_problems
from pages.components.places import link_to
from pages.components.session import backend
from pages.components.text import plain

_NUMBERS = count(1)
AT_ONCE = 5  # texts with more documents are sent to the server only when asked for
LIVE, STORED = "On the cluster", "After the change"

Bases = Mapping[Ref, Manifest]
Done = Callable[[tuple[Result, ...]], None]
Rewrite = Callable[[Proposal], None]
Write = Callable[[Plan], tuple[Result, ...]]


def apply_panel(
    key: str,
    manifests: str,
    bases: Bases | None = None,
    *,
    checks: Checks | None = None,
    done: Done = lambda _: None,
    rewrite: Rewrite | None = None,
    creating: bool = False,
    write: Write | None = None,
) -> None:
    """Check, dry-run, compare and write a text. `key` is the page's name.

    `bases` are the objects as they were opened. `done` is called once everything was written.
    `rewrite` takes the joined changes into the text where others changed the object meanwhile.
    `write` carries the plan out where more is to be done than writing one object after the other.
    """
    checks = checks or backend().editing.check(manifests)
    if not checks.documents and not checks.problems:
        st.info(
            "Write or paste a manifest; what it would do shows here before anything is done.",
            icon=":material/edit_document:",
        )
        return
    if checks.all_problems:
        show_problems(checks.all_problems)
        show_problems(checks.all_warnings, mild=True)
        return
    found = _planned(key, manifests, checks, bases or {}, creating)
    if found is None:
        return
    plan, number = found
    for index, proposal in enumerate(plan.proposals):
        _proposal(f"{key}_{index}", proposal, rewrite)
    sure = taken(key, plan.taken)
    results = _write(key, number, plan, sure, write or backend().editing.write)
    if results:
        st.session_state[f"{key}_results"] = (manifests, results)
        _go_on(key, results, done)
    _results(key, manifests)
    write_commands(plan.proposals)


def planned(key: str, manifests: str) -> Plan | None:
    """The plan last made for this text, if there is one."""
    held: tuple[tuple[object, ...], Plan, int] | None = st.session_state.get(f"{key}_plan")
    return held[1] if held is not None and held[0][0] == manifests else None


def _planned(
    key: str, manifests: str, checks: Checks, bases: Bases, creating: bool
) -> tuple[Plan, int] | None:
    """The plan for this very text and these very objects, with its number; anew only when one of them changed."""
    asked = (manifests, creating, *_versions(checks, bases))
    held: tuple[object, Plan, int] | None = st.session_state.get(f"{key}_plan")
    if held is not None and held[0] == asked:
        return held[1:]
    many = len(checks.documents) > AT_ONCE
    label = f"Ask the server about {len(checks.documents)} objects"
    if many and not st.button(label, key=f"{key}_ask"):
        return None
    plan = backend().editing.propose(manifests, bases, creating=creating)
    number = next(_NUMBERS)
    st.session_state[f"{key}_plan"] = (asked, plan, number)
    return plan, number


def _versions(checks: Checks, bases: Bases) -> Iterable[object]:
    """What of the objects concerns an edit: not their status, which changes all the time."""
    cache = backend().cache
    for checked in checks.documents:
        ref = checked.ref
        if ref is not None and cache.follows(ref.kind):
            yield _identity(cache.snapshot(ref.kind).objects.get(ref.key, {}))
        yield _identity(bases.get(ref, {})) if ref is not None else None


def _identity(raw: Manifest) -> tuple[object, ...]:
    metadata = mapping(raw, "metadata")
    parts = (metadata.get(name) for name in ("uid", "generation", "labels", "annotations"))
    version = () if "generation" in metadata else (text(raw, "metadata", "resourceVersion"),)
    return (*map(repr, parts), *version)


@dataclass(frozen=True, slots=True)
class _Words:
    """What an action is called, before and after."""

    verb: str
    past: str


_WORDS = {
    "create": _Words("Create", "Created"),
    "change": _Words("Change", "Changed"),
    "nothing": _Words("Leave", "Left"),
}


def _proposal(key: str, proposal: Proposal, rewrite: Rewrite | None) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_headline(proposal)}**")
        show_problems(proposal.warnings, mild=True)
        if proposal.error is not None:
            show_failure(proposal.error)
        else:
            show_problems(proposal.problems)
        if proposal.behind:
            behind(key, proposal, rewrite)
        elif proposal.stored is not None and proposal.differences:
            live = proposal.live or {}
            if live:
                diff(key, live, proposal.stored, proposal.differences, (LIVE, STORED))
            else:
                with st.expander("What the server would store"):
                    diff(key, {}, proposal.stored, proposal.differences, (LIVE, STORED))


def _headline(proposal: Proposal) -> str:
    subject = plain(str(proposal.ref))
    if proposal.action == "nothing":
        return f"{subject}: nothing changes"
    if proposal.behind:
        return f"{subject} was changed by somebody else while you edited it"
    if proposal.action == "change":
        count = len(proposal.differences)
        return f"Change {subject}: {count} field{'' if count == 1 else 's'}"
    return f"Create {subject}"


def _write(key: str, number: int, plan: Plan, sure: bool, write: Write) -> tuple[Result, ...]:
    """The button belongs to its plan: a click on the one of an earlier plan writes nothing."""
    if not plan.writes:
        st.caption("The cluster has it all already.")
        return ()
    read_only = backend().settings.read_only
    if read_only:
        st.caption("The console was started read-only: it checks, but writes nothing.")
    pressed = st.button(
        _label(plan.writes),
        key=f"{key}_write_{number}",
        type="primary",
        disabled=not plan.ready or read_only or not sure,
    )
    if not pressed:
        return ()
    try:
        return write(plan)
    except OmeError as failure:
        show_failure(failure)
        return ()


def _go_on(key: str, results: tuple[Result, ...], done: Done) -> None:
    """All is done, or the rest is planned anew from what the cluster has now."""
    if all(each.written is not None for each in results):
        done(results)
    else:
        st.session_state.pop(f"{key}_plan", None)
        try:
            st.rerun(scope="fragment")
        except StreamlitAPIException:  # this page draws the panel outside of a live part
            st.rerun()


def _label(writes: Sequence[Proposal]) -> str:
    if len(writes) == 1:
        return plain(f"{_WORDS[writes[0].action].verb} {writes[0].ref}")
    return f"Write {len(writes)} objects"


def _results(key: str, manifests: str) -> None:
    """What became of each object of the last attempt with this text."""
    held: tuple[str, tuple[Result, ...]] | None = st.session_state.get(f"{key}_results")
    if held is None or held[0] != manifests:
        return
    for result in held[1]:
        result_line(result)


def result_line(result: Result) -> None:
    """What became of one object."""
    proposal = result.proposal
    if result.error is not None:
        st.markdown(f":red[:material/cancel:] {plain(str(proposal.ref))} was not written.")
        show_failure(result.error)
    elif result.written is not None:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            past = _WORDS[proposal.action].past
            st.markdown(f":green[:material/check_circle:] {past}", width="content")
            if proposal.ref is not None:
                link_to(proposal.ref, str(proposal.ref))
        show_problems(tuple(FieldProblem("", each) for each in result.warnings), mild=True)
    else:
        subject = plain(str(proposal.ref))
        st.markdown(
            f":gray[:material/block:] {subject} was not tried, because one before it failed."
        )


def written(results: Sequence[Result]) -> tuple[Ref, ...]:
    """The objects that were written."""
    found = (each.proposal.ref for each in results if each.written is not None)
    return tuple(ref for ref in found if ref is not None)
