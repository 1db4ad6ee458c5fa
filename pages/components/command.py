"""What a view or an action does, as a command to copy."""

from collections.abc import Iterable, Sequence

import streamlit as st

from ome_backend.editing.view_commands import answered
from ome_backend.resources.kind import Kind
from ome_backend.services.as_commands import trials, writes
from ome_backend.services.proposal import Proposal
from pages.components import scope
from pages.components.session import backend

LABEL, ICON = "As a command", ":material/terminal:"
MOST_WRITES = 20
TALL = 320  # pixels
MANY_LINES = 14


def as_command(*lines: str, label: str = LABEL) -> None:
    """A small disclosure with lines that do the same; nothing where there are none."""
    if not any(lines):
        return
    with st.expander(label, icon=ICON):
        show_command(*lines)


def show_command(*lines: str) -> None:
    """The lines themselves, where there is room for them."""
    text = "\n".join(line for line in lines if line)
    tall = text.count("\n") > MANY_LINES
    st.code(text, language="bash", wrap_lines=True, height=TALL if tall else "content")


def beside_list(page: str, lines: Iterable[str]) -> None:
    """A sign before a list's count that opens to the lines which print the same list."""
    with st.popover("Command", key=f"{page}_command", icon=ICON, type="tertiary"):
        show_command(*lines)


def write_commands(proposals: Sequence[Proposal], before: Sequence[str] = ()) -> None:
    """The dry runs and the writes of a plan; `before` has to be done first."""
    shown = proposals[:MOST_WRITES]
    tried, written = trials(shown), writes(shown)
    if not written:
        return
    with st.expander(LABEL, icon=ICON):
        if len(proposals) > len(shown):
            st.caption(f"The first {len(shown)} of {len(proposals)} objects.")
        if any("-patch.yaml" in line for line in written):
            st.caption("Values of secrets are not shown: write what changes of it into the file.")
        if tried:
            st.markdown("Ask the server, and change nothing:")
            show_command(*tried)
        st.markdown("Write:")
        show_command(*before, *written)


def answer_command(command: str, kinds: Iterable[Kind], words: Iterable[str] = ()) -> str:
    """The console's own command line for this cluster and the namespace chosen in the bar."""
    access = backend().access
    context = access.name if access.source == "kubeconfig" else ""
    return answered(command, kinds, words, context=context, namespace=scope.namespace())


def piped_command(command: str, kinds: Iterable[Kind], words: Iterable[str] = ()) -> str:
    """The same over the objects of these kinds alone, whatever else the cluster has."""
    return answered(command, kinds, words, context="", namespace=scope.namespace())
