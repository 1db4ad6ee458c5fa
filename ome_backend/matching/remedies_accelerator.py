"""What would bring the accelerator classes a service asks for and a runtime's list together."""

from collections.abc import Sequence

from ome_backend.matching.patching import APPEND, Change, Path
from ome_backend.matching.remedies_fix import Danger, Fix, listed
from ome_backend.resources.inference_service import (
    ACCELERATOR_CLASS_ANNOTATION,
    InferenceService,
)
from ome_backend.resources.optional import optional_text
from ome_backend.resources.runtime import Runtime

_PATHS: tuple[tuple[str, ...], ...] = (
    ("metadata", "annotations", ACCELERATOR_CLASS_ANNOTATION),
    ("spec", "acceleratorSelector", "acceleratorClass"),
    ("spec", "engine", "acceleratorOverride", "acceleratorClass"),
    ("spec", "decoder", "acceleratorOverride", "acceleratorClass"),
)
_LIST = ("spec", "acceleratorRequirements", "acceleratorClasses")


def fixes(runtime: Runtime, service: InferenceService | None) -> tuple[Fix, ...] | None:
    """The ways to have every class that the service asks for in the list; None when it is."""
    needed = service.required_accelerator_classes if service else ()
    lacking = [name for name in needed if name not in runtime.accelerator_classes]
    if service is None or not lacking:
        return None
    paths = [path for path in _PATHS if optional_text(service.raw, *path) in lacking]
    ways = [_dropping(service, paths)]
    if runtime.accelerator_classes:
        ways.insert(0, _asking(service, paths, runtime))
    if "" not in lacking:
        ways.append(_listing(runtime, lacking))
    return tuple(ways)


def _asking(service: InferenceService, paths: Sequence[Path], runtime: Runtime) -> Fix:
    name = runtime.accelerator_classes[0]
    return Fix(
        tuple(Change(service.ref, path, name) for path in paths),
        f"Ask for {name} in {service.ref}, which {runtime.ref} lists.",
        "The service then runs on other accelerators than it asked for.",
        Danger.ASKS,
    )


def _dropping(service: InferenceService, paths: Sequence[Path]) -> Fix:
    return Fix(
        tuple(Change(service.ref, path, None) for path in paths),
        f"Ask for no accelerator class in {service.ref}.",
        "The service's policy then chooses, or nothing does.",
        Danger.ASKS,
    )


def _listing(runtime: Runtime, names: Sequence[str]) -> Fix:
    return Fix(
        tuple(Change(runtime.ref, (*_LIST, APPEND), name) for name in names),
        f"Add {listed(names)} to the accelerator classes of {runtime.ref}.",
        "The engine's image and arguments may not suit these accelerators, and a policy may now "
        "choose them for other services.",
        Danger.ADDS,
    )
