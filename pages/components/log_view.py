"""The logs of an object's pods: several at once, followed, searched, and each line with an address."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.log_line import SEVERITIES, LogLine, Severity
from ome_backend.resources.pod import Pod
from ome_backend.services.logs import MOST_LINES, MOST_SOURCES, Seen, Source, Wanted
from pages.components.command import as_command
from pages.components.failures import show_failure
from pages.components.session import backend
from pages.components.text import plain

SHOWN = 500
EVERY = 1.0  # seconds between two looks
TAILS = (200, 1_000, 5_000, MOST_LINES)
SINCE = {"Any time": None, "5 minutes": 300, "1 hour": 3_600, "1 day": 86_400}
_OWNER = "log_view_owner"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to read, and how. `picked` are the pods that were named; none means all."""

    wanted: Wanted
    container: str
    picked: frozenset[str]
    previous: bool
    follow: bool
    wrap: bool
    sought: str
    severities: tuple[Severity, ...]


def log_view(page: str, pods: Sequence[Pod]) -> None:
    """Draw the choices and the lines; `page` begins the widgets' keys and their names in the address."""
    if not pods:
        st.info("It has no pods, so there are no logs.", icon=":material/subject:")
        return
    moment = st.query_params.get(f"{page}_at", "")
    chosen = _choices(page, pods)
    if chosen is None:
        return
    if moment:
        _from_moment(page, moment, chosen)
    else:
        live = chosen.follow and not chosen.previous
        draw = st.fragment(partial(_now, page, chosen), run_every=EVERY if live else None)
        draw()
    as_command(
        *(
            commands.logs(
                each.pod,
                container=each.container,
                previous=chosen.previous,
                tail=chosen.wanted.tail,
                follow=chosen.follow and not chosen.previous,
            )
            for each in chosen.wanted.sources
        )
    )


def _choices(page: str, pods: Sequence[Pod]) -> Choice | None:
    names = {pod.key.name: pod for pod in pods}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = st.multiselect(
            "Pods",
            list(names),
            key=f"{page}_pods",
            bind="query-params",
            placeholder=f"All {len(names)}" if len(names) > 1 else next(iter(names)),
            width=360,
        )
        shown = [names[name] for name in picked] or list(pods)
        containers = list(dict.fromkeys(each.name for pod in shown for each in pod.containers))
        container = st.selectbox(
            "Container",
            containers,
            _main(containers),
            key=f"{page}_container",
            bind="query-params",
            width=190,
        )
        since = st.selectbox("Since", list(SINCE), key=f"{page}_since", width=130)
        tail = st.selectbox("Lines", TAILS, 1, key=f"{page}_tail", width=110)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sought = st.text_input(
            "Search",
            key=f"{page}_search",
            bind="query-params",
            placeholder="Search the lines",
            label_visibility="collapsed",
            width=300,
        )
        levels = st.pills(
            "Severity",
            SEVERITIES,
            selection_mode="multi",
            key=f"{page}_severity",
            label_visibility="collapsed",
        )
        follow = st.toggle("Follow", True, key=f"{page}_follow", help="Off, the page keeps still.")
        previous = st.toggle(
            "Run before",
            key=f"{page}_previous",
            bind="query-params",
            help="What it wrote before its last restart.",
        )
        wrap = st.toggle("Wrap", key=f"{page}_wrap")
    if not containers:
        st.info("Its pods have no containers yet.", icon=":material/subject:")
        return None
    sources = tuple(
        Source(pod.key, container)
        for pod in shown
        if any(each.name == container for each in pod.containers)
    )
    if len(sources) > MOST_SOURCES:
        st.caption(
            f"Of {len(sources)} pods the first {MOST_SOURCES} are read; choose others above."
        )
    wanted = Wanted(sources[:MOST_SOURCES], tail or TAILS[1], SINCE[since or "Any time"])
    return Choice(
        wanted,
        container,
        frozenset(picked),
        previous,
        follow,
        wrap,
        sought.strip(),
        tuple(levels or ()),
    )


def _main(containers: Sequence[str]) -> int:
    """The engine's own container, which OME calls so, or the last: those that prepare it come first."""
    own = next((at for at, name in enumerate(containers) if name == "ome-container"), None)
    return own if own is not None else max(0, len(containers) - 1)


def _now(page: str, chosen: Choice) -> None:
    """The newest lines; a tail is kept only while they are followed, and what it had while the page keeps still."""
    owner, kept = f"{_me()} {page}", f"{page}_kept"
    if chosen.follow and not chosen.previous:
        seen = backend().logs.follow(owner, chosen.wanted).read()
        st.session_state[kept] = (chosen.container, seen)
    else:
        backend().logs.release(owner)
        held: tuple[str, Seen] | None = st.session_state.get(kept)
        still = held is not None and held[0] == chosen.container and not chosen.previous
        seen = held[1] if held is not None and still else _once(page, chosen)
    _seen(page, seen, chosen)


def _once(page: str, chosen: Choice, since: str = "") -> Seen:
    """What is not followed is read once, and again when the person wants it."""
    key = f"{page}_once"
    asked = (chosen.wanted, chosen.previous, since)
    again = st.button("Read again", key=f"{page}_again", icon=":material/refresh:")
    held: tuple[object, Seen] | None = st.session_state.get(key)
    if held is None or held[0] != asked or again:
        held = asked, backend().logs.read(chosen.wanted, previous=chosen.previous, since=since)
        st.session_state[key] = held
    return held[1]


def _from_moment(page: str, moment: str, chosen: Choice) -> None:
    """The lines from the moment in the address on, which comes from a line's link."""
    asked = f"{page}_at"
    if st.button("Back to the newest", key=f"{asked}_back", icon=":material/arrow_back:"):
        del st.query_params[asked]
        st.rerun()
    seen = _once(page, chosen, moment)
    st.caption(f"From {plain(moment)} on.")
    _seen(
        page,
        replace(seen, lines=seen.lines[:SHOWN], arrived=min(seen.arrived, SHOWN)),
        chosen,
        moment,
    )


def _seen(page: str, seen: Seen, chosen: Choice, marked: str = "") -> None:
    for source, failure in (seen.silent or {}).items():
        st.caption(f"From {plain(source.pod.name)} nothing comes:")
        show_failure(failure)
    passing = [line for line in seen.lines if _passes(line, chosen)]
    st.caption(_count(seen, passing))
    if passing:
        lines = passing[:SHOWN] if marked else passing[-SHOWN:]
        with st.container(height=560, key=f"{page}_lines", autoscroll=not marked):
            st.html(_drawn(page, lines, chosen, marked))
    elif seen.lines:
        st.info("No line passes the search.", icon=":material/filter_alt_off:")
    elif not seen.silent:
        st.info("Nothing has been written yet.", icon=":material/subject:")
    st.download_button(
        "Download",
        lambda: "".join(f"{line.stamp} {line.pod} {line.text}\n" for line in passing),
        f"{page}.log",
        key=f"{page}_download",
        icon=":material/download:",
        disabled=not passing,
        on_click="ignore",
    )


def _passes(line: LogLine, chosen: Choice) -> bool:
    if line.container != chosen.container or (chosen.picked and line.pod not in chosen.picked):
        return False
    found = not chosen.sought or chosen.sought.casefold() in line.text.casefold()
    return found and (not chosen.severities or line.severity in chosen.severities)


def _count(seen: Seen, passing: Sequence[LogLine]) -> str:
    parts = [f"{len(passing):,} of {len(seen.lines):,} lines"]
    if len(passing) > SHOWN:
        parts.append(f"the newest {SHOWN:,} are shown")
    if seen.dropped > 0:
        parts.append(f"{seen.dropped:,} older ones fell away")
    return ", ".join(parts) + ". Times are UTC."


def _drawn(page: str, lines: Sequence[LogLine], chosen: Choice, marked: str) -> str:
    several = len(chosen.wanted.sources) > 1 or len({line.pod for line in lines}) > 1
    given = {name: st.query_params.get_all(name) for name in st.query_params}
    address = given | {f"{page}_container": [chosen.container]}
    rows = "".join(_row(page, line, several, address, line.stamp == marked) for line in lines)
    return f'<div class="log{" wrapped" if chosen.wrap else ""}">{rows}</div>'


def _row(
    page: str, line: LogLine, several: bool, address: dict[str, list[str]], marked: bool
) -> str:
    link = html.escape(f"?{urlencode({**address, f'{page}_at': [line.stamp]}, doseq=True)}")
    pod = f"<b>{html.escape(line.pod)}</b> " if several else ""
    time = f'<a href="{link}" target="_self">{html.escape(line.stamp[11:23])}</a>'
    kind = f"{line.severity}{' marked' if marked else ''}"
    return f'<div class="{kind}">{time} {pod}{html.escape(line.text)}</div>'


def _me() -> str:
    """This tab, whose tails end with it."""
    owner: str = st.session_state.setdefault(_OWNER, uuid4().hex)
    return owner
