"""The manifest being composed on the Deploy page: one text, moved by the form and by the editor."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from ome_backend.errors import OmeError
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    INFERENCE_SERVICE,
    MODEL_KINDS,
    NAMESPACE,
    RUNTIME_KINDS,
)
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.manifest import text as text_of
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_edit import edit
from ome_backend.services.draft import Choices, choices_in, chosen, proposed_name, with_choices
from ome_backend.services.proposal import Proposal
from pages.components import scope
from pages.components.editor.drafts import forget_draft
from pages.components.session import backend
from pages.components.yaml_editor import typed

TEXT, ROUND, BASE = "deploy_text", "deploy_round", "deploy_base"
NAME = "deploy"
CHECK, REFUSED = "deploy_check", "deploy_refused"
FIELDS, LAST = "deploy_fields", "deploy_choices"
FALLBACK_NAMESPACE = "default"


def text() -> str:
    """The manifest as it stands; empty before a model was chosen."""
    return str(st.session_state.get(TEXT, ""))


def begun() -> bool:
    """There is a manifest being composed, even if it was emptied."""
    return TEXT in st.session_state


def editor_key() -> str:
    """Changes whenever the form rewrote the text: an editor takes a new text only under a new key."""
    return f"deploy_editor_{st.session_state.get(ROUND, 0)}"


def base() -> str:
    """What the manifest was before anybody chose or typed anything but the model."""
    return str(st.session_state.get(BASE, ""))


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


def checked() -> Proposal:
    """What is wrong with the text; asked anew only when the text or what it refers to changed."""
    asked = (text(), *_referred())
    held: tuple[object, Proposal] | None = st.session_state.get(CHECK)
    if held is None or held[0] != asked:
        held = st.session_state[CHECK] = (asked, backend().deploy.check(text()))
    return held[1]


def _referred() -> Iterator[object]:
    """What the answer depends on beside the text: an object counts as long as it is the same one."""
    cache, held = backend().cache, choices() or Choices()
    own = Key(held.namespace, held.name)
    names = {
        MODEL_KINDS: held.model,
        RUNTIME_KINDS: held.runtime,
        (ACCELERATOR_CLASS,): held.accelerator,
        (NAMESPACE,): held.namespace,
    }
    for kinds, name in names.items():
        for kind in kinds:
            seen = cache.snapshot(kind)
            found = seen.objects.get(Key(held.namespace if kind.namespaced else "", name), {})
            yield seen.state, text_of(found, "metadata", "resourceVersion")
    if not held.runtime:
        yield from (cache.snapshot(kind).version for kind in RUNTIME_KINDS)
    yield own in cache.snapshot(INFERENCE_SERVICE).objects


def create() -> Key | None:
    """Create the service; None when that was refused, and `refusal` then says why."""
    try:
        created = backend().deploy.create(text())
    except OmeError as refused:
        st.session_state[REFUSED] = (text(), refused)
        return None
    discard()
    return created


def refusal() -> OmeError | None:
    """Why the last attempt to create this very text failed."""
    held: tuple[str, OmeError] | None = st.session_state.get(REFUSED)
    return held[1] if held is not None and held[0] == text() else None


def begin(model: Model) -> None:
    """Serve this model, leaving the runtime to OME; what else the manifest says stays, if it can be read."""
    held = choices()
    namespace = model.key.namespace or scope.namespace() or FALLBACK_NAMESPACE
    fresh = chosen(model, None, namespace, _name(model.key, namespace))
    st.session_state[BASE] = edit("", lambda document: with_choices(document, fresh))
    if held is None:
        choose(fresh)
        return
    namespace = model.key.namespace or held.namespace
    wanted = chosen(model, None, namespace, _name(model.key, namespace))
    named = held.name if held.name and not _proposed(held) else wanted.name
    low, high = held.min_replicas, held.max_replicas
    choose(replace(wanted, name=named, min_replicas=low, max_replicas=high))


def choose(wanted: Choices) -> None:
    """Write the choices into the text; comments, order and what else stands in it stay."""
    held = text() if manifest() is not None else ""
    st.session_state[TEXT] = edit(held, lambda document: with_choices(document, wanted))
    st.session_state[LAST] = choices()
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def field(name: str) -> str:
    """The key of the form's widget for this choice; another one whenever the editor changed it.

    A browser that has not heard of such a change yet still sends the value of before, as if the
    person had chosen it. Under the old key it is known for what it is.
    """
    rounds: dict[str, int] = st.session_state.get(FIELDS, {})
    return f"deploy_{name}_{rounds.get(name, 0)}"


def changed(key: str, **to: Any) -> None:
    """Write what the widget with this key says into the text, with all that was typed until now."""
    take_typed()
    held = choices()
    if held is not None and key in map(field, to):
        choose(replace(held, **to))


def choose_namespace(key: str, namespace: str) -> None:
    """Move to another namespace; a name that was only proposed is proposed anew."""
    take_typed()
    held = choices() or Choices()
    name = _name(Key("", held.model), namespace) if _proposed(held) else held.name
    changed(key, namespace=namespace, name=name)


def _proposed(held: Choices) -> bool:
    """The name is the one the console would propose for this model."""
    return held.name == _name(Key("", held.model), held.namespace)


def choose_runtime(key: str, runtime: Runtime | None) -> None:
    """Name a runtime, or leave it to OME; decoder and router follow what the runtime offers."""
    changed(
        key,
        runtime=runtime.key.name if runtime is not None else "",
        runtime_kind=runtime.kind.name if runtime is not None else "",
        decoder=runtime is not None and runtime.has_decoder,
        router=runtime is not None and runtime.has_router,
    )


def take_typed() -> None:
    """Take what the editor holds by now, so that all else is drawn and done from the newest text."""
    if begun():
        edited(typed(editor_key(), text()))


def edited(new: str) -> None:
    """Take what the editor holds."""
    st.session_state[TEXT] = new
    before: Choices | None = st.session_state.get(LAST)
    now = choices()
    if now is None:
        return
    st.session_state[LAST] = now
    rounds: dict[str, int] = st.session_state.setdefault(FIELDS, {})
    for each in fields(now):
        if before is not None and getattr(before, each.name) != getattr(now, each.name):
            rounds[each.name] = rounds.get(each.name, 0) + 1


def discard() -> None:
    """Forget the draft, here and in the browser."""
    forget_draft(NAME)
    for held in (TEXT, CHECK, REFUSED, "deploy_asked"):
        st.session_state.pop(held, None)


def _name(model: Key, namespace: str) -> str:
    taken = frozenset(backend().cache.snapshot(INFERENCE_SERVICE).objects)
    return proposed_name(model, taken, namespace)
