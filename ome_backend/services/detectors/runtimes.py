"""Runtimes that OME misreads, never chooses, or chooses by chance."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from ome_backend.admission import priorities
from ome_backend.editing import commands
from ome_backend.matching.margin import margin
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import items, mapping
from ome_backend.resources.optional import optional_number
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.runtime import Runtime, SizeRange
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_RANGE = ("spec", "modelSizeRange")
_WIDEST = {"min": "0", "max": "1000T"}
_OWN_WEIGHT = {"modelFormat": 10, "modelFramework": 5}


def size_range(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A range with one bound is a panic, a bound that is no number counts as 0."""
    for runtime in cluster.runtimes:
        span = runtime.size_range
        if span is None:
            continue
        bounds = {"min": span.low, "max": span.high}
        lacking = [name for name, text in bounds.items() if text is None]
        if lacking:
            yield _one_sided(runtime, span, lacking)
        for name, text in bounds.items():
            if text is not None and _unreadable(text):
                yield _unread(runtime, name, text)


def model_size(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A model's size in other words than OME reads is no size at all, but counts as one."""
    for model in cluster.models:
        if model.size is None or not _unreadable(model.size):
            continue
        meant = _meant(model.size)
        path = ("spec", "modelParameterSize")
        patch = changes(model.ref, model.raw, (path, meant)) if meant else None
        yield DoctorFinding(
            "model-size-unreadable",
            Severity.RISK,
            model.ref,
            f"OME reads its size {model.size or '(empty)'} as 0",
            f"spec.modelParameterSize: {model.size!r}.",
            "Every runtime with a lower bound of its size range refuses the model.",
            f"Write {meant}." if meant else "Write a number with T, B or M, such as 8B.",
            patch,
            commands.patch_json(model.ref, patch) if patch else "",
        )


def ties(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Where everything else is equal, the alphabet decides."""
    tied: dict[tuple[Ref, Ref], list[Ref]] = defaultdict(list)
    for model in cluster.models:
        if model.disabled or not model.format_name:
            continue
        found = margin(cluster.ranking(model, model.key.namespace), model)
        if found is not None and found.by == "name":
            tied[found.winner.runtime.ref, found.runner_up.runtime.ref].append(model.ref)
    for (winner, loser), models in tied.items():
        names = ", ".join(str(each.key) for each in models)
        yield DoctorFinding(
            "runtimes-tie",
            Severity.RISK,
            winner,
            f"Only its name puts it before {loser.key}",
            f"For {names} both score the same and fit the size equally well.",
            "A runtime that is added or renamed changes what new services run on, and nobody notices.",
            "Give the formats of the one that is meant a higher priority, or name the runtime in the "
            "services.",
            also=(loser, *models),
        )


def never_chosen(cluster: Cluster) -> Iterator[DoctorFinding]:
    """autoSelect is off unless it is set; a service that names the runtime does not need it."""
    used = {runtime.ref for runtime in map(cluster.runtime_of, cluster.services) if runtime}
    for runtime in cluster.runtimes:
        if runtime.disabled or runtime.auto_select or runtime.ref in used:
            continue
        path = ("spec", "supportedModelFormats")
        wanted = [((*path, index, "autoSelect"), True) for index in range(len(runtime.formats))]
        patch = changes(runtime.ref, runtime.raw, *wanted) if wanted else None
        yield DoctorFinding(
            "never-chosen",
            Severity.NOTE,
            runtime.ref,
            "OME never chooses it, and no service names it",
            "No entry of spec.supportedModelFormats has autoSelect: true.",
            "It is not used, and OME does not list it among the runtimes that it left out.",
            "Set autoSelect where OME may choose it, or name it in a service.",
            patch,
            commands.patch_json(runtime.ref, patch) if patch else "",
        )


def weight_zero(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A weight of 0 is taken for none given, and then counts most."""
    for runtime in cluster.runtimes:
        found = list(_zeros(runtime))
        if not found:
            continue
        wanted = [
            (("spec", "supportedModelFormats", index, field, "weight"), 1) for index, field in found
        ]
        patch = changes(runtime.ref, runtime.raw, *wanted)
        where = ", ".join(
            f"supportedModelFormats[{index}].{field}.weight: 0 counts {_OWN_WEIGHT[field]}"
            for index, field in found
        )
        yield DoctorFinding(
            "weight-zero",
            Severity.RISK,
            runtime.ref,
            "A weight of 0 makes OME prefer it",
            f"{where}.",
            "It comes before runtimes with the usual weight of 1, the opposite of what 0 says.",
            "Write 1, and lower the priority of the format instead.",
            patch,
            commands.patch_json(runtime.ref, patch),
        )


def priorities_differ(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The webhook refuses it, but only once another runtime exists: the first one gets by."""
    for runtime in cluster.runtimes:
        found = list(priorities.own(mapping(runtime.raw, "spec")))
        if runtime.disabled or not found:
            continue
        yield DoctorFinding(
            "priorities-differ",
            Severity.RISK,
            runtime.ref,
            "It cannot be changed any more: its formats have different priorities",
            "; ".join(f"{each.path}: {each.message.strip()}" for each in found),
            "OME's webhook refuses every further change of the runtime.",
            "Give the formats that OME may choose one priority, or a name each.",
        )


def _one_sided(runtime: Runtime, span: SizeRange, lacking: list[str]) -> DoctorFinding:
    wanted = [((*_RANGE, name), _WIDEST[name]) for name in lacking]
    patch = changes(runtime.ref, runtime.raw, *wanted)
    return DoctorFinding(
        "size-range",
        Severity.BROKEN,
        runtime.ref,
        f"Its modelSizeRange has no {' and no '.join(lacking)}: OME's controller panics",
        f"spec.modelSizeRange: min {span.low or 'not set'}, max {span.high or 'not set'}.",
        "Every selection of a runtime for a model with a size that meets this one ends in a panic, for "
        "other services as well; only the controller's log says so.",
        f"Set {' and '.join(lacking)}.",
        patch,
        commands.patch_json(runtime.ref, patch),
    )


def _unread(runtime: Runtime, name: str, text: str) -> DoctorFinding:
    meant = _meant(text)
    patch = changes(runtime.ref, runtime.raw, ((*_RANGE, name), meant)) if meant else None
    return DoctorFinding(
        "size-range",
        Severity.RISK,
        runtime.ref,
        f"OME reads the {name} {text or '(empty)'} of its modelSizeRange as 0",
        f"spec.modelSizeRange.{name}: {text!r}.",
        "It takes no model that has a size."
        if name == "max"
        else "It takes every model up to its max, however small.",
        f"Write {meant}." if meant else "Write a number with T, B or M, such as 8B.",
        patch,
        commands.patch_json(runtime.ref, patch) if patch else "",
    )


def _unreadable(text: str) -> bool:
    return parse(text) == 0 and re.fullmatch(r"0+(\.0*)?[TBM]?", text) is None


def _meant(text: str) -> str:
    """The same with a suffix that OME reads; empty where that does not help."""
    candidate = text.replace(" ", "").upper()
    return candidate if parse(candidate) > 0 else ""


def _zeros(runtime: Runtime) -> Iterator[tuple[int, str]]:
    """Only what is written counts: the API server fills a missing weight in with 1."""
    for index, entry in enumerate(items(runtime.raw, "spec", "supportedModelFormats")):
        for field in _OWN_WEIGHT:
            written: Mapping[str, object] = mapping(entry, field) if isinstance(entry, dict) else {}
            if optional_number(written, "weight") == 0:
                yield index, field
