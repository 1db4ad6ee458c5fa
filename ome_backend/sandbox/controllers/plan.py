"""What OME decides about a service before it creates anything, or why it gives up.

Source: OME pkg/controller/v1beta1/inferenceservice/controller.go, Reconcile.
"""

from dataclasses import dataclass

from ome_backend.admission import runtime_choice
from ome_backend.admission.known import Known, model_of
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.sandbox.controllers import accelerator_choice, merging

COMPONENTS = ("engine", "decoder", "router")
_CONFIGS = {"engine": "engineConfig", "decoder": "decoderConfig", "router": "routerConfig"}


@dataclass(frozen=True, slots=True)
class GaveUp:
    """OME stops here: with a Warning event, or without a trace when `reason` is empty."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run. `components` are merged; `accelerators` the class chosen per component."""

    service: Manifest
    model: tuple[Manifest, Kind] | None
    runtime: Manifest | None
    components: dict[str, Manifest]
    accelerators: dict[str, Manifest]


def plan(service: Manifest, objects: Known) -> Plan | GaveUp:
    """The plan for a service, in OME's order of decisions."""
    lost = _lost_reference(service, objects)
    if lost:
        return GaveUp("", lost)
    model = model_of(objects, service)
    if model is None and dig(service, "spec", "runtime") is not None:
        return GaveUp("ModelReconcileError", "model reference is required")
    if model is not None and dig(model[0], "spec", "disabled") is True:
        name = text(model[0], "metadata", "name")
        return GaveUp("ModelReconcileError", f"specified base model {name} is disabled")
    runtime = _runtime(service, model, objects)
    if isinstance(runtime, GaveUp):
        return runtime
    accelerators = _accelerators(service, runtime, objects)
    if isinstance(accelerators, GaveUp):
        return accelerators
    components = _components(service, runtime)
    if "engine" not in components:
        return GaveUp("DeploymentModeError", "engine component is required")
    return Plan(service, model, runtime, components, accelerators)


def _lost_reference(service: Manifest, objects: Known) -> str:
    """The first step obeys `spec.model.kind`, unlike all later ones, and fails without an event."""
    name = text(service, "spec", "model", "name")
    if not name:
        return ""
    local = text(service, "spec", "model", "kind") == "BaseModel"
    kind = kinds.BASE_MODEL if local else kinds.CLUSTER_BASE_MODEL
    namespace = text(service, "metadata", "namespace") if local else ""
    if objects.get(kind, Key(namespace, name)) is None:
        return f'failed to get base model spec for {name}: {kind.resource} "{name}" not found'
    for weight in items(service, "spec", "model", "fineTunedWeights"):
        if objects.get(kinds.FINE_TUNED_WEIGHT, Key("", weight)) is None:
            return f'failed to get fine tuned weight spec {weight}: "{weight}" not found'
    return ""


def _runtime(
    service: Manifest, model: tuple[Manifest, Kind] | None, objects: Known
) -> Manifest | GaveUp | None:
    if model is None:
        return None
    name = text(model[0], "metadata", "name")
    wanted = text(service, "spec", "runtime", "name")
    if wanted:
        judged = runtime_choice.named(service, model, objects)
        if judged.verdict is not None and judged.accepted:
            return judged.verdict.runtime.raw
        said = f"Runtime {wanted} does not support model {name}: {judged.error}"
        return GaveUp("RuntimeValidationError", said)
    found = runtime_choice.ranking(service, model, objects)
    if found.selected is not None:
        return found.selected.runtime.raw
    said = f"Failed to find runtime for model {name}: {found.error}"
    return GaveUp("RuntimeSelectionError", said)


def _accelerators(
    service: Manifest, runtime: Manifest | None, objects: Known
) -> dict[str, Manifest] | GaveUp:
    chosen: dict[str, Manifest] = {}
    for component in ("engine", "decoder"):
        if dig(service, "spec", component) is None or runtime is None:
            continue
        found = accelerator_choice.choose(service, runtime, component, objects)
        if isinstance(found, str):
            return GaveUp("AcceleratorClassError", found)
        if found is not None:
            chosen[component] = found
    return chosen


def _components(service: Manifest, runtime: Manifest | None) -> dict[str, Manifest]:
    """A component exists only where the service itself has its block, however empty."""
    return {
        component: merging.component(
            mapping(runtime or {}, "spec", _CONFIGS[component]), mapping(service, "spec", component)
        )
        for component in COMPONENTS
        if dig(service, "spec", component) is not None
    }
