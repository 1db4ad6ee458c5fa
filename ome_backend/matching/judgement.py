"""One runtime against one model: compatible or not, and why."""

from ome_backend.matching import formats, score, size
from ome_backend.matching.mismatch import sentence
from ome_backend.matching.verdict import Reason, Verdict
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

_DISABLED = Reason(
    "disabled", "runtime is disabled", "This runtime is disabled; OME does not use it."
)
_NO_AUTO_SELECT = "runtime does not have auto-select enabled for any supported format"
_NO_SIZE = "model does not specify size, but runtime has size constraints"


def judge(model: Model, runtime: Runtime, service: InferenceService | None = None) -> Verdict:
    """What OME thinks of `runtime` for `model`; `service` may ask for accelerator classes.

    OME names the first reason only. Source: pkg/runtimeselector/matcher.go,
    GetCompatibilityDetails; selector.go, evaluateRuntime.
    """
    reason = (
        (_DISABLED if runtime.disabled else None)
        or _accelerator_problem(runtime, service)
        or _format_problem(model, runtime)
        or size.problem(model, runtime)
    )
    if reason:
        return Verdict(runtime, False, False, 0, reasons=(reason,))
    points = score.runtime_score(model, runtime)
    selectable = runtime.auto_select and points > 0 and bool(model.format_name)
    return Verdict(runtime, True, selectable, points, warnings=_warnings(model, runtime))


def _accelerator_problem(runtime: Runtime, service: InferenceService | None) -> Reason | None:
    needed = service.required_accelerator_classes if service else ()
    lacking = [name for name in needed if name not in runtime.accelerator_classes]
    if not lacking:
        return None
    text = "runtime does not support the required accelerator class"
    offered = ", ".join(runtime.accelerator_classes) or "no accelerator class"
    asked = ", ".join(name or '""' for name in lacking)
    return Reason(
        "accelerator", text, f"The service asks for {asked}; this runtime lists {offered}."
    )


def _format_problem(model: Model, runtime: Runtime) -> Reason | None:
    found = []
    for entry in runtime.formats:
        differences = formats.mismatches(model.traits, entry.traits)
        if not differences:
            return None
        found.append(differences)
    text = "; ".join(map(formats.wording, found)) or "no supported formats defined"
    plain = sentence(min(found, key=len)) if found else "This runtime lists no model formats."
    label = formats.label(model.traits)
    return Reason("format", f"model format '{label}' not in supported formats: {text}", plain)


def _warnings(model: Model, runtime: Runtime) -> tuple[str, ...]:
    found = [] if runtime.auto_select else [_NO_AUTO_SELECT]
    if model.size is None and runtime.size_range is not None:
        found.append(_NO_SIZE)
    return tuple(found)
