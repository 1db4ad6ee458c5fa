"""Accelerator classes that OME drops, misreads or panics over."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ome_backend.editing import commands
from ome_backend.matching import version
from ome_backend.matching.accelerators_asked import Asked, asked
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.matching.accelerators_eligible import gigabytes
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Ref
from ome_backend.resources.optional import optional_mapping
from ome_backend.resources.runtime import Runtime
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_CONSTRAINTS = ("spec", "acceleratorSelector", "constraints")


class _Chosen(NamedTuple):
    """What OME makes of one component's wish."""

    service: InferenceService
    component: str
    runtime: Runtime
    wish: Asked
    choice: Choice


def best_fit(cluster: Cluster) -> Iterator[DoctorFinding]:
    """BestFit dereferences the constraints as soon as it has two classes to choose from."""
    for one in _chosen(cluster):
        if not one.choice.panics:
            continue
        patch = changes(one.service.ref, one.service.raw, (_CONSTRAINTS, {}))
        yield DoctorFinding(
            "best-fit-panic",
            Severity.BROKEN,
            one.service.ref,
            "BestFit without constraints makes OME's controller panic",
            f"Policy BestFit for the {one.component}; {'.'.join(_CONSTRAINTS)} is not set; runtime "
            f"{one.runtime.key} lists {', '.join(one.runtime.accelerator_classes)}.",
            "Every reconcile of the service ends in a panic: it is neither made nor changed, and only "
            "the controller's log says so.",
            f"Set {'.'.join(_CONSTRAINTS)}; even an empty one will do.",
            patch,
            commands.patch_json(one.service.ref, patch),
            also=(one.runtime.ref,),
        )


def class_missing(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Classes that services or runtimes name and that do not exist, or no longer."""
    for one in _chosen(cluster):
        if one.choice.error and not one.choice.panics:
            yield DoctorFinding(
                "class-missing",
                Severity.BROKEN,
                one.service.ref,
                f"It asks for the accelerator class {one.wish.name}, which does not exist",
                f"OME says of the {one.component}: {one.choice.error}.",
                "Every reconcile fails: changes never take effect.",
                f"Name a class that exists: {_names(cluster)}.",
                command=commands.listing(kinds.ACCELERATOR_CLASS),
            )
    for runtime in cluster.runtimes:
        gone = [name for name in runtime.accelerator_classes if name not in cluster.classes]
        if gone:
            yield _listed(runtime, gone)


def class_dropped(cluster: Cluster) -> Iterator[DoctorFinding]:
    """What was asked for leads to no class at all, without an error."""
    for one in _chosen(cluster):
        lacking = set(one.service.required_accelerator_classes) - set(
            one.runtime.accelerator_classes
        )
        unanswered = one.choice.name is None and not one.choice.error
        # A class that the runtime does not list is an error of the runtime, which has its own finding.
        if not unanswered or lacking or not (one.wish.name or one.wish.policy):
            continue
        yield DoctorFinding(
            "class-dropped",
            Severity.RISK,
            one.service.ref,
            f"What it asks of accelerators is dropped for its {one.component}",
            " ".join(one.choice.warnings)
            or f"Policy {one.wish.policy}; no class of runtime {one.runtime.key} remains.",
            "OME uses no class: no node selector, no resources and no arguments of a class, so the "
            "pods may land on any GPU.",
            f"Use a runtime that lists classes which meet the wish, or list them in {one.runtime.key}.",
            command=commands.get(one.runtime.ref),
            also=(one.runtime.ref,),
        )


def version_as_text(cluster: Cluster) -> Iterator[DoctorFinding]:
    """minArchitectureVersion is compared letter by letter: `10.0` is less than `9.0`."""
    for one in _chosen(cluster):
        wants = one.wish.constraints.min_version if one.wish.constraints else None
        if not wants or one.wish.name or not one.wish.policy:
            continue
        listed = [cluster.classes.get(name) for name in one.runtime.accelerator_classes]
        wrong = [each for each in listed if each is not None and _misjudged(each, wants)]
        if wrong:
            yield _misread(one, wants, wrong, [each for each in listed if each is not None])


def memory_unit(cluster: Cluster) -> Iterator[DoctorFinding]:
    """memoryGB is a Kubernetes quantity, whatever its name says: `80` is 80 bytes."""
    for name, accelerator in cluster.classes.items():
        written, size = accelerator.memory, gigabytes(accelerator)
        if size is None or (size and written.endswith("i")):
            continue
        about = Ref(kinds.ACCELERATOR_CLASS, accelerator.key)
        meant = _meant(written, size)
        path = ("spec", "capabilities", "memoryGB")
        patch = changes(about, accelerator.raw, (path, meant)) if meant else None
        yield DoctorFinding(
            "memory-unit",
            Severity.RISK if size else Severity.BROKEN,
            about,
            f"Its memory counts as {size} GB",
            f"memoryGB: {written} is {accelerator.memory_bytes} bytes.",
            "Constraints on memory compare the wrong number, so the class is left out or taken by "
            "mistake."
            if size
            else f"Whoever sets minMemory never gets {name}.",
            f"Write {meant}." if meant else "Write it in Gi, such as 80Gi.",
            patch,
            commands.patch_json(about, patch) if patch else "",
        )


def _chosen(cluster: Cluster) -> Iterator[_Chosen]:
    for service in cluster.services:
        runtime = cluster.runtime_of(service)
        for component in ("engine", "decoder") if runtime is not None else ():
            if runtime is None or optional_mapping(service.raw, "spec", component) is None:
                continue
            choice = cluster.class_of(service, runtime, component)
            yield _Chosen(service, component, runtime, asked(service, component), choice)


def _listed(runtime: Runtime, gone: list[str]) -> DoctorFinding:
    names = ", ".join(gone)
    kept = [name for name in runtime.accelerator_classes if name not in gone]
    path = ("spec", "acceleratorRequirements", "acceleratorClasses")
    patch = changes(runtime.ref, runtime.raw, (path, kept))
    return DoctorFinding(
        "class-missing",
        Severity.RISK,
        runtime.ref,
        f"It lists {names}, which does not exist"
        if len(gone) == 1
        else f"It lists {names}, which do not exist",
        f"{'.'.join(path)}: {', '.join(runtime.accelerator_classes)}.",
        "A policy that chooses among its classes gives up and uses none of them, and every change of the "
        "runtime is refused.",
        f"Create {names}, or take the name off the list.",
        patch,
        commands.patch_json(runtime.ref, patch),
    )


def _misread(
    one: _Chosen, wants: str, wrong: list[AcceleratorClass], listed: list[AcceleratorClass]
) -> DoctorFinding:
    excluded = one.wish.constraints.excluded if one.wish.constraints else ()
    below = [each.key.name for each in listed if _reaches(each, wants) is False]
    patch = changes(
        one.service.ref,
        one.service.raw,
        ((*_CONSTRAINTS, "minArchitectureVersion"), None),
        ((*_CONSTRAINTS, "excludedClasses"), list(dict.fromkeys((*excluded, *below)))),
    )
    compared = ", ".join(
        f"{each.key.name} ({each.compute_capability}) "
        f"{'passes' if each.compute_capability >= wants else 'is refused'}"
        for each in wrong
    )
    return DoctorFinding(
        "version-as-text",
        Severity.RISK,
        one.service.ref,
        f"minArchitectureVersion {wants} is compared as text",
        f"{compared}, though as numbers it is the other way round.",
        "The service gets a class it meant to exclude, or not the one it meant.",
        "Leave minArchitectureVersion out and name the classes that are too old in excludedClasses.",
        patch,
        commands.patch_json(one.service.ref, patch),
    )


def _misjudged(accelerator: AcceleratorClass, wants: str) -> bool:
    reaches = _reaches(accelerator, wants)
    return reaches is not None and reaches != (accelerator.compute_capability >= wants)


def _reaches(accelerator: AcceleratorClass, wants: str) -> bool | None:
    """Whether its version is high enough, as numbers; None where one of them is no version."""
    ours, theirs = version.parse(accelerator.compute_capability), version.parse(wants)
    return None if ours is None or theirs is None else version.compare(ours, theirs) >= 0


def _meant(written: str, size: int) -> str:
    """`80` and `80G` most likely mean 80Gi; a long number of bytes is what it is."""
    found = re.fullmatch("([1-9][0-9]*)G?", written)
    if found is None:
        return ""
    return f"{size}Gi" if size and written.isdigit() else f"{found[1]}Gi"


def _names(cluster: Cluster) -> str:
    return ", ".join(cluster.classes) or "there is none yet"
