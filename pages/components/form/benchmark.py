"""What a benchmark measures: a service of this cluster or a plain URL, never both."""

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.editing.placing import placed, removed
from ome_backend.resources.manifest import Manifest
from pages.components.form.label import explanation
from pages.components.form.one_value import one_value
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_CHOICES = {"inferenceService": "A service of this cluster", "endpoint": "A plain URL"}


def endpoint(sheet: Sheet, path: Path, field: Field) -> None:
    """The choice, then the fields of what was chosen."""
    held = sheet.at(path) or {}
    both = [name for name in _CHOICES if name in held]
    drawn = sheet.shown(path, _chosen, sheet, path, part="choice")
    st.session_state[drawn["key"]] = both[0] if both else None
    st.segmented_control(
        "What is measured *",
        list(_CHOICES),
        format_func=lambda name: _CHOICES[name],
        help=explanation(field, path),
        **drawn,
    )
    if len(both) > 1:
        st.warning("The YAML names both; OME refuses that.", icon=":material/warning:")
    for part in field.inside:
        if part.name in both:
            _fields(sheet, (*path, part.name), part)


def _chosen(sheet: Sheet, path: Path) -> None:
    name = st.session_state[sheet.widget(path, part="choice")]

    def change(manifest: Manifest) -> Manifest:
        for other in _CHOICES:
            removed(manifest, (*path, other))
        return placed(manifest, (*path, name), {}) if name else manifest

    sheet.change(change)


def _fields(sheet: Sheet, path: Path, field: Field) -> None:
    if field.description:
        st.caption(plain(field.description[:1].upper() + field.description[1:]) + ".")
    # The namespace narrows the services offered, so it comes first.
    ordered = sorted(field.inside, key=lambda each: each.name != "namespace")
    for place, each in zip(st.columns(len(ordered)), ordered, strict=True):
        with place:
            one_value(sheet, (*path, each.name), each)
