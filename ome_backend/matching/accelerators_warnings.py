"""What a person would not expect of the choice of an accelerator class, each with its reason."""

from collections.abc import Iterator, Mapping

from ome_backend.matching.accelerators_asked import Asked
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.matching.accelerators_nodes import everywhere
from ome_backend.matching.accelerators_policies import policy_warnings
from ome_backend.matching.accelerators_traps import class_warnings
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import (
    ACCELERATOR_CLASS_ANNOTATION,
    InferenceService,
)
from ome_backend.resources.manifest import mapping
from ome_backend.resources.optional import optional_mapping, optional_text
from ome_backend.resources.runtime import Runtime

_UNREAD_OF_THE_RUNTIME = (
    "minMemory",
    "minComputePerformanceTFLOPS",
    "minArchitectureVersion",
    "requiredFeatures",
    "preferredPrecisions",
)


def warnings(
    service: InferenceService,
    component: str,
    runtime: Runtime,
    wish: Asked,
    choice: Choice,
    classes: Mapping[str, AcceleratorClass],
) -> tuple[str, ...]:
    """Everything worth a warning about `choice`, the service's own settings first."""
    compared = [classes[one.name] for one in choice.considered if one.name in classes]
    eligible = [classes[one.name] for one in choice.considered if one.eligible]
    missing = [one.name for one in choice.considered if one.name not in classes]
    return (
        *_service(service, component, choice),
        *_wish(wish, runtime, choice),
        *_runtime(runtime, choice),
        *policy_warnings(wish, choice, eligible, missing),
        *(class_warnings(wish.constraints, compared) if choice.policy else ()),
        *(_chosen(classes[choice.name]) if choice.name else ()),
    )


def _service(service: InferenceService, component: str, choice: Choice) -> Iterator[str]:
    annotated = optional_text(service.raw, "metadata", "annotations", ACCELERATOR_CLASS_ANNOTATION)
    if annotated is not None and annotated != choice.name:
        yield (
            f"Annotation {ACCELERATOR_CLASS_ANNOTATION} ({annotated}) only restricts which runtimes "
            "match; it does not choose the class."
        )
    override = mapping(service.raw, "spec", component, "acceleratorOverride")
    if optional_mapping(override, "constraints") is not None:
        yield (
            f"spec.{component}.acceleratorOverride.constraints is never read: OME looks only at "
            "spec.acceleratorSelector.constraints."
        )


def _wish(wish: Asked, runtime: Runtime, choice: Choice) -> Iterator[str]:
    if not runtime.accelerator_classes:
        if wish.name or wish.policy:
            yield (
                f"Runtime {runtime.key.name} lists no accelerator classes, so OME chooses none, "
                "whatever the service asks for."
            )
        return
    if wish.name and wish.policy:
        yield f"Policy {wish.policy} is not used: the service names class {wish.name}."
    if choice.name and wish.name and wish.name not in runtime.accelerator_classes:
        yield (
            f"Class {wish.name} is not in the list of runtime {runtime.key.name}; OME does not check "
            "that here, only when it matches runtimes."
        )


def _runtime(runtime: Runtime, choice: Choice) -> Iterator[str]:
    required = mapping(runtime.raw, "spec", "acceleratorRequirements")
    unread = [name for name in _UNREAD_OF_THE_RUNTIME if required.get(name) is not None]
    if unread and choice.considered:
        yield (
            f"acceleratorRequirements.{', '.join(unread)} of runtime {runtime.key.name} is never "
            "read; only its acceleratorClasses count."
        )


def _chosen(accelerator: AcceleratorClass) -> Iterator[str]:
    yield from everywhere(accelerator)
    if accelerator.available_nodes == 0:
        yield (
            f"No node carries class {accelerator.key.name} at the moment; OME does not look at that "
            "when it chooses."
        )
