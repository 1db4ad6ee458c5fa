"""More or fewer replicas: what it takes is said first, then the change goes its usual way."""

import streamlit as st

from ome_backend.editing import commands
from ome_backend.planning.amount import Unknown
from ome_backend.services import scaling
from ome_backend.services.scaling import Effect, Part
from ome_backend.services.serving import ServiceView
from pages.components.amounts import counted, words
from pages.components.command import as_command
from pages.components.drawer import open_bulk
from pages.components.session import backend
from pages.components.text import plain

MOST = 64


def scale(view: ServiceView) -> None:
    """One block a part."""
    found = scaling.parts(view)
    if not found:
        st.info(
            "It declares neither engine, decoder nor router: its runtime decides. Add the part in the editor.",
            icon=":material/tune:",
        )
        return
    for part in found:
        _part(view, part)
    if any(not part.grouped for part in found):
        st.caption(plain(scaling.autoscaling(view.service.raw)))


def _part(view: ServiceView, part: Part) -> None:
    name = part.component
    with st.container(border=True):
        st.markdown(f"**{name.capitalize()}** · {counted(part.running, 'replica')} now")
        if part.grouped:
            st.caption("A replica is a leader with its workers. OME scales it only by the fewest.")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            low = st.number_input(
                "Fewest", 0, MOST, part.low, key=f"service_scale_{name}_low", width=150
            )
            high = st.number_input(
                "Most", 1, MOST, part.high, key=f"service_scale_{name}_high", width=150
            )
            same = (low, high) == (part.low, part.high)
            wrong = scaling.trouble(part, low, high)
            read_only = backend().settings.read_only
            if st.button(
                "Preview",
                key=f"service_scale_{name}_go",
                disabled=same or bool(wrong) or read_only,
                help="The console was started read-only: it changes nothing."
                if read_only
                else None,
            ):
                change = scaling.changed(name, low, high)
                open_bulk([view.service.ref], change, f"scaling the {name} of {view.key}")
        if wrong:
            st.caption(f":red[{plain(wrong)}]")
            return
        nodes, classes = backend().overview.nodes(), backend().planner.classes()
        _effect(part, scaling.effect(view, part, low, high, nodes, classes))
        if not same:
            as_command(commands.scale(view.service.ref, name, low, high))


def _effect(part: Part, found: Effect) -> None:
    if not part.replica:
        st.caption("What a replica takes is not known: none runs.")
        return
    if not part.gpus:
        st.caption("Its replicas hold no GPUs.")
        return
    span = f"{found.least}" if found.least == found.most else f"{found.least} to {found.most}"
    st.markdown(f"{counted(part.gpus, 'GPU')} a replica, {span} in all.{_cost(found)}")
    if found.waits:
        room = found.room or 0
        st.markdown(
            f":orange[:material/warning:] {counted(found.more, 'replica')} would be added, and now there is room "
            f"for {room or 'none'}: the others wait for GPUs."
        )
    elif found.more:
        st.markdown(
            f":green[:material/check_circle:] {counted(found.more, 'replica')} would be added; there is room now."
        )


def _cost(found: Effect) -> str:
    least, most = found.least_cost.per_hour, found.most_cost.per_hour
    if isinstance(least, Unknown) or isinstance(most, Unknown):
        return " What they cost is not known."
    if words(least) == words(most):
        return f" {plain(words(least))}."
    return f" {plain(words(least))}, up to {plain(words(most))}."
