"""What OME decides about a service before it creates anything, or why it gives up.

Source: OME pkg/controller/v1beta1/inferenceservice/controller.go, Reconcile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ome_backend.admission import runtime_choice
from ome_backend.admission.known import Found, Known, model_of
from ome_backend.facts.failure import Failure
from ome_backend.matching import accelerators
from ome_backend.matching.score import applicable_format
from ome_backend.outcome import deployment_mode, merging, predictor
from ome_backend.outcome.deployment_mode import Mode
from ome_backend.outcome.fine_tuning import FineTuning
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

COMPONENTS: Final = ("engine", "decoder", "router")
CONFIGS: Final = {"engine": "engineConfig", "decoder": "decoderConfig", "router": "routerConfig"}


@dataclass(frozen=True, slots=True)
class GaveUp:
    """OME stops here: with a Warning event, or without a trace when `reason` is empty.

    With `panics` its controller crashes, which leaves no trace either. `described` tells whether the
    ConfigMap about the models was made before.
    """

    reason: str
    message: str
    panics: bool = False
    described: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to run. `components` are merged; `accelerators` the class chosen per component.

    `format` is the supported format of the runtime that holds for the model, empty where none does.
    """

    service: Manifest
    model: Found | None
    runtime: Manifest | None
    components: Mapping[str, Manifest]
    modes: Mapping[str, Mode]
    accelerators: Mapping[str, Manifest] = field(default_factory=dict)
    format: Manifest = field(default_factory=dict)
    tuning: FineTuning = field(default_factory=FineTuning)


def decide(service: Manifest, known: Known) -> Decision | GaveUp:
    """The decision about a service that the defaulter has seen, in OME's order."""
    migrated = predictor.migrated(service, known)
    if isinstance(migrated, Failure):
        return GaveUp("PredictorMigrationError", migrated.text, described=False)
    service = migrated
    lost = _lost_reference(service, known)
    if lost:
        return GaveUp("", lost, described=False)
    model = model_of(known, service)
    unusable = _unusable(service, model)
    if unusable:
        return GaveUp("ModelReconcileError", unusable)
    runtime = _runtime(service, model, known)
    if isinstance(runtime, GaveUp):
        return runtime
    chosen = _accelerators(service, runtime, known)
    if isinstance(chosen, GaveUp):
        return chosen
    components = merged_components(service, runtime.raw if runtime else None)
    if "engine" not in components:
        return GaveUp("DeploymentModeError", "engine component is required")
    return Decision(
        service,
        model,
        runtime.raw if runtime else None,
        components,
        deployment_mode.of_components(components),
        chosen,
        _format(service, model, runtime),
        FineTuning(_weight(service, known)),
    )


def merged_components(service: Manifest, runtime: Manifest | None) -> dict[str, Manifest]:
    """Each component as deployed; one exists only where the service has its block, however empty."""
    merged = {
        name: merging.component(
            dig(runtime or {}, "spec", CONFIGS[name]), dig(service, "spec", name)
        )
        for name in COMPONENTS
    }
    return {name: found for name, found in merged.items() if found is not None}


def _lost_reference(service: Manifest, known: Known) -> str:
    """The first step obeys `spec.model.kind`, unlike all later ones, and fails without an event."""
    name = text(service, "spec", "model", "name")
    if not name:
        return ""
    local = text(service, "spec", "model", "kind") == "BaseModel"
    kind = kinds.BASE_MODEL if local else kinds.CLUSTER_BASE_MODEL
    namespace = text(service, "metadata", "namespace") if local else ""
    if known.get(kind, Key(namespace, name)) is None:
        return f'failed to get base model spec for {name}: {kind.resource} "{name}" not found'
    for weight in items(service, "spec", "model", "fineTunedWeights"):
        if known.get(kinds.FINE_TUNED_WEIGHT, Key("", weight)) is None:
            missing = f'{kinds.FINE_TUNED_WEIGHT.resource} "{weight}" not found'
            listed = f"{weight} (listed in ModelRef.FineTunedWeights)"
            return f"failed to get fine tuned weight spec {listed}: {missing}"
    return ""


def _unusable(service: Manifest, model: Found | None) -> str:
    if model is None:
        named = dig(service, "spec", "runtime") is not None
        return "model reference is required" if named else ""
    if dig(model[0], "spec", "disabled") is True:
        return f"specified base model {text(model[0], 'metadata', 'name')} is disabled"
    return ""


def _runtime(service: Manifest, model: Found | None, known: Known) -> Runtime | GaveUp | None:
    if model is None:
        return None
    name = text(model[0], "metadata", "name")
    wanted = text(service, "spec", "runtime", "name")
    if wanted:
        judged = runtime_choice.named(service, model, known)
        if judged.verdict is not None and judged.accepted:
            return judged.verdict.runtime
        said = f"Runtime {wanted} does not support model {name}: {judged.error}"
        reason = "" if judged.crashes else "RuntimeValidationError"
        return GaveUp(reason, said, judged.crashes)
    found = runtime_choice.ranking(service, model, known)
    if found.selected is not None:
        return found.selected.runtime
    said = f"Failed to find runtime for model {name}: {found.error}"
    return GaveUp("" if found.crashes else "RuntimeSelectionError", said, found.crashes)


def _accelerators(
    service: Manifest, runtime: Runtime | None, known: Known
) -> dict[str, Manifest] | GaveUp:
    listed = map(AcceleratorClass, known.list(kinds.ACCELERATOR_CLASS))
    classes = {one.key.name: one for one in listed}
    chosen: dict[str, Manifest] = {}
    for component in ("engine", "decoder"):
        if runtime is None or dig(service, "spec", component) is None:
            continue
        choice = accelerators.choose(InferenceService(service), runtime, component, classes)
        if choice.error:
            reason = "" if choice.panics else "AcceleratorClassError"
            return GaveUp(reason, choice.error, choice.panics)
        if choice.name:
            chosen[component] = classes[choice.name].raw
    return chosen


def _format(service: Manifest, model: Found | None, runtime: Runtime | None) -> Manifest:
    if model is None or runtime is None:
        return {}
    named = bool(text(service, "spec", "runtime", "name"))
    index = applicable_format(Model(*model), runtime, named=named)
    formats = [
        each
        for each in items(runtime.raw, "spec", "supportedModelFormats")
        if isinstance(each, dict)
    ]
    return {} if index is None else mapping({"format": formats[index]}, "format")


def _weight(service: Manifest, known: Known) -> Manifest | None:
    names = items(service, "spec", "model", "fineTunedWeights")
    return known.get(kinds.FINE_TUNED_WEIGHT, Key("", names[0])) if names else None
