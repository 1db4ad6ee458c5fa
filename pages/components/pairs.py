"""Models against runtimes: which pairs to look at, the table of them, and one pair in full."""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from ome_backend.matching.verdict import Verdict
from ome_backend.resources.kind import Key
from ome_backend.services.compatibility import Matrix
from pages.components import places
from pages.components.crossing import crossing
from pages.components.places import link_to
from pages.components.ranking import summary
from pages.components.remedies import remedies
from pages.components.session import backend
from pages.components.text import plain

MODEL, RUNTIME = "compatibility_model", "compatibility_runtime"
SIGNS = "✓1 OME's first choice, ✓2 its second, … · ✓ only for a service that names it · ✕ rejected · ? not known yet"


@dataclass(frozen=True, slots=True)
class Looked:
    """What the filters ask for."""

    models: str
    runtimes: str
    eligible: bool


def looked() -> Looked:
    """The searches and the switch."""
    models, runtimes, eligible = st.columns([1, 1, 1], vertical_alignment="center")
    with models:
        model_words = _search("models")
    with runtimes:
        runtime_words = _search("runtimes")
    with eligible:
        only = st.toggle("Only eligible", key="compatibility_eligible", bind="query-params")
    return Looked(model_words, runtime_words, only)


def _search(noun: str) -> str:
    sought = st.text_input(
        f"Search {noun}",
        key=f"compatibility_{noun}",
        bind="query-params",
        type="search",
        live=True,
        placeholder=f"Search {noun}",
        label_visibility="collapsed",
    )
    return sought or ""


def pairs(matrix: Matrix, wanted: Looked) -> None:
    """The table of what passes the filters, or which filter to drop."""
    down = _passing((each.key for each in matrix.models), wanted.models)
    across = _passing((each.key for each in matrix.runtimes), wanted.runtimes)
    if wanted.eligible:
        served = {pair for pair, verdict in matrix.verdicts.items() if verdict.compatible}
        down, across = (
            [model for model in down if any((model, each) in served for each in across)],
            [each for each in across if any((model, each) in served for model in down)],
        )
    st.caption(
        f"{len(down)} of {len(matrix.models)} models × {len(across)} of {len(matrix.runtimes)} runtimes · {SIGNS}"
    )
    if not (down and across):
        st.info(_nothing(wanted), icon=":material/filter_alt_off:")
        return
    crossing(
        "compatibility_table",
        down,
        across,
        lambda model, runtime: _sign(matrix, model, runtime),
        corner="Model",
        alt="Which runtime serves which model. The choices below the table open any pair as well.",
        chosen=_choose,
    )


def sign(verdict: Verdict | None) -> str:
    """A verdict as a table cell shows it."""
    if verdict is None:
        return ""
    if not verdict.compatible:
        return "✕"
    return f"✓{verdict.rank}" if verdict.rank is not None else "✓"


def _sign(matrix: Matrix, model: Key, runtime: Key) -> str:
    return "?" if matrix.unknown(model, runtime) else sign(matrix.verdict(model, runtime))


def pair(matrix: Matrix) -> None:
    """The pair chosen in the table, in the fields here or in the address, with its reasons."""
    left, right = st.columns(2)
    with left:
        model = _chosen("Model", MODEL, [each.key for each in matrix.models])
    with right:
        runtime = _chosen("Runtime", RUNTIME, [each.key for each in matrix.runtimes])
    if model is None or runtime is None:
        st.caption("Select a cell, or a model and a runtime here, to see the reasons.")
        return
    verdict = matrix.verdict(model, runtime)
    found = matrix.model(model)
    if verdict is not None and found is not None:
        with st.container(horizontal=True, gap="small"):
            link_to(found.ref)
            st.markdown("on", width="content")
            link_to(verdict.runtime.ref)
            places.link(
                places.PLANNER,
                "Does it fit?",
                planner_model=str(model),
                planner_runtime=str(runtime),
            )
        if matrix.unknown(model, runtime):
            _unread()
            return
        _reasons(verdict)
        if not verdict.compatible or verdict.rank is None:
            remedies(backend().compatibility.remedies(found, verdict.runtime))


def _unread() -> None:
    st.info(
        "Not known yet: the model declares no format, and OME reads it from the files once a first node has "
        "them. Until then OME refuses every service of it.",
        icon=":material/hourglass_empty:",
    )
    places.link(places.DOWNLOADS, "Its download", model=str(st.session_state.get(MODEL) or ""))


def _reasons(verdict: Verdict) -> None:
    if verdict.compatible:
        rank = f"OME's choice number {verdict.rank}" if verdict.rank is not None else "By name only"
        line = plain(f"{rank} · score {verdict.score} · {summary(verdict)}")
        st.markdown(f":green[:material/check_circle:] {line}")
    for reason in verdict.reasons:
        st.markdown(f":red[:material/cancel:] {plain(reason.plain)}")
        st.code(reason.text, language=None, wrap_lines=True)
    for warning in verdict.warnings:
        st.caption(f":orange[:material/warning:] {plain(warning)}")


def _chosen(label: str, key: str, options: list[Key]) -> Key | None:
    """A key that is none of the options (of another namespace, misspelt) counts as none."""
    names = {str(each): each for each in options}
    name = st.selectbox(
        label, list(names), index=None, key=key, bind="query-params", placeholder=f"{label} …"
    )
    return names.get(name) if name is not None else None


def _choose(model: Key, runtime: Key | None) -> None:
    st.session_state[MODEL] = str(model)
    if runtime is not None:
        st.session_state[RUNTIME] = str(runtime)


def _passing(keys: Iterable[Key], sought: str) -> list[Key]:
    words = sought.lower().split()
    return [key for key in keys if all(word in str(key).lower() for word in words)]


def _nothing(wanted: Looked) -> str:
    active = [f"the search “{plain(each)}”" for each in (wanted.models, wanted.runtimes) if each]
    active += ["“Only eligible”"] if wanted.eligible else []
    return f"Nothing passes {' and '.join(active)}. Drop one of them."
