"""What a service says about its components, and OME reads otherwise or not at all."""

from collections.abc import Iterator

from ome_backend.admission import predictor
from ome_backend.editing import commands
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import dig, mapping, text
from ome_backend.resources.optional import optional_mapping
from ome_backend.resources.replica import MAIN_CONTAINER
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

PARTS: tuple[tuple[str, ...], ...] = ((), ("leader",), ("worker",))
_ROUTER = "router"


def missing_engine(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The engine of the runtime alone makes no engine. A predictor becomes one at admission."""
    for service in cluster.services:
        if dig(service.raw, "spec", "engine") is not None or predictor.used(service.raw):
            continue
        patch = changes(service.ref, service.raw, (("spec", "engine"), {}))
        yield DoctorFinding(
            "missing-engine",
            Severity.BROKEN,
            service.ref,
            "It has no spec.engine",
            "spec.engine is not set.",
            "OME makes no pods for it, whatever its runtime says about the engine.",
            "Add spec.engine; an empty one takes everything from the runtime.",
            patch,
            commands.patch_json(service.ref, patch),
        )


def deprecated_predictor(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME translates it once, and only where there is no engine yet."""
    for service in cluster.services:
        if not predictor.used(service.raw):
            continue
        leftover = dig(service.raw, "spec", "engine") is not None
        patch = changes(service.ref, service.raw, (("spec", "predictor"), None))
        yield DoctorFinding(
            "deprecated-predictor",
            Severity.RISK,
            service.ref,
            "It still has the deprecated spec.predictor",
            f"spec.predictor: {', '.join(sorted(mapping(service.raw, 'spec', 'predictor')))}.",
            "spec.engine decides; what the predictor says is not looked at any more."
            if leftover
            else "A later OME does not know the field, and the service has no engine of its own.",
            "Take spec.predictor away."
            if leftover
            else "Move what it says to spec.model, spec.runtime and spec.engine.",
            patch if leftover else None,
            commands.patch_json(service.ref, patch) if leftover else "",
        )


def runner_name(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The name of a runner decides which container of the runtime it is merged into."""
    for service in cluster.services:
        for path in _runners(service):
            name = text(service.raw, *path, "name")
            wanted = _ROUTER if _ROUTER in path else MAIN_CONTAINER
            if name == wanted or (name and wanted == _ROUTER):
                continue
            patch = changes(service.ref, service.raw, ((*path, "name"), wanted))
            yield DoctorFinding(
                "runner-name",
                Severity.RISK if name else Severity.BROKEN,
                service.ref,
                f"Its runner is called {name}, not {wanted}" if name else "Its runner has no name",
                f"{'.'.join(path)}.name: {name or 'not set'}.",
                f"OME looks for the container {wanted} only: whether this one loads the model or "
                "crashes never shows in the status."
                if name
                else "The empty name replaces the runtime's, and the API server refuses the pods.",
                f"Set {'.'.join(path)}.name to {wanted}.",
                patch,
                commands.patch_json(service.ref, patch),
            )


def _runners(service: InferenceService) -> Iterator[tuple[str, ...]]:
    for component in ("engine", "decoder", _ROUTER):
        for part in PARTS:
            path = ("spec", component, *part, "runner")
            if optional_mapping(service.raw, *path) is not None:
                yield path
