"""What is being edited: one text, the objects it was opened from, and where it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from ome_backend.editing.masking import secret
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_edit import edit
from ome_backend.services.proposal import Proposal
from pages.components.editor.drafts import forget_draft
from pages.components.session import backend
from pages.components.yaml_editor import typed as typed_into

# As in keeper.js: values may be typed before the kind is, so a Secret's sections are as telling.
_MAY_BE_SECRET = re.compile(
    r"""(^|[\s{,])["']?kind["']?\s*:\s*(&\S+\s+)?["']?Secret\b|(^|[{,])[ ]*["']?(stringData|data)["']?\s*:""",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """`round` changes whenever the text is another than what was typed, so that the editor takes it."""

    text: str = ""
    bases: Mapping[Ref, Manifest] = field(default_factory=dict)
    origin: str = ""
    round: int = 0

    @property
    def draft(self) -> str:
        """Under what name the browser keeps it; nowhere, when it has secret values."""
        if any(map(secret, self.bases.values())) or _MAY_BE_SECRET.search(self.text):
            return ""
        return " ".join(map(str, self.bases)) or self.origin or "new"


def desk(page: str) -> Desk:
    """What lies on the page's desk."""
    held: Desk = st.session_state.get(f"{page}_desk", Desk())
    return held


def editor(page: str) -> str:
    """The key of the editor that holds the desk's text."""
    return f"{page}_editor_{desk(page).round}"


def newest(page: str) -> Desk:
    """What lies on the desk with all that was typed until now: who acts on the text begins with this.

    A click that follows a keystroke at once comes with it, and is told of before the page runs again.
    """
    held = desk(page)
    text = typed_into(editor(page), held.text)
    return held if text == held.text else typed(page, text)


def lay(
    page: str, text: str, bases: Mapping[Ref, Manifest] | None = None, origin: str = ""
) -> None:
    """Begin with another text."""
    now = Desk(text, dict(bases or {}), origin, desk(page).round + 1)
    st.session_state[f"{page}_desk"] = now


def lay_object(page: str, ref: Ref) -> bool:
    """Begin with an object as it is on the cluster; False when it is gone. Raises OmeError when it cannot be read."""
    live = backend().editing.opened(ref)
    if live is None:
        return False
    lay(page, backend().editing.text_of(live), {ref: live}, f"the {ref}")
    return True


def typed(page: str, text: str) -> Desk:
    """Take what the editor holds; returns the desk as it is then."""
    held = desk(page)
    now = st.session_state[f"{page}_desk"] = replace(held, text=text)
    if held.draft and not now.draft:  # it becomes a Secret: what the browser kept of it goes
        forget_draft(held.draft)
    return now


def join(page: str, proposal: Proposal) -> None:
    """Take both sides' changes into the text; from now on it is based on the object as it is now."""
    held, ref = newest(page), proposal.ref
    merged, live = proposal.merged, proposal.live
    if merged is None or live is None or ref is None:
        return
    documents = backend().editing.check(held.text).documents
    number = next(n for n, each in enumerate(documents) if each.ref == ref)
    text = edit(held.text, lambda _: merged.value, number)
    lay(page, text, {**held.bases, ref: live}, held.origin)


def clear(page: str) -> None:
    """Everything was written: forget the text and its draft."""
    if desk(page).draft:
        forget_draft(desk(page).draft)
    # The round stays: an editor that was here must not be taken for the next one.
    st.session_state[f"{page}_desk"] = Desk(round=desk(page).round)
