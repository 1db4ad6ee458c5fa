"""Overview: what is wrong, what is waiting, what changed."""

from datetime import UTC, datetime

import streamlit as st

from ome_backend.editing.commands import listing
from ome_backend.resources.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    EVENT,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NODE,
    POD,
)
from ome_backend.resources.moment import age
from ome_backend.services.doctor import WATCHED
from ome_backend.services.overview import Problem, Tally
from pages.components import places, reports
from pages.components.command import answer_command, as_command
from pages.components.findings import silent
from pages.components.health import colour, icon
from pages.components.live import live
from pages.components.places import link_to
from pages.components.presence import explain, note
from pages.components.scope import inside, namespace
from pages.components.session import backend
from pages.components.text import plain

MOST_PROBLEMS = 8
SUMMED = (INFERENCE_SERVICE, *MODEL_KINDS, NODE, POD)

st.title("Overview", anchor=False)


def sentence(problems: tuple[Problem, ...], services: Tally) -> None:
    if not problems:
        where = f" in {plain(namespace())}" if namespace() else ""
        st.markdown(f"All {services.total} services{where} serve, and nothing waits.")
        return
    about = [found.about.kind for found in problems]
    models, nodes = sum(kind in MODEL_KINDS for kind in about), about.count(NODE)
    with st.container(horizontal=True, gap="xsmall"):
        failing = services.total - services.good
        st.markdown("There is something to do:", width="content")
        if failing:
            places.link(places.SERVICES, f"{failing} of {services.total} services need attention")
        if models:
            places.link(
                places.MODELS, f"{models} model{'s need' if models > 1 else ' needs'} attention"
            )
        if nodes:
            st.markdown(f"{nodes} node{'s are' if nodes > 1 else ' is'} not ready", width="content")


def figures(services: Tally) -> None:
    models, gpus = backend().overview.models(inside), backend().overview.gpus()
    shown = (
        ("Services ready", f"{services.good} / {services.total}", places.SERVICES),
        ("Models ready", f"{models.good} / {models.total}", places.MODELS),
        ("GPUs free", f"{gpus.good} / {gpus.total}", places.DEPLOY),
        ("Findings", str(backend().doctor.count()), places.DOCTOR),
    )
    for column, (label, value, place) in zip(st.columns(4), shown, strict=True):
        with column, st.container(border=True, horizontal=True, vertical_alignment="bottom"):
            st.metric(label, value)
            places.link(place, place.title)


def problem(found: Problem) -> None:
    now = datetime.now(UTC)
    state, about, why, since = st.columns([1.4, 2.2, 5.8, 0.5], vertical_alignment="top")
    level = found.health.level
    state.markdown(f":{colour(level)}[{icon(level)} **{found.health.word}**]")
    with about:
        link_to(found.about)
    why.markdown(f"{plain(found.health.sentence)}  \n:gray[{plain(found.fix)}]")
    since.caption(age(found.since, now) if found.since is not None else "")


@live(
    INFERENCE_SERVICE,
    POD,
    DEPLOYMENT,
    EVENT,
    NODE,
    CONFIG_MAP,
    *MODEL_KINDS,
    key="overview",
    every=lambda: 30.0,
)
def overview() -> None:
    found = backend().overview
    sources = backend().serving.all().sources
    if not explain(sources[:1]):
        return
    note((*sources[1:], backend().cache.snapshot(NODE)))
    problems, services = found.problems(inside), found.services(inside)
    sentence(problems, services)
    figures(services)
    if problems:
        with st.container(border=True, gap="xsmall"):
            for each in problems[:MOST_PROBLEMS]:
                problem(each)
        if len(problems) > MOST_PROBLEMS:
            places.link(places.SERVICES, f"{len(problems) - MOST_PROBLEMS} more")
    silent({each.about for each in problems}, inside)
    arriving = found.arrivals(inside)
    if arriving:
        st.subheader("Downloads in progress", anchor=False)
        places.link(places.DOWNLOADS, "All downloads")
        for arrival in arriving:
            share = arrival.download.share or 0.0
            st.progress(
                share,
                text=f"{plain(str(arrival.model.key))} on {plain(arrival.download.node)}: {share:.0%}",
            )
    st.subheader("What changed lately", anchor=False)
    reports.events(found.changes(inside), listing(EVENT, namespace=namespace() or None))
    as_command(
        *(listing(each, namespace=namespace() or None) for each in SUMMED),
        answer_command("doctor", WATCHED),
        label="The figures and problems as a command",
    )


overview()
