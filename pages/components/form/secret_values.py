"""Values of a Secret: typed once, never drawn again, and put into what is sent, not into the text."""

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.editing.masking import HIDDEN, secret
from ome_backend.editing.placing import placed
from ome_backend.resources.manifest import Manifest, mapping
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_edit import edit
from pages.components.form.label import explanation, trouble
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_USUAL = "token"
_FIELD = "stringData"


def secret_values(sheet: Sheet, path: Path, field: Field) -> None:
    """A row for each value, and one for another. The text says only that there is one."""
    st.markdown("**Values**", help=explanation(field, path))
    held = sheet.at(path) or {}
    for name in [*held, *([_USUAL] if not held else [])]:
        _value(sheet, path, str(name), there=name in held)
    _another(sheet, path)
    trouble(sheet, path)


def _value(sheet: Sheet, path: Path, name: str, *, there: bool) -> None:
    key = sheet.lasting((*path, name))
    known = name in sealed(sheet.key)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(
            plain(name),
            key=key,
            type="password",
            autocomplete="off",
            placeholder="Kept, not shown; type to replace it" if known and there else "hf_…",
            help="A token of the Hub belongs under the name token, unless the model says otherwise.",
            on_change=_typed,
            args=(sheet, path, name),
        )
        if there:
            st.button(
                "",
                icon=":material/close:",
                type="tertiary",
                help=f"Remove {plain(name)}",
                **sheet.pressed((*path, name), "away", sheet.remove, (*path, name), 1),
            )
    if there and not known and sheet.at((*path, name)) == HIDDEN:
        st.caption(":orange[The value was not kept. Type it again.]")


def _typed(sheet: Sheet, path: Path, name: str) -> None:
    key = sheet.lasting((*path, name))
    value, st.session_state[key] = st.session_state[key].strip(), ""
    if value:
        st.session_state[f"{sheet.key}_sealed"] = sealed(sheet.key) | {name: value}
        sheet.place((*path, name), HIDDEN)


def _another(sheet: Sheet, path: Path) -> None:
    key = sheet.lasting(path, "new")

    def added() -> None:
        if name := st.session_state[key].strip():
            sheet.place((*path, name), HIDDEN)
            st.session_state[key] = ""

    st.text_input(
        "Another value",
        key=key,
        placeholder="Name of another value",
        label_visibility="collapsed",
        on_change=added,
    )


def sealed(page: str) -> dict[str, str]:
    """The values typed on a page, by name."""
    held: dict[str, str] = st.session_state.get(f"{page}_sealed", {})
    return held


def forget_sealed(page: str) -> None:
    """The Secret was created, or another object is begun."""
    st.session_state.pop(f"{page}_sealed", None)


def unsealed(page: str, manifests: str) -> str:
    """The text as it is sent: hidden values are those typed; one that was not kept is refused."""
    for number, document in enumerate(yaml_text.parse(manifests).documents):
        if secret(document.value):
            manifests = edit(manifests, lambda manifest: _open(page, manifest), number)
    return manifests


def _open(page: str, manifest: Manifest) -> Manifest:
    for name, value in mapping(manifest, _FIELD).items():
        if value == HIDDEN:
            placed(manifest, (_FIELD, name), sealed(page).get(name, HIDDEN))
    return manifest
