"""Objects as files to keep or to apply elsewhere."""

from collections.abc import Callable, Sequence

import streamlit as st

from ome_backend.editing import commands
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.kinds import CONFIG_MAP, NAMESPACE, OME_KINDS
from ome_backend.services.checking import is_label
from ome_backend.services.export import Exported
from pages.components import scope
from pages.components.command import show_command
from pages.components.session import backend

YAML, KUSTOMIZE = "YAML", "Kustomize"
MOST_COMMANDS = 20

Make = Callable[[], Exported]


def export_menu(page: str, refs: Sequence[Ref], *, label: str = "Export") -> None:
    """Offer the objects as YAML or as a kustomize base with an overlay; `page` begins the widgets' keys."""
    key = f"{page}_export"
    with st.popover(label, key=key, icon=":material/download:", disabled=not refs):
        name = refs[0].key.name if len(refs) == 1 else f"{len(refs)}-objects"
        _offer(key, name, lambda: backend().export.objects(refs))
        show_command(*(commands.get(ref) for ref in refs[:MOST_COMMANDS]))


def export_namespace(page: str) -> None:
    """Offer the namespace chosen in the bar; nothing while none is chosen."""
    chosen = scope.namespace()
    if not chosen:
        return
    key = f"{page}_export_namespace"
    with st.popover(f"Export {chosen}", key=key, icon=":material/download:"):
        itself = st.checkbox("With the namespace itself", key=f"{key}_itself")
        maps = st.checkbox("With its config maps", key=f"{key}_maps")
        st.caption("OME's objects in it. Secrets are not exported.")
        _offer(
            key,
            chosen,
            lambda: backend().export.namespace(chosen, itself=itself, config_maps=maps),
        )
        kinds = [kind for kind in (*OME_KINDS, *((CONFIG_MAP,) if maps else ())) if kind.namespaced]
        show_command(
            commands.get(Ref(NAMESPACE, Key("", chosen))) if itself else "",
            commands.listing(*kinds, namespace=chosen, output="yaml"),
        )


def _offer(key: str, name: str, make: Make) -> None:
    """Nothing is read before one presses the button; what could not be read is said in the file."""
    form = st.segmented_control(
        "As", [YAML, KUSTOMIZE], default=YAML, required=True, key=f"{key}_form"
    )
    if form == YAML:
        _download(key, f"{name}.yaml", "text/yaml", make, Exported.yaml)
        return
    st.caption("A base with the objects, and an overlay that puts them into another namespace.")
    namespace = st.text_input("Namespace of the overlay", "production", key=f"{key}_namespace")
    suffix = st.text_input(
        "Name suffix", key=f"{key}_suffix", placeholder="none, or such as -canary"
    )
    if not is_label(namespace) or (suffix and not is_label(f"x{suffix}")):
        st.caption(":red[Lower-case letters, digits and hyphens are expected.]")
        return
    _download(
        key,
        f"{name}-kustomize.zip",
        "application/zip",
        make,
        lambda found: found.kustomization(namespace, namespace, suffix),
    )
    show_command(commands.apply_folder(f"overlays/{namespace}"))


def _download(
    key: str, file: str, mime: str, make: Make, render: Callable[[Exported], str | bytes]
) -> None:
    st.download_button(
        f"Download {file}",
        lambda: render(make()),
        file_name=file,
        mime=mime,
        key=f"{key}_download",
        type="primary",
        on_click="ignore",
    )
