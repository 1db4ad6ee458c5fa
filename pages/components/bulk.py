"""What can be done with several objects at once: each action is previewed object by object."""

from collections.abc import Callable, Sequence

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import MODEL_KINDS, RUNTIME_KINDS
from ome_backend.resources.manifest import Manifest
from pages.components.command import show_command
from pages.components.drawer import open_bulk
from pages.components.export_menu import export_menu
from pages.components.removing import ask_to_remove
from pages.components.session import backend

SWITCHED = (*MODEL_KINDS, *RUNTIME_KINDS)
MOST_LINES = 20


def bulk(page: str, refs: Sequence[Ref]) -> None:
    """The actions for the selected objects, of which there is one at least."""
    read_only = backend().settings.read_only
    st.markdown(f"**{len(refs)} selected**", width="content")
    if all(ref.kind in SWITCHED for ref in refs):
        _switches(page, refs, read_only)
    _label(page, refs, read_only)
    export_menu(f"{page}_bulk", refs)
    if st.button(
        "Delete …", key=f"{page}_bulk_delete", icon=":material/delete:", disabled=read_only
    ):
        ask_to_remove(refs)


def _switches(page: str, refs: Sequence[Ref], read_only: bool) -> None:
    for word, disabled in (("Enable", False), ("Disable", True)):
        if st.button(word, key=f"{page}_bulk_{word.lower()}", disabled=read_only):
            open_bulk(refs, _switching(disabled), f"{word.lower()} {len(refs)} objects")


def _switching(disabled: bool) -> Callable[[Manifest], Manifest]:
    def change(manifest: Manifest) -> Manifest:
        spec = manifest.setdefault("spec", {})
        if disabled:
            spec["disabled"] = True
        else:
            spec.pop("disabled", None)
        return manifest

    return change


def _label(page: str, refs: Sequence[Ref], read_only: bool) -> None:
    with st.popover("Label", key=f"{page}_bulk_label", disabled=read_only):
        name = st.text_input("Label", key=f"{page}_bulk_label_name").strip()
        value = st.text_input(
            "Value", key=f"{page}_bulk_label_value", help="Empty takes the label away."
        ).strip()
        if name:
            show_command(*(commands.label(ref, {name: value or None}) for ref in refs[:MOST_LINES]))
        if st.button("Preview", key=f"{page}_bulk_label_go", disabled=not name):
            open_bulk(refs, _labelling(name, value), f"label {len(refs)} objects")


def _labelling(name: str, value: str) -> Callable[[Manifest], Manifest]:
    def change(manifest: Manifest) -> Manifest:
        metadata = manifest["metadata"]
        labels = dict(metadata.get("labels") or {})
        if value:
            labels[name] = value
        else:
            labels.pop(name, None)
        if labels or "labels" in metadata:
            metadata["labels"] = labels
        return manifest

    return change
