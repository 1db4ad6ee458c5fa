"""How often the YAML beside a form changed what a widget shows.

A browser that has not heard yet what was typed into the YAML still sends the widget's value of
before, as if the person had chosen it. A widget whose value the YAML changed is therefore another
one, with another key; what comes in under the old key still calls what the old one was drawn with.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

import streamlit as st

from ome_backend.editing.paths import Path, Step
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_changes import Change, changes

Rounds = Mapping[Path, int]


def rounds(key: str, document: int, value: Manifest) -> Rounds:
    """How often the YAML changed each path, until it had this value. `key` is the page's name."""
    held: dict[Path, int] = st.session_state.setdefault(f"{key}_rounds", {})
    shown: tuple[int, Manifest] | None = st.session_state.get(f"{key}_shown")
    if shown is not None and shown[0] == document:
        for path in {_moved(change) for change in changes(shown[1], value)}:
            held[path] = held.get(path, 0) + 1
    st.session_state[f"{key}_shown"] = (document, value)
    return dict(held)


def latest(key: str) -> Rounds:
    """As of when the form was drawn last."""
    held: Rounds = st.session_state.get(f"{key}_rounds", {})
    return held


def told(key: str, document: int, value: Manifest, change: Callable[[Manifest], Manifest]) -> None:
    """The form itself is about to make this change: its widgets stay the same ones."""
    st.session_state[f"{key}_shown"] = (document, change(deepcopy(value)))


def within(held: Rounds, path: Sequence[Step]) -> int:
    """How often something at the path, or inside it, changed, or what it stands in as a whole."""
    here = tuple(path)
    return around(held, here) + sum(
        count for each, count in held.items() if len(each) > len(here) and each[: len(here)] == here
    )


def around(held: Rounds, path: Sequence[Step]) -> int:
    """How often what stands at the path, or what that stands in, changed as a whole."""
    here = tuple(path)
    return sum(count for each, count in held.items() if here[: len(each)] == each)


def _moved(change: Change) -> Path:
    """What changed as a whole: a list, where items were added or taken away."""
    in_list = change.action != "set" and isinstance(change.path[-1], int)
    return change.path[:-1] if in_list else change.path
