"""Objects within an object: one, several in a list, or several by name."""

from collections.abc import Sequence
from typing import Any, Protocol

import streamlit as st

from ome_backend.editing.fields import Field
from pages.components.form.label import explanation, heading, label, trouble
from pages.components.form.one_value import one_value
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_TITLES = ("name", "key", "mountPath", "containerPort", "topologyKey")
_ROW = 4  # an item of so many plain values fits into one line
_OPEN = 5  # parts deeper than this begin folded


class Draw(Protocol):
    def __call__(
        self,
        sheet: Sheet,
        path: Path,
        fields: Sequence[Field],
        *,
        emptied: int = 0,
        columns: int = 2,
    ) -> None: ...


def part(sheet: Sheet, path: Path, field: Field, draw: Draw) -> None:
    """One object, which can be folded and, unless it is required, removed."""
    depth = len(path)
    if depth == 1:
        st.subheader(label(field).removesuffix(" *"), anchor=False)
        draw(sheet, path, field.inside)
        return
    with st.expander(label(field), expanded=depth < _OPEN, key=sheet.lasting(path, "part")):
        if field.description:
            st.caption(plain(field.description[:1].upper() + field.description[1:]) + ".")
        trouble(sheet, path)
        draw(sheet, path, field.inside)
        if not field.required:
            _button(sheet, path, "away", "delete", f"Remove {field.label}", sheet.remove, path)


def inline(sheet: Sheet, path: Path, field: Field, draw: Draw) -> None:
    """A small object in one line, which goes with its last value."""
    st.markdown(heading(field), help=explanation(field, path))
    trouble(sheet, path)
    few = [each for each in field.inside if each.common or sheet.at((*path, each.name)) is not None]
    draw(sheet, path, few, emptied=0 if field.required else 1, columns=max(1, len(few)))


def listed(sheet: Sheet, path: Path, field: Field, draw: Draw) -> None:
    """A list of objects, in their order."""
    items: list[dict[str, Any]] = sheet.at(path) or []
    st.markdown(heading(field), help=explanation(field, path))
    trouble(sheet, path)
    for index, item in enumerate(items):
        line = _line(field, item)
        if line and not sheet.asked((*path, index)):
            more = len(line) < len(field.inside)
            _in_a_line(sheet, (*path, index), line, first=index == 0, more=more)
        else:
            _folded(sheet, (*path, index), field, item, draw, last=len(items) - 1)
    _button(sheet, path, "add", "add", f"Add to {field.label}", sheet.append, path, {}, named=True)


def named(sheet: Sheet, path: Path, field: Field, draw: Draw) -> None:
    """Objects by name."""
    st.markdown(heading(field), help=explanation(field, path))
    for name in sheet.at(path) or {}:
        here = (*path, name)
        with st.expander(plain(name), expanded=True, key=sheet.lasting(here, "part")):
            draw(sheet, here, field.inside)
            _button(sheet, here, "away", "delete", f"Remove {name}", sheet.remove, here, 1)
    key = sheet.lasting(path, "new")

    def added() -> None:
        if name := st.session_state[key].strip():
            sheet.place((*path, name), {})
            st.session_state[key] = ""

    st.text_input(
        f"Another of {plain(field.label)}",
        key=key,
        placeholder="Name of another one",
        label_visibility="collapsed",
        on_change=added,
    )


def _line(field: Field, item: dict[str, Any]) -> list[Field]:
    """The fields of an item that fits into one line; none when it does not."""
    shown = [each for each in field.inside if each.name in item or (each.common and each.plain)]
    known = {each.name for each in field.inside}
    fits = len(shown) <= _ROW and item.keys() <= known and all(each.plain for each in shown)
    return shown if fits else []


def _in_a_line(sheet: Sheet, path: Path, fields: list[Field], *, first: bool, more: bool) -> None:
    """An item in one line; `more` when it could have other fields."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for each in fields:
            one_value(sheet, (*path, each.name), each, bare=not first)
        if more:
            _button(sheet, path, "more", "more_horiz", "More fields", sheet.ask, path)
        _moves(sheet, path)


def _folded(
    sheet: Sheet, path: Path, field: Field, item: dict[str, Any], draw: Draw, *, last: int
) -> None:
    index = int(path[-1])
    title = next((str(item[name]) for name in _TITLES if item.get(name)), "")
    heading = f"{plain(field.label)} {index + 1}" + (f": {plain(title)}" if title else "")
    with st.expander(heading, expanded=last < 2 or not item, key=sheet.lasting(path, "part")):
        trouble(sheet, path)
        draw(sheet, path, field.inside)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            _moves(sheet, path)


def _moves(sheet: Sheet, path: Path) -> None:
    """Up, down and away."""
    if int(path[-1]):
        _button(sheet, path, "up", "arrow_upward", "Move up", sheet.move, path, -1)
    if sheet.at((*path[:-1], int(path[-1]) + 1)) is not None:
        _button(sheet, path, "down", "arrow_downward", "Move down", sheet.move, path, 1)
    _button(sheet, path, "away", "delete", "Remove", sheet.remove, path, 1)


def _button(
    sheet: Sheet,
    path: Path,
    name: str,
    icon: str,
    words: str,
    act: Any,
    *args: Any,
    named: bool = False,
) -> None:
    st.button(
        plain(words) if named else "",
        icon=f":material/{icon}:",
        type="tertiary",
        help=None if named else plain(words),
        **sheet.pressed(path, name, act, *args),
    )
