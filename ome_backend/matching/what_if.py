"""How OME would choose after a change, without making it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ome_backend.matching.patching import Edit, applied
from ome_backend.matching.selection import match
from ome_backend.matching.verdict import Ranking
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

_View = TypeVar("_View", Model, Runtime, InferenceService)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The same question before and after some edits."""

    before: Ranking
    after: Ranking


def what_if(
    model: Model,
    runtimes: Iterable[Runtime],
    service: InferenceService | None,
    namespace: str,
    edits: Sequence[Edit],
) -> WhatIf:
    """What `edits` would change for `model`; they are applied to copies.

    Edits of other objects have no effect. Raises Invalid when a patch does not apply.
    """
    known = list(runtimes)
    changed = [edited(runtime, edits) for runtime in known]
    asking = edited(service, edits) if service else None
    return WhatIf(
        before=match(model, known, service, namespace=namespace),
        after=match(edited(model, edits), changed, asking, namespace=namespace),
    )


def edited(view: _View, edits: Iterable[Edit]) -> _View:
    """A copy of `view` with those of `edits` applied that are meant for it."""
    raw = view.raw
    for edit in edits:
        if edit.target == view.ref:
            raw = applied(raw, edit.patch)
    return view if raw is view.raw else replace(view, raw=raw)
