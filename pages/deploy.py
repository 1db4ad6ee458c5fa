"""Deploy: choose a model, see which runtime serves it and why, check the manifest, create the service."""

import streamlit as st

from ome_backend.editing.commands import create_namespace
from ome_backend.errors import AlreadyExists
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NAMESPACE,
    NODE,
    POD,
    RUNTIME_KINDS,
)
from ome_backend.services.checking import is_label
from pages.components import draft, places
from pages.components.command import write_commands
from pages.components.deploy_form import choose_model, choose_place, choose_runtime
from pages.components.failures import show_failure, show_problems
from pages.components.live import live
from pages.components.presence import explain
from pages.components.session import backend
from pages.components.text import plain
from pages.components.title import title
from pages.components.yaml_editor import yaml_editor

title("Deploy")


def manifest() -> None:
    """The editor, the answer of the dry run, and the one button that writes."""
    checked = draft.checked()
    held = yaml_editor(
        draft.editor_key(),
        draft.text(),
        problems=checked.problems,
        warnings=checked.warnings,
        kind=INFERENCE_SERVICE.name,
        label="Manifest",
        draft=draft.NAME,
        base=draft.base(),
    )
    if held != draft.text():
        draft.edited(held)
        st.rerun(scope="fragment")
    show_problems(checked.warnings, mild=True)
    if checked.error is not None:
        show_failure(checked.error)
    else:
        show_problems(checked.problems)
    if checked.accepted:
        st.success(
            "The API server's dry run accepts this manifest.", icon=":material/check_circle:"
        )
    first = namespace(checked.key.namespace)
    create(checked.accepted, str(checked.key))
    if isinstance(checked.error, AlreadyExists):
        places.link(places.SERVICE, f"Open the existing service {checked.key}", checked.key)
    write_commands([checked], before=first)


def namespace(name: str) -> tuple[str, ...]:
    """Offer to create a namespace that does not exist; returns the commands that would."""
    if not (is_label(name) and backend().deploy.namespace_missing(name)):
        return ()
    if st.button(f"Create namespace {plain(name)}", key="deploy_namespace_create"):
        backend().deploy.create_namespace(name)
        st.rerun(scope="fragment")
    return (create_namespace(name),)


def create(accepted: bool, name: str) -> None:
    read_only = backend().settings.read_only
    if read_only:
        st.caption("The console was started read-only, so it cannot create anything.")
    pressed = st.button(
        f"Create service {plain(name)}",
        key="deploy_create",
        type="primary",
        disabled=not accepted or read_only,
    )
    created = draft.create() if pressed and accepted else None
    if created is not None:
        places.go(places.SERVICE, created)
    refused = draft.refusal()
    if refused is not None:
        show_failure(refused)


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NAMESPACE, NODE, POD, key="deploy")
def deploy_page() -> None:
    models = backend().models.all()
    if not explain(models.sources):
        return
    draft.take_typed()
    left, right = st.columns([1, 1], gap="large")
    with left:
        view = choose_model(models.rows)
        if view is not None:
            if explain(backend().runtimes.all().sources):
                choose_runtime(view)
            choose_place(view)
    if draft.begun():
        with right:
            st.subheader("Manifest", anchor=False)
            manifest()


deploy_page()
