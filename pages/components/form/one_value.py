"""Fields of one value. Each widget shows what the text says and writes back into it."""

from typing import Any

import streamlit as st

from ome_backend.editing.fields import Field
from pages.components.form.label import elsewhere, explanation, label, trouble
from pages.components.form.sheet import Path, Sheet
from pages.components.form.suggestions import suggestions

_LARGEST = 2**53 - 1  # the largest integer a browser counts with


def one_value(
    sheet: Sheet, path: Path, field: Field, *, emptied: int = 0, bare: bool = False
) -> None:
    """Draw the field. `emptied` parts around it go with their last value; a `bare` one hides its label."""
    value = sheet.at(path)
    if not field.takes(value) or _beyond(value):
        elsewhere(field)
        return
    offered = suggestions(sheet, path) if field.type == "text" else ()
    drawn = {
        "label_visibility": "collapsed" if bare else "visible",
        "help": explanation(field, path),
        **sheet.shown(path, _changed, sheet, path, field, emptied),
    }
    if field.type == "switch":
        _switch(field, value, drawn)
    elif field.type in ("integer", "number"):
        _number(field, value, drawn)
    elif field.type == "choice" or offered:
        _choice(field, value, drawn, offered)
    else:
        _text(field, value, drawn)
    trouble(sheet, path)


def _changed(sheet: Sheet, path: Path, field: Field, emptied: int) -> None:
    typed = st.session_state[sheet.widget(path)]
    sheet.put(path, meant(field, typed, sheet.at(path)), emptied)


def meant(field: Field, typed: Any, before: Any = None) -> Any:
    """What stands in the YAML for what was typed; None for nothing.

    Digits become an integer where a text would do as well, unless the text had them in quotes.
    """
    if not isinstance(typed, str):
        return typed
    words = typed if "\n" in typed else typed.strip()
    digits = field.type in ("quantity", "either") and words.isascii() and words.isdigit()
    quoted = isinstance(before, str) and before.isdigit()
    return int(words) if digits and not quoted else words or None


def _beyond(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) > _LARGEST


def _switch(field: Field, value: Any, drawn: dict[str, Any]) -> None:
    """Yes, no, or neither: what is left out is not always no."""
    st.session_state[drawn["key"]] = value
    st.segmented_control(label(field), (True, False), format_func=_yes_or_no, **drawn)


def _yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"


def _number(field: Field, value: Any, drawn: dict[str, Any]) -> None:
    st.session_state[drawn["key"]] = value
    least, most, step = field.least, field.most, 1
    if value is not None and ((least or value) > value or value > (most or value)):
        least = most = None  # the widget takes no value beyond its limits, but the text has one
    kind = float if field.type == "number" or isinstance(value, float) else int
    st.number_input(
        label(field),
        min_value=None if least is None else kind(least),
        max_value=None if most is None else kind(most),
        step=kind(step),
        placeholder=_left_out(field),
        **drawn,
    )


def _choice(field: Field, value: Any, drawn: dict[str, Any], offered: tuple[str, ...]) -> None:
    options = [*(field.choices or offered)]
    if value not in (None, "") and value not in options:
        options.append(value)
    st.session_state[drawn["key"]] = value or None
    st.selectbox(
        label(field),
        options,
        index=None,
        accept_new_options=not field.choices,
        placeholder=_left_out(field),
        format_func=str,
        **drawn,
    )


def _text(field: Field, value: Any, drawn: dict[str, Any]) -> None:
    shown = "" if value is None else str(value)
    st.session_state[drawn["key"]] = shown
    draw = st.text_area if "\n" in shown else st.text_input
    draw(label(field), placeholder=_left_out(field), **drawn)


def _left_out(field: Field) -> str:
    return "" if field.default in (None, "") else str(field.default)
