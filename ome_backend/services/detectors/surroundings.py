"""Namespaces, benchmarks and rollouts around the services."""

import re
from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.facts import storage_uri
from ome_backend.facts.failure import Failure
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import items, key_of, text
from ome_backend.resources.optional import optional_number, texts
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_EMBEDDINGS = "text-to-embeddings"


def namespace_missing(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Objects in a namespace that is not there, and references into one."""
    for about, namespace, where in _namespaces(cluster):
        if namespace in cluster.namespaces:
            continue
        yield DoctorFinding(
            "namespace-missing",
            Severity.BROKEN,
            about,
            f"The namespace {namespace} does not exist",
            f"{where}: {namespace}.",
            "Nothing can be made or found in it.",
            f"Create the namespace, or correct {where}.",
            command=commands.create_namespace(namespace),
        )


def benchmark_scenarios(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME checks its own default for embeddings against its own pattern, which refuses it."""
    for job in cluster.jobs:
        spec = ("spec", "trafficScenarios")
        if text(job, "spec", "task") != _EMBEDDINGS or texts(job, *spec):
            continue
        about = Ref(kinds.BENCHMARK_JOB, key_of(job))
        patch = changes(about, job, (spec, ["E(64,128)"]))
        yield DoctorFinding(
            "benchmark-scenarios",
            Severity.BROKEN,
            about,
            "A benchmark of embeddings needs explicit scenarios",
            f"spec.task: {_EMBEDDINGS}; spec.trafficScenarios is not set.",
            "OME's default, E(64), fails OME's own check: every write of the job is refused.",
            "Set spec.trafficScenarios, for instance to E(64,128).",
            patch,
            commands.patch_json(about, patch),
        )


def traffic_weights(cluster: Cluster) -> Iterator[DoctorFinding]:
    """OME records the weight of a canary step; the share of ready replicas decides who is asked."""
    for service in cluster.services:
        for path, weight, capacity in _steps(service.raw):
            share = re.fullmatch(r"(\d+)%", capacity)
            if share is not None and int(share[1]) == weight:
                continue
            wanted = (((*path, "capacity"), f"{weight}%"),)
            patch = changes(service.ref, service.raw, *wanted) if 0 < weight <= 100 else None
            yield DoctorFinding(
                "traffic-not-routed",
                Severity.RISK,
                service.ref,
                f"A canary step of {weight} % of the traffic is not routed like that",
                f"{'.'.join(map(str, path))}: traffic {weight}, capacity {capacity or 'not set'}.",
                "The weight is recorded in the status only. The new revision gets requests in "
                "proportion to its ready replicas, which the capacity sets.",
                "Set the capacity to the share that is meant.",
                patch,
                commands.patch_json(service.ref, patch) if patch else "",
            )


def _namespaces(cluster: Cluster) -> Iterator[tuple[Ref, str, str]]:
    """Every namespace that something lives in or points to, and where that is written."""
    owned: list[tuple[Kind, Key]] = [
        *((each.kind, each.key) for each in cluster.services),
        *((each.kind, each.key) for each in cluster.models),
        *((each.kind, each.key) for each in cluster.runtimes),
        *((kinds.BENCHMARK_JOB, key_of(job)) for job in cluster.jobs),
    ]
    for kind, key in owned:
        if kind.namespaced and key.namespace:
            yield Ref(kind, key), key.namespace, "metadata.namespace"
    for model in cluster.models:
        parsed = storage_uri.parse(model.storage_uri)
        if not isinstance(parsed, Failure) and parsed.scheme == "pvc":
            claimed = parsed.components["namespace"]
            if claimed:
                yield model.ref, claimed, "spec.storage.storageUri"
    for job in cluster.jobs:
        target = text(job, "spec", "endpoint", "inferenceService", "namespace")
        if target:
            about = Ref(kinds.BENCHMARK_JOB, key_of(job))
            yield about, target, "spec.endpoint.inferenceService.namespace"


def _steps(raw: dict[str, object]) -> Iterator[tuple[tuple[str | int, ...], int, str]]:
    """The canary steps that give a weight, with the share of replicas they set."""
    groups = items(raw, "spec", "rollout", "groups")
    for number, group in enumerate(groups):
        steps = items(group, "canary", "steps") if isinstance(group, dict) else []
        for index, step in enumerate(steps):
            weight = optional_number(step, "traffic") if isinstance(step, dict) else None
            if weight is not None:
                path = ("spec", "rollout", "groups", number, "canary", "steps", index)
                yield path, weight, str(step.get("capacity", ""))
