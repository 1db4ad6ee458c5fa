"""What a person chooses for an import; the YAML beside it is made from that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from ome_backend.downloads.words import size
from ome_backend.hub.answers import About
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.services.candidate import LONGEST
from ome_backend.services.importing import TOKEN, Choices, Policy, secret_manifest
from pages.components import scope
from pages.components.hub.asking import IMPORT
from pages.components.hub.import_token import ask_token
from pages.components.session import backend
from pages.components.text import plain

_CLUSTER = ""
_NONE, _THERE, _NEW = "No token", "A Secret that is there", "A new Secret"
_POLICIES: dict[Policy, str] = {
    "": "OME's default: download always",
    "AlwaysDownload": "Download always",
    "ReuseIfExists": "Reuse the same commit if it is on the node",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The models as chosen, and the Secrets that are to be made for them."""

    models: tuple[Choices, ...]
    secrets: tuple[Manifest, ...]


def import_form(found: Sequence[tuple[About, str]]) -> Wanted:
    """Draw the form for repositories at their revisions."""
    namespace = _scope()
    several = len(found) > 1
    models = tuple(_one(*each, namespace, several=several) for each in found)
    selector = _nodes()
    policy = _policy()
    models = tuple(replace(each, selector=selector, policy=policy) for each in models)
    secret, key, made = _token([about for about, _ in found], models)
    models = tuple(replace(each, secret=secret, secret_key=key) for each in models)
    _places(models, found)
    for each in models:
        for said in backend().importing.troubles(each):
            st.warning(plain(said), icon=":material/warning:")
    return Wanted(models, made)


def _scope() -> str:
    offered = [_CLUSTER, *scope.namespaces()]
    here = scope.namespace()
    return st.selectbox(
        "For",
        offered,
        index=offered.index(here) if here in offered else 0,
        key=f"{IMPORT}_scope",
        format_func=lambda name: f"namespace {name}" if name else "the whole cluster",
    )


def _one(about: About, revision: str, namespace: str, *, several: bool) -> Choices:
    """Name and directory of one model; what is proposed can be written over."""
    proposed = backend().importing.proposed(about, revision, namespace)
    key = f"{IMPORT}_{about.id}_{revision}_{namespace}"
    name, path = st.columns([1, 1.4])
    with name:
        label = f"Name of {plain(about.id)}" if several else "Name"
        named = st.text_input(label, proposed.name, key=f"{key}_name", max_chars=253)
    with path:
        placed = st.text_input("Directory on the nodes", proposed.path, key=f"{key}_path")
    return replace(proposed, name=named.strip(), path=placed.strip())


def _nodes() -> tuple[tuple[str, str], ...]:
    chosen = st.multiselect(
        "Only on nodes with",
        backend().importing.labels(),
        key=f"{IMPORT}_nodes",
        format_func=lambda pair: f"{pair[0]}={pair[1]}",
        placeholder="All nodes with a model agent",
        help="A node must have all of these labels.",
    )
    return tuple(chosen)


def _policy() -> Policy:
    return st.selectbox(
        "Download",
        list(_POLICIES),
        key=f"{IMPORT}_policy",
        format_func=lambda policy: _POLICIES[policy],
    )


def _token(
    found: Sequence[About], models: Sequence[Choices]
) -> tuple[str, str, tuple[Manifest, ...]]:
    """The Secret's name, the name of the value in it, and the Secret where it is to be made."""
    needed = any(about.gated or about.private for about in found)
    namespace = models[0].namespace if models else ""
    known = backend().importing.secrets(namespace)
    home = backend().importing.secret_namespace(namespace)
    options = [_NONE, _THERE, _NEW]
    how = st.radio(
        "Token of the Hub for OME's agent",
        options,
        index=options.index(_NEW) if needed else 0,
        key=f"{IMPORT}_token_how_{needed}",
        horizontal=True,
        help=plain(f"OME's agent looks for the Secret in the namespace {home}."),
    )
    if how == _NEW:
        default = f"hf-{models[0].name}"[:LONGEST] if models else "hf"
        name = st.text_input(
            f"Name of the new Secret in {plain(home)}", default, key=f"{IMPORT}_secret_{default}"
        ).strip()
        ask_token([about.id for about in found])
        return name, TOKEN, (secret_manifest(Key(home, name)),) if name else ()
    if how == _THERE:
        return *_existing(known, home, models), ()
    if needed:
        st.warning("Without a token OME's agent may not download it.", icon=":material/lock:")
    return "", TOKEN, ()


def _existing(known: Sequence[str], home: str, models: Sequence[Choices]) -> tuple[str, str]:
    left, right = st.columns(2)
    with left:
        name = st.selectbox(
            f"Secret in {plain(home)}",
            known,
            index=0 if known else None,
            key=f"{IMPORT}_there_{home}",
            accept_new_options=True,
            placeholder="Name of the Secret",
        )
    with right:
        key = st.text_input("Name of the value in it", TOKEN, key=f"{IMPORT}_there_key").strip()
    if name and models:
        said = backend().importing.secret_trouble(replace(models[0], secret=name, secret_key=key))
        if said:
            st.warning(plain(said), icon=":material/warning:")
    return name or "", key or TOKEN


def _places(models: Sequence[Choices], found: Sequence[tuple[About, str]]) -> None:
    """The nodes they would come to, with what is known of their disks."""
    if not models:
        return
    nodes = backend().importing.places(models[0])
    if not nodes:
        st.warning("No node matches: nothing would be downloaded.", icon=":material/warning:")
        return
    words = [
        f"{each.node} ({_disk(each.free)}{'' if each.agent else ', no agent'})" for each in nodes
    ]
    more = f" and {len(words) - 12} more" if len(words) > 12 else ""
    st.caption(plain(f"They would come to {', '.join(words[:12])}{more}."))
    needed = [getattr(about, "size", 0) for about, _ in found]
    if all(needed):
        st.caption(f"On each of them they take {size(sum(needed))}.")


def _disk(free: int | None) -> str:
    return "disk not known" if free is None else f"about {size(free)} of disk free"
