"""The editor with everything around it: problems while typing, and what writing would do."""

from collections.abc import Callable

import streamlit as st

from ome_backend.errors import FieldProblem
from ome_backend.services.checking import Checks
from ome_backend.services.proposal import Result
from pages.components import desk
from pages.components.apply import Write, apply_panel, planned
from pages.components.session import backend
from pages.components.yaml_editor import yaml_editor


def workbench(
    page: str,
    done: Callable[[tuple[Result, ...]], None],
    *,
    height: int = 430,
    sent: Callable[[str], str] = str,
    creating: bool = False,
    write: Write | None = None,
) -> None:
    """Draw the page's desk. `done` is called once everything was written.

    `sent` makes of the text what is sent, such as one with the values that the text hides. With
    `creating` an object that exists already is refused. `write` carries out what was decided.
    """
    held = desk.newest(page)
    manifests = sent(held.text)
    checks = backend().editing.check(manifests)
    problems, warnings = _marks(page, manifests, checks)
    now = yaml_editor(
        desk.editor(page),
        held.text,
        problems=problems,
        warnings=warnings,
        height=height,
        draft=held.draft,
    )
    if now != held.text:
        desk.typed(page, now)
        st.rerun(scope="fragment")
    apply_panel(
        page,
        manifests,
        held.bases,
        checks=checks,
        done=done,
        rewrite=lambda proposal: desk.join(page, proposal),
        creating=creating,
        write=write,
    )


def _marks(
    page: str, text: str, checks: Checks
) -> tuple[tuple[FieldProblem, ...], tuple[FieldProblem, ...]]:
    """What is marked in the editor: the console's own findings, and what the server said of this text."""
    plan = planned(page, text)
    if plan is None or checks.all_problems:
        return checks.all_problems, checks.all_warnings
    refused = tuple(each for proposal in plan.proposals for each in proposal.problems)
    told = tuple(each for proposal in plan.proposals for each in proposal.warnings)
    return refused, told
