"""Fields of several plain values: lists, and maps from a name to a value."""

from typing import Any

import streamlit as st

from ome_backend.editing.fields import Field
from pages.components.form.label import explanation, label, trouble
from pages.components.form.one_value import meant
from pages.components.form.sheet import Path, Sheet
from pages.components.form.suggestions import names, suggestions
from pages.components.form.typed import half_typed, keep_typed
from pages.components.text import plain

_MOST_LINES, _LINE, _FRAME = 12, 24, 18


def texts(sheet: Sheet, path: Path, field: Field) -> None:
    """A list of texts: chosen among what is known, else one in each line."""
    value = sheet.at(path) or []
    offered = suggestions(sheet, path)
    if offered and len(set(value)) == len(value):
        _chosen(sheet, path, field, value, offered)
    elif any("\n" in each for each in value):
        _pieces(sheet, path, field, value)
    else:
        _lines(sheet, path, field, value)
    trouble(sheet, path)


def _chosen(
    sheet: Sheet, path: Path, field: Field, value: list[str], offered: tuple[str, ...]
) -> None:
    drawn = sheet.shown(path, lambda: sheet.put(path, list(st.session_state[drawn["key"]])))
    st.session_state[drawn["key"]] = list(value)
    st.multiselect(
        label(field),
        list(dict.fromkeys((*offered, *value))),
        accept_new_options=True,
        help=explanation(field, path),
        **drawn,
    )


def _lines(sheet: Sheet, path: Path, field: Field, value: list[str]) -> None:
    drawn = sheet.shown(path, lambda: sheet.put(path, _split(st.session_state[drawn["key"]])))
    st.session_state[drawn["key"]] = "\n".join(value)
    st.text_area(
        label(field),
        height=_FRAME + _LINE * min(max(len(value) + 1, 2), _MOST_LINES),
        placeholder="One in each line",
        help=explanation(field, path),
        **drawn,
    )


def _split(typed: str) -> list[str]:
    return [line for line in typed.splitlines() if line.strip()]


def _pieces(sheet: Sheet, path: Path, field: Field, value: list[str]) -> None:
    """Each in a field of its own, because one of them has several lines."""
    for index in range(len(value)):
        here = (*path, index)
        drawn = sheet.shown(here, _piece_changed, sheet, here)
        st.session_state[drawn["key"]] = value[index]
        st.text_area(f"{label(field)} {index + 1}", help=explanation(field, path), **drawn)


def _piece_changed(sheet: Sheet, path: Path) -> None:
    sheet.put(path, st.session_state[sheet.widget(path)], 1)


def integers(sheet: Sheet, path: Path, field: Field) -> None:
    """A list of integers, with commas between them."""
    drawn = sheet.shown(path, _integers_changed, sheet, path)
    typed, message = half_typed(sheet, path)
    held = ", ".join(map(str, sheet.at(path) or ()))
    st.session_state[drawn["key"]] = held if typed is None else typed
    st.text_input(
        label(field),
        placeholder="1, 2, 4",
        help=explanation(field, path),
        **drawn,
    )
    if message:
        st.caption(f":red[{plain(message)}]")
    trouble(sheet, path)


def _integers_changed(sheet: Sheet, path: Path) -> None:
    typed = st.session_state[sheet.widget(path)]
    words = typed.replace(",", " ").split()
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        keep_typed(sheet, path, typed, "Whole numbers with commas between them, please.")
        return
    keep_typed(sheet, path)
    sheet.put(path, numbers)


def values_by_name(sheet: Sheet, path: Path, field: Field) -> None:
    """A map: a row for each entry, and one for another; an entry without a value goes."""
    st.markdown(label(field), help=explanation(field, path))
    entries: dict[str, Any] = sheet.at(path) or {}
    for name in entries:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _name(sheet, (*path, name))
            _value(sheet, (*path, name), field, entries[name])
            _away(sheet, (*path, name))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _another(sheet, path, field)
    trouble(sheet, path)


def _name(sheet: Sheet, path: Path) -> None:
    def changed() -> None:
        if typed := st.session_state[drawn["key"]].strip():
            sheet.rename(path, typed)

    drawn = sheet.shown(path, changed, part="name")
    st.session_state[drawn["key"]] = path[-1]
    st.text_input("Name", label_visibility="collapsed", **drawn)


def _value(sheet: Sheet, path: Path, field: Field, value: Any) -> None:
    def changed() -> None:
        sheet.put(path, _as_value(field, st.session_state[drawn["key"]], value), 1)

    drawn = sheet.shown(path, changed)
    st.session_state[drawn["key"]] = str(value)
    st.text_input(f"Value of {plain(str(path[-1]))}", label_visibility="collapsed", **drawn)


def _as_value(field: Field, typed: str, before: Any = None) -> Any:
    part = Field(field.name, field.part)
    if part.type == "integer":
        return int(typed) if typed.strip().lstrip("-").isdigit() else typed.strip()
    return meant(part, typed, before)


def _away(sheet: Sheet, path: Path) -> None:
    st.button(
        "",
        icon=":material/close:",
        type="tertiary",
        help=f"Remove {plain(str(path[-1]))}",
        **sheet.pressed(path, "away", sheet.remove, path, 1),
    )


def _another(sheet: Sheet, path: Path, field: Field) -> None:
    """A name and a value, taken into the text once both are there."""
    name_key, value_key = sheet.lasting(path, "new"), sheet.lasting(path, "new_value")

    def changed() -> None:
        name, value = (st.session_state.get(name_key) or "").strip(), st.session_state[value_key]
        if name and value.strip():
            sheet.place((*path, name), _as_value(field, value))
            st.session_state[name_key] = None if offered else ""
            st.session_state[value_key] = ""

    offered = [each for each in names(path) if each not in (sheet.at(path) or {})]
    if offered:
        st.selectbox(
            "Another name",
            offered,
            index=None,
            key=name_key,
            accept_new_options=True,
            label_visibility="collapsed",
            placeholder="Another name",
            on_change=changed,
        )
    else:
        st.text_input(
            "Another name",
            key=name_key,
            label_visibility="collapsed",
            placeholder="Another name",
            on_change=changed,
        )
    st.text_input(
        "Its value",
        key=value_key,
        label_visibility="collapsed",
        placeholder="Its value",
        on_change=changed,
    )
