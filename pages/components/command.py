"""What a view or an action does, as a command to copy."""

import streamlit as st


def as_command(*lines: str, label: str = "As a command") -> None:
    """A small disclosure with `kubectl` lines that do the same; nothing where there are none."""
    if not any(lines):
        return
    with st.expander(label, icon=":material/terminal:"):
        show_command(*lines)


def show_command(*lines: str) -> None:
    """The lines themselves, where there is room for them."""
    st.code("\n".join(line for line in lines if line), language="bash", wrap_lines=True)
