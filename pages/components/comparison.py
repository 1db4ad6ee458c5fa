"""What is compared, chosen in the address, and what comes of it."""

from dataclasses import dataclass

import streamlit as st

from ome_backend.editing import commands
from ome_backend.errors import OmeError
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import Manifest, key_of
from ome_backend.services.compare import address, family
from pages.components import places
from pages.components.command import as_command
from pages.components.diff import diff, shown
from pages.components.earlier import earlier, last_applied
from pages.components.facts_table import facts_table
from pages.components.failures import show_failure
from pages.components.session import backend
from pages.components.text import plain

LEFT, RIGHT, KIND = "left", "right", "compare_kind"
OBJECT, TEXT = "Another object", "A text or file"
EARLIER, APPLIED = "An earlier version", "As last applied"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, the object, and where it lives if it is on the cluster."""

    label: str
    raw: Manifest
    kind: Kind
    ref: Ref | None = None


def choose_left() -> Side | None:
    """The object that another is compared with."""
    asked = backend().compare.ref(st.query_params.get(LEFT, ""))
    kind = _kind(asked)
    return _object(LEFT, kind, asked) if kind is not None else None


def choose_right(left: Side) -> Side | None:
    """The other object, of the same family, a text, or the same object as it was."""
    way = st.segmented_control(
        "With",
        [OBJECT, TEXT, EARLIER, APPLIED],
        default=OBJECT,
        required=True,
        key="compare_with",
        bind="query-params",
    )
    if way == TEXT:
        return _text(left.kind)
    if left.ref is not None and way in (EARLIER, APPLIED):
        found = earlier(left.ref) if way == EARLIER else last_applied(left.ref)
        return Side(*found, left.kind) if found is not None else None
    asked = backend().compare.ref(st.query_params.get(RIGHT, ""))
    return _object(RIGHT, left.kind, asked, but=left.ref)


def _kind(asked: Ref | None) -> Kind | None:
    """The families there are, each called by its first kind."""
    first = list(dict.fromkeys(family(kind)[0] for kind in backend().compare.kinds()))
    index = first.index(family(asked.kind)[0]) if asked and family(asked.kind)[0] in first else 0
    return st.selectbox(
        "Kind", first, index, key=KIND, format_func=lambda kind: kind.word.capitalize()
    )


def _object(side: str, kind: Kind, asked: Ref | None, but: Ref | None = None) -> Side | None:
    choices = [address(ref) for ref in backend().compare.choices(kind) if ref != but]
    held = address(asked) if asked is not None and asked.kind in family(kind) else None
    if held is not None and held not in choices:
        choices.append(held)
    if st.session_state.get(side) not in (None, *choices):
        st.session_state[side] = None
    chosen = st.selectbox(
        "Object", choices, index=None, key=side, bind="query-params", placeholder="Choose one"
    )
    ref = backend().compare.ref(chosen) if chosen is not None else None
    if ref is None:
        return None
    try:
        return Side(str(ref.key), backend().compare.live(ref), ref.kind, ref)
    except OmeError as failure:
        show_failure(failure)
        return None


def _text(kind: Kind) -> Side | None:
    given = st.file_uploader("A YAML file", type=["yaml", "yml"], key="compare_file")
    pasted = st.text_area("Or paste YAML", key="compare_pasted", height=140)
    text = given.getvalue().decode("utf-8", "replace") if given is not None else pasted
    if not text.strip():
        return None
    try:
        raw = backend().compare.given(text, kind)
    except OmeError as failure:
        show_failure(failure)
        return None
    return Side(given.name if given is not None else "the text", raw, kind)


def comparison(left: Side, right: Side) -> None:
    """What differs, in the view the person prefers, and what is the same, folded."""
    found = backend().compare.compared(left.raw, right.raw)
    _line(left, right, len(found.different))
    if found.different:
        labels = (left.label, right.label)
        if left.label == right.label:
            labels = (f"{left.label} (left)", f"{right.label} (right)")
        diff("compare", found.left, found.right, found.different, labels)
    number = len(found.equal)
    with st.expander(f"{number} field{' is' if number == 1 else 's are'} the same"):
        facts_table([{"Field": path, "Value": shown(value)} for path, value in found.equal])
    as_command(*(commands.get(side.ref) for side in (left, right) if side.ref is not None))


def _line(left: Side, right: Side, number: int) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for side in (left, right):
            if side.ref is not None:
                places.link_to(side.ref, str(side.ref))
            else:
                name = plain(key_of(side.raw).name)
                st.markdown(f"{plain(side.label)}: {name}", width="content")
        words = {0: "They are the same.", 1: "One field differs."}
        st.markdown(f"**{words.get(number, f'{number} fields differ.')}**", width="content")
