"""The manifest being composed on the Deploy page: one text, moved by the form and by the editor."""

from dataclasses import replace

import streamlit as st

from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    CLUSTER_BASE_MODEL,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NAMESPACE,
    RUNTIME_KINDS,
)
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.schema import yaml_text
from ome_backend.services.deploy import Check
from ome_backend.services.draft import Choices, choices_in, chosen, proposed_name, with_choices
from pages.components.session import backend

TEXT, ROUND, CHECK = "deploy_text", "deploy_round", "deploy_check"
REFERRED = (*MODEL_KINDS, *RUNTIME_KINDS, ACCELERATOR_CLASS, NAMESPACE, INFERENCE_SERVICE)
FALLBACK_NAMESPACE = "default"


def text() -> str:
    """The manifest as it stands; empty before a model was chosen."""
    return str(st.session_state.get(TEXT, ""))


def editor_key() -> str:
    """Changes whenever the form rewrote the text: an editor takes a new text only under a new key."""
    return f"deploy_editor_{st.session_state.get(ROUND, 0)}"


def manifest() -> Manifest | None:
    """The one document of the text; None while it is not YAML of one mapping."""
    parsed = yaml_text.parse(text())
    if parsed.problems or len(parsed.documents) != 1:
        return None
    return parsed.documents[0].value


def choices() -> Choices | None:
    """What the text stands for; None while it cannot be read."""
    found = manifest()
    return choices_in(found) if found is not None else None


def service() -> InferenceService | None:
    found = manifest()
    return InferenceService(found) if found is not None else None


def checked() -> Check:
    """What is wrong with the text; asked anew only when the text or what it refers to changed."""
    cache = backend().cache
    asked = (text(), *(cache.snapshot(kind).version for kind in REFERRED))
    held: tuple[object, Check] | None = st.session_state.get(CHECK)
    if held is None or held[0] != asked:
        held = st.session_state[CHECK] = (asked, backend().deploy.check(text()))
    return held[1]


def begin(model: Model) -> None:
    """Start over with this model, leaving the runtime to OME, in the namespace looked at last."""
    held = choices()
    namespace = model.key.namespace or (held.namespace if held is not None else _namespace())
    choose(chosen(model, None, namespace, _name(model.key, namespace)), fresh=True)


def choose(wanted: Choices, *, fresh: bool = False) -> None:
    """Write the choices into the text; what else stands in it stays."""
    held = {} if fresh else manifest() or {}
    st.session_state[TEXT] = yaml_text.dump(with_choices(held, wanted))
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def choose_namespace(held: Choices, namespace: str) -> None:
    """Move to another namespace; a name that was only proposed is proposed anew."""
    model = Key(namespace if held.model_kind != CLUSTER_BASE_MODEL.name else "", held.model)
    proposed = held.name == _name(model, held.namespace)
    name = _name(model, namespace) if proposed else held.name
    choose(replace(held, namespace=namespace, name=name))


def choose_runtime(held: Choices, runtime: Runtime | None) -> None:
    """Name a runtime, or leave it to OME; decoder and router follow what the runtime offers."""
    choose(
        replace(
            held,
            runtime=runtime.key.name if runtime is not None else "",
            runtime_kind=runtime.kind.name if runtime is not None else "",
            decoder=runtime is not None and runtime.has_decoder,
            router=runtime is not None and runtime.has_router,
        )
    )


def edited(new: str) -> None:
    """Take what the editor holds."""
    st.session_state[TEXT] = new


def discard() -> None:
    """Forget the draft."""
    for held in (TEXT, CHECK, "deploy_asked"):
        st.session_state.pop(held, None)


def _namespace() -> str:
    looked_at = st.session_state.get("namespace")
    return str(looked_at) if looked_at else FALLBACK_NAMESPACE


def _name(model: Key, namespace: str) -> str:
    taken = frozenset(backend().cache.snapshot(INFERENCE_SERVICE).objects)
    return proposed_name(model, taken, namespace)
