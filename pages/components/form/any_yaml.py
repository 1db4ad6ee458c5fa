"""A field that takes any YAML: its own small text."""

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_dump import block
from pages.components.form.label import explanation, label, trouble
from pages.components.form.sheet import Path, Sheet
from pages.components.form.typed import half_typed, keep_typed
from pages.components.text import plain

_WRAP = "value"


def any_yaml(sheet: Sheet, path: Path, field: Field) -> None:
    """Draw the value as YAML; what cannot be read stays in the field and out of the text."""
    drawn, value = sheet.shown(path, _changed, sheet, path), sheet.at(path)
    typed, message = half_typed(sheet, path)
    shown = "" if value in (None, {}) else block(value).rstrip("\n")
    st.session_state[drawn["key"]] = shown if typed is None else typed
    st.text_area(
        label(field),
        height=110,
        placeholder="name: value",
        help=explanation(field, path),
        **drawn,
    )
    if message:
        st.caption(f":red[{plain(message)}]")
    trouble(sheet, path)


def _changed(sheet: Sheet, path: Path) -> None:
    typed = st.session_state[sheet.widget(path)]
    indented = "".join(f"  {line}\n" for line in typed.splitlines())
    parsed = yaml_text.parse(f"{_WRAP}:\n{indented}")
    if parsed.problems or len(parsed.documents) != 1:
        reason = parsed.problems[0].message if parsed.problems else "one value is needed"
        keep_typed(sheet, path, typed, f"This is not YAML: {reason}")
        return
    keep_typed(sheet, path)
    sheet.put(path, parsed.documents[0].value.get(_WRAP))
