"""The import as YAML beside its form: dry run, write, and what became of each object."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.hub.answers import About
from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import MODEL_KINDS
from ome_backend.resources.manifest import text
from ome_backend.services.importing import texts
from ome_backend.services.proposal import Plan, Result
from pages.components import desk, places
from pages.components.apply import result_line, written
from pages.components.form.secret_values import unsealed
from pages.components.hub import asking, basket
from pages.components.hub.asking import IMPORT
from pages.components.hub.import_form import Wanted, import_form
from pages.components.hub.import_token import forget_token
from pages.components.session import backend
from pages.components.workbench import workbench

_COMPOSED, _OUTCOME, _DONE = f"{IMPORT}_composed", f"{IMPORT}_outcome", f"{IMPORT}_done"
_SUBJECT = f"{IMPORT}_subject"
TALL = 460


def import_desk(found: Sequence[tuple[About, str]]) -> None:
    """Form and YAML side by side."""
    _outcome()
    done: frozenset[str] = st.session_state.get(_DONE, frozenset())
    left = [(about, revision) for about, revision in found if about.id not in done]
    if not left:
        return
    form, yaml = st.columns([1, 1], gap="large")
    with form:
        _lay(import_form(left))
    with yaml:
        st.caption("Made from the form; a change there writes it anew.")
        workbench(IMPORT, _finished, height=TALL, sent=_sent, creating=True, write=_write)


def begin(subject: str) -> None:
    """What is imported on this page; another subject begins anew."""
    if st.session_state.get(_SUBJECT) != subject:
        forget_import()
        st.session_state[_SUBJECT] = subject


def _lay(wanted: Wanted) -> None:
    made = texts(wanted.models, wanted.secrets)
    if st.session_state.get(_COMPOSED) != made or not desk.desk(IMPORT).text:
        st.session_state[_COMPOSED] = made
        desk.lay(IMPORT, made, origin="an import from the Hub")


def _sent(manifests: str) -> str:
    return unsealed(IMPORT, manifests)


def _write(plan: Plan) -> tuple[Result, ...]:
    """Write it, and keep what became of it: what was written leaves the form."""
    makes_secret = any(text(each.manifest, "kind") == "Secret" for each in plan.writes)
    results = backend().imports.write(plan, asking.hub(), new_token=makes_secret)
    if written(results) and any(each.error is not None for each in results):
        st.session_state[_OUTCOME] = results
        _leave_out(written(results), results)
    return results


def _leave_out(refs: Sequence[Ref], results: Sequence[Result]) -> None:
    sources = {
        text(each.proposal.manifest, "spec", "storage", "storageUri")
        for each in results
        if each.proposal.ref in refs
    }
    names = {uri.removeprefix("hf://").partition("@")[0] for uri in sources if uri}
    st.session_state[_DONE] = st.session_state.get(_DONE, frozenset()) | names


def _outcome() -> None:
    results: tuple[Result, ...] = st.session_state.get(_OUTCOME, ())
    if not results:
        return
    with st.container(border=True):
        st.markdown("**What became of the last attempt**")
        for each in results:
            result_line(each)
        st.button("Close", key=f"{IMPORT}_close", type="tertiary", on_click=_close)


def _close() -> None:
    st.session_state.pop(_OUTCOME, None)


def forget_import() -> None:
    """Another import is begun, or this one is done."""
    for name in (_COMPOSED, _OUTCOME, _DONE):
        st.session_state.pop(name, None)
    desk.clear(IMPORT)


def _finished(results: tuple[Result, ...]) -> None:
    models = [ref for ref in written(results) if ref.kind in MODEL_KINDS]
    forget_import()
    forget_token()
    basket.clear()
    if len(models) == 1:
        places.go_to(models[0])
    places.go(places.MODELS)
