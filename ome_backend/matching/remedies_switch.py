"""What would let OME use a runtime that is switched off, wholly or for selection."""

from ome_backend.matching import formats, score
from ome_backend.matching.patching import Change
from ome_backend.matching.remedies_entry import Entry, entries
from ome_backend.matching.remedies_fix import Danger, Fix
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime


def enabling(runtime: Runtime) -> tuple[Fix, ...] | None:
    """How to enable a disabled runtime; None when it is not disabled."""
    if not runtime.disabled:
        return None
    change = Change(runtime.ref, ("spec", "disabled"), False)
    risk = "Somebody disabled it; OME may then choose it for other services, too."
    return (Fix((change,), f"Enable {runtime.ref}.", risk, Danger.ADDS),)


def selecting(model: Model, runtime: Runtime, service: InferenceService | None) -> tuple[Fix, ...]:
    """How a compatible runtime comes to be used: named by the service, or auto-selectable."""
    matching = [
        entry
        for entry in entries(runtime)
        if not formats.mismatches(model.traits, entry.format.traits)
    ]
    found = [_naming(runtime, service)] if service and _visible(runtime, service) else []
    best = max(matching, key=lambda entry: _points(model, entry), default=None)
    return (*found, _selecting(runtime, best)) if best else tuple(found)


def _points(model: Model, entry: Entry) -> int:
    return score.format_score(model.traits, entry.format, score.own_priority(entry.format))


def _visible(runtime: Runtime, service: InferenceService) -> bool:
    return runtime.cluster_scoped or runtime.key.namespace == service.key.namespace


def _naming(runtime: Runtime, service: InferenceService) -> Fix:
    reference = {"name": runtime.key.name, "kind": runtime.kind.name, "apiGroup": "ome.io"}
    return Fix(
        (Change(service.ref, ("spec", "runtime"), reference),),
        f"Name {runtime.ref} in {service.ref}.",
        "OME then looks for no other runtime; one of that name in the service's own namespace "
        "would come first.",
        Danger.ASKS,
    )


def _selecting(runtime: Runtime, entry: Entry) -> Fix:
    path = ("spec", "supportedModelFormats", entry.index, "autoSelect")
    return Fix(
        (Change(runtime.ref, path, True),),
        f"Set autoSelect on the supported format of {runtime.ref} that matches.",
        "OME may then choose it for every such model." + _conflict(runtime, entry),
        Danger.WIDENS,
    )


def _conflict(runtime: Runtime, entry: Entry) -> str:
    """OME's webhook wants one priority per format name among those it may select."""
    own = score.own_priority(entry.format)
    others = (
        one for one in runtime.formats if one.auto_select is True and one.name == entry.format.name
    )
    if all(score.own_priority(one) == own for one in others):
        return ""
    return " OME's webhook refuses two such formats with different priorities."
