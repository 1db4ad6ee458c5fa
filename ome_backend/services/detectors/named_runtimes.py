"""Services and the runtimes they name, or leave to OME."""

from collections.abc import Iterator

from ome_backend.admission.service_rules import needs_selection
from ome_backend.editing import commands
from ome_backend.matching.patching import Patch
from ome_backend.matching.remedies import remedies
from ome_backend.matching.selection import validate
from ome_backend.matching.verdict import Verdict
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_GIVES_UP = (
    "OME admits the service without looking at its runtime and gives up on it later, with an event "
    "that Kubernetes forgets after an hour."
)


def unusable(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Runtimes that are named but not there, disabled, or not made for the model."""
    for service in cluster.services:
        model, name = cluster.model_of(service), service.runtime_name
        if model is None or not name or model.disabled:
            continue
        judged = validate(model, name, cluster.runtimes, service, namespace=service.key.namespace)
        if judged.accepted:
            continue
        if judged.verdict is None:
            yield _missing(cluster, service, model)
        elif judged.verdict.runtime.disabled:
            yield _disabled(cluster, service, model, judged.verdict.runtime)
        elif not any(reason.code == "configuration" for reason in judged.verdict.reasons):
            yield _unfit(cluster, service, model, judged.verdict, judged.error)


def nothing_selected(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The webhook refuses such a service; one that is there already loses its runtime in silence."""
    for service in cluster.services:
        model = cluster.model_of(service)
        if model is None or service.runtime_name or not needs_selection(service.raw):
            continue
        error = cluster.ranking(model, service.key.namespace, service).error
        if not error or not model.format_name:
            continue
        yield DoctorFinding(
            "nothing-selected",
            Severity.BROKEN,
            service.ref,
            f"OME finds no runtime for its model {model.key.name}",
            error,
            "OME no longer reconciles the service and refuses every change of it.",
            "See the runtimes on the model's page for what would make one fit, or name a runtime.",
            also=(model.ref,),
        )


def _missing(cluster: Cluster, service: InferenceService, model: Model) -> DoctorFinding:
    fix, patch = _instead(cluster, service, model)
    return DoctorFinding(
        "runtime-unusable",
        Severity.BROKEN,
        service.ref,
        f"The runtime {service.runtime_name} does not exist",
        f"spec.runtime.name: {service.runtime_name}; neither a ServingRuntime in "
        f"{service.key.namespace} nor a ClusterServingRuntime has that name.",
        _GIVES_UP,
        fix,
        patch,
        commands.patch_json(service.ref, patch) if patch else "",
    )


def _disabled(
    cluster: Cluster, service: InferenceService, model: Model, runtime: Runtime
) -> DoctorFinding:
    fix, patch = _instead(cluster, service, model)
    enabling = commands.patch_merge(runtime.ref, {"spec": {"disabled": False}})
    return DoctorFinding(
        "runtime-unusable",
        Severity.BROKEN,
        service.ref,
        f"Its runtime {runtime.key} is disabled",
        f"spec.disabled: true in {runtime.kind.name} {runtime.key}.",
        _GIVES_UP,
        f"{fix} Or enable the runtime.",
        patch,
        commands.patch_json(service.ref, patch) if patch else enabling,
        also=(runtime.ref,),
    )


def _unfit(
    cluster: Cluster, service: InferenceService, model: Model, verdict: Verdict, error: str
) -> DoctorFinding:
    runtime = verdict.runtime
    fix, patch = _instead(cluster, service, model)
    known = next(iter(remedies(model, runtime, service)), None) if not patch else None
    plain = " ".join(reason.plain for reason in verdict.reasons)
    return DoctorFinding(
        "runtime-unusable",
        Severity.BROKEN,
        service.ref,
        f"Its runtime {runtime.key} does not take its model {model.key.name}",
        f"{error}. {plain}".strip(),
        _GIVES_UP,
        known.sentence if known is not None else fix,
        patch,
        commands.patch_json(known.target, known.patch)
        if known is not None
        else commands.patch_json(service.ref, patch)
        if patch
        else "",
        also=(runtime.ref, model.ref),
    )


def _instead(cluster: Cluster, service: InferenceService, model: Model) -> tuple[str, Patch | None]:
    """Another runtime for it: the one OME would choose."""
    selected = cluster.ranking(model, service.key.namespace, service).selected
    if selected is None:
        return "Name a runtime that takes the model; OME itself finds none.", None
    runtime = selected.runtime
    named = {"name": runtime.key.name, "kind": runtime.kind.name}
    wanted = ((("spec", "runtime", field), value) for field, value in named.items())
    return (
        f"Name {runtime.key.name} in spec.runtime, which OME itself would choose.",
        changes(service.ref, service.raw, *wanted),
    )
