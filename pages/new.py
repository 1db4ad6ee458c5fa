"""New: an object of any kind, made by form and YAML side by side, checked by the server, then created."""

import streamlit as st

from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NAMESPACE,
    RUNTIME_KINDS,
)
from ome_backend.schema.crds import Crd
from ome_backend.services.proposal import Result
from pages.components import desk, places
from pages.components.apply import written
from pages.components.form import drafting
from pages.components.form.form import form
from pages.components.form.secret_values import unsealed
from pages.components.handover import handed_over
from pages.components.live import live
from pages.components.session import backend
from pages.components.text import plain
from pages.components.workbench import workbench

PAGE = "new"
TALL = 430  # what is wrong, and the button, stand below it on a small screen, too


def done(results: tuple[Result, ...]) -> None:
    drafting.finish(PAGE)
    refs = written(results)
    if len(refs) == 1 and places.has_page(refs[0]):
        places.go_to(refs[0])


def choose_kind() -> Crd | None:
    """The kind in the address, or chosen here."""
    known = {crd.kind.name: crd for crd in backend().schemas.now()}
    asked = st.selectbox(
        "Kind",
        list(known),
        index=None,
        key="kind",
        bind="query-params",
        placeholder="Choose what to make",
        width=420,
    )
    return known.get(asked or "")


def origin_of(crd: Crd) -> None:
    """Where the text comes from, and other beginnings."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"From {plain(desk.desk(PAGE).origin)}.", width="content")
        places.link(
            places.TEMPLATES,
            f"Templates of the kind {crd.kind.name}",
            icon=":material/library_books:",
            templates_kind=crd.kind.name,
        )


def document() -> int:
    """Which document of the text the form shows."""
    found = backend().editing.check(desk.desk(PAGE).text).documents
    if len(found) < 2:
        return 0
    names = [str(each.ref or f"document {number + 1}") for number, each in enumerate(found)]
    numbers = range(len(found))
    chosen: int = st.selectbox(
        "Document", numbers, key="new_document", format_func=names.__getitem__
    )
    return chosen


@live(*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, INFERENCE_SERVICE, NAMESPACE, key=PAGE)
def new() -> None:
    crd = choose_kind()
    if crd is None:
        st.info(
            "Choose a kind; its form and its YAML show side by side.", icon=":material/add_box:"
        )
        return
    handed = handed_over()
    if handed is not None:
        drafting.take(PAGE, crd, handed.text, handed.origin)
    drafting.begin(PAGE, crd)
    origin_of(crd)
    left, right = st.columns([1.15, 1], gap="large")
    with right:
        workbench(PAGE, done, height=TALL, sent=lambda text: unsealed(PAGE, text), creating=True)
    with left:
        text = desk.desk(PAGE).text
        problems = backend().editing.check(text).all_problems
        form(
            PAGE,
            text,
            lambda what, number: drafting.change(PAGE, what, number),
            document=document(),
            problems=problems,
        )


st.title(plain("New object"), anchor=False)
if backend().settings.read_only:
    st.info(
        "The console was started read-only: it checks what you write, but creates nothing.",
        icon=":material/lock:",
    )
new()
