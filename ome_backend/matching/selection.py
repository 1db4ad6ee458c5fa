"""Which runtime OME takes: the one it selects, or what it does with the one a service names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from ome_backend.matching import score, size
from ome_backend.matching.judgement import judge
from ome_backend.matching.verdict import Ranking, Validation, Verdict
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

NO_FORMAT = "invalid model specification: modelFormat.name: model format name is required"


def match(
    model: Model,
    runtimes: Iterable[Runtime],
    service: InferenceService | None = None,
    *,
    namespace: str,
) -> Ranking:
    """Every runtime visible in `namespace`, judged for `model` and in the order OME prefers them.

    `service` matters only for the accelerator classes it asks for. Source:
    pkg/runtimeselector/selector.go, SelectRuntime, GetCompatibleRuntimes.
    """
    verdicts = [judge(model, runtime, service) for runtime in visible(runtimes, namespace)]
    ordered = _ordered(model, verdicts)
    error = _error(model, ordered, namespace)
    crashes = bool(model.format_name) and any(one.crashes for one in ordered)
    return Ranking(ordered, None if error else ordered[0], error, crashes)


def validate(
    model: Model,
    runtime_name: str,
    runtimes: Iterable[Runtime],
    service: InferenceService | None,
    *,
    namespace: str,
) -> Validation:
    """What OME does with a service in `namespace` that names `runtime_name`.

    Auto-selection is not required of a named runtime. Source: selector.go, ValidateRuntime.
    """
    runtime = resolve(runtime_name, runtimes, namespace)
    verdict = judge(model, runtime, service) if runtime else None
    if not model.format_name:
        return Validation(verdict, NO_FORMAT)
    if verdict is None:
        missing = f"runtime {runtime_name} not found in namespace {namespace} or at cluster scope"
        return Validation(None, missing)
    return Validation(verdict, _refusal(model, verdict), verdict.crashes)


def visible(runtimes: Iterable[Runtime], namespace: str) -> list[Runtime]:
    """The runtimes of `namespace`, then the cluster-scoped ones."""
    found = [runtime for runtime in runtimes if _visible(runtime, namespace)]
    return sorted(found, key=lambda runtime: runtime.cluster_scoped)


def resolve(name: str, runtimes: Iterable[Runtime], namespace: str) -> Runtime | None:
    """The runtime a service in `namespace` means by `name`: its own namespace comes first.

    OME does not look at the kind that the service names. Source: fetcher.go, GetRuntime.
    """
    named = (runtime for runtime in runtimes if runtime.key.name == name)
    return next(iter(visible(named, namespace)), None)


def _visible(runtime: Runtime, namespace: str) -> bool:
    return runtime.cluster_scoped or runtime.key.namespace == namespace


def _ordered(model: Model, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The auto-selectable with their ranks, then the merely compatible, then the rejected."""
    selectable = sorted(
        (one for one in verdicts if one.auto_selectable), key=partial(_preference, model)
    )
    others = sorted(
        (one for one in verdicts if not one.auto_selectable),
        key=lambda one: (not one.compatible, one.runtime.key.name, one.runtime.cluster_scoped),
    )
    return (*(replace(one, rank=rank) for rank, one in enumerate(selectable, 1)), *others)


def _preference(model: Model, verdict: Verdict) -> tuple[bool, tuple[int, float, bool, str]]:
    """Namespaced runtimes always come before cluster-scoped ones, whatever they score."""
    runtime = verdict.runtime
    cluster, distance = runtime.cluster_scoped, size.distance(model, runtime)
    return cluster, score.precedence(verdict.score, distance, cluster, runtime.key.name)


def _error(model: Model, ordered: Sequence[Verdict], namespace: str) -> str:
    """OME's text when it can select nothing, else empty."""
    if not model.format_name:
        return NO_FORMAT
    if crash := next((one for one in ordered if one.crashes), None):
        name = crash.runtime.key.name
        return f"OME's controller crashes on runtime {name}: {crash.reasons[0].text}"
    if ordered and ordered[0].auto_selectable:
        return ""
    return _not_found(model.format_name, ordered, namespace)


def _not_found(format_name: str, ordered: Sequence[Verdict], namespace: str) -> str:
    text = (
        f"no runtime found to support model {format_name} with format {format_name}"
        f" in namespace {namespace}"
    )
    if not ordered:
        return text
    cluster = sum(one.runtime.cluster_scoped for one in ordered)
    text += (
        f". Checked {len(ordered)} runtimes"
        f" ({len(ordered) - cluster} namespace-scoped, {cluster} cluster-scoped)"
    )
    excluded = {one.runtime.key.name: one.reasons[0].text for one in ordered if one.reasons}
    listed = "; ".join(f"{name} ({reason})" for name, reason in excluded.items())
    return f"{text}. Excluded runtimes: {listed}" if listed else text


def _refusal(model: Model, verdict: Verdict) -> str:
    """OME's text for a named runtime it does not take, else empty."""
    if verdict.compatible:
        return ""
    name, reason = verdict.runtime.key.name, verdict.reasons[0]
    if reason.code == "disabled":
        scope = "cluster" if verdict.runtime.cluster_scoped else "namespace"
        return f"{scope}-scoped runtime {name} is disabled"
    if reason.code == "configuration":
        return f"OME's controller crashes on runtime {name}: {reason.text}"
    subject = "" if reason.code == "accelerator" else model.format_name
    return f"runtime {name} does not support model {subject}: {reason.text}"
