"""The fields of an object, drawn from its schema: plain ones in two columns, parts one below the other."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.editing.fields import Field
from pages.components.form import by_hand
from pages.components.form.any_yaml import any_yaml
from pages.components.form.label import elsewhere
from pages.components.form.one_value import one_value
from pages.components.form.parts import inline, listed, named, part
from pages.components.form.several_values import integers, texts, values_by_name
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_COLUMNS = 2
_MULTIPLE = {"texts": texts, "integers": integers, "map": values_by_name, "anything": any_yaml}


def draw_fields(
    sheet: Sheet, path: Path, fields: Sequence[Field], *, emptied: int = 0, columns: int = _COLUMNS
) -> None:
    """Draw what the object has and what people usually set; the rest is offered below."""
    head = by_hand.head(sheet, path)
    if head is not None:
        head(sheet, path)
    drawn = [each for each in fields if _drawn(sheet, path, each)]
    row: list[Field] = []
    for field in drawn:
        if field.plain and by_hand.instead(sheet, (*path, field.name)) is None:
            row.append(field)
            continue
        _row(sheet, path, row, emptied, columns)
        row = []
        draw_field(sheet, (*path, field.name), field)
    _row(sheet, path, row, emptied, columns)
    _more(sheet, path, [each for each in fields if each not in drawn])


def draw_field(sheet: Sheet, path: Path, field: Field) -> None:
    """One field that is not a plain value, or one that is drawn by hand."""
    instead = by_hand.instead(sheet, path)
    if instead is not None:
        instead(sheet, path, field)
    elif not field.takes(sheet.at(path)):
        elsewhere(field)
    elif field.type in _MULTIPLE:
        _MULTIPLE[field.type](sheet, path, field)
    elif field.type == "objects":
        listed(sheet, path, field, draw_fields)
    elif field.type == "named":
        named(sheet, path, field, draw_fields)
    elif field.inline:
        inline(sheet, path, field, draw_fields)
    else:
        part(sheet, path, field, draw_fields)


def _drawn(sheet: Sheet, path: Path, field: Field) -> bool:
    here = (*path, field.name)
    held = sheet.at(path)
    if isinstance(held, dict) and field.name in held:
        return True
    if field.required or sheet.asked(here):
        return True
    usual = field.plain or field.inline or field.type in ("texts", "integers")
    return field.common and (usual or by_hand.instead(sheet, here) is not None)


def _row(sheet: Sheet, path: Path, fields: list[Field], emptied: int, columns: int) -> None:
    for start in range(0, len(fields), columns):
        places = st.columns(columns, vertical_alignment="bottom")
        for place, field in zip(places, fields[start : start + columns], strict=False):
            with place:
                one_value(sheet, (*path, field.name), field, emptied=emptied)


def _more(sheet: Sheet, path: Path, fields: list[Field]) -> None:
    """The fields that are not there, to be asked for by name."""
    by_name = {field.name: field for field in fields}
    if not by_name:
        return
    key = sheet.lasting(path, "more")

    def chosen() -> None:
        name = st.session_state[key]
        st.session_state[key] = None
        if name is not None:
            _begin(sheet, (*path, name), by_name[name])

    st.selectbox(
        "Add a field",
        list(by_name),
        index=None,
        key=key,
        format_func=lambda name: _offer(by_name[name]),
        label_visibility="collapsed",
        placeholder="Add a field",
        on_change=chosen,
    )


def _offer(field: Field) -> str:
    return f"{field.label} · {field.description}" if field.description else plain(field.label)


def _begin(sheet: Sheet, path: Path, field: Field) -> None:
    """A part is begun in the text; what needs a value is only drawn."""
    if field.type == "object":
        sheet.place(path, {})
    elif field.type == "objects":
        sheet.append(path, {})
    else:
        sheet.ask(path)
