"""Every detector by its name, with what it must be able to see."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.services.detectors import (
    accelerators,
    agents,
    collisions,
    gpu_amounts,
    gpu_memory,
    images,
    model_references,
    named_runtimes,
    placement,
    pod_monitors,
    replicas,
    reports,
    runtimes,
    scarcity,
    service_spec,
    storage,
    surroundings,
)
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.examination import Detector, Examination, gathered, look
from ome_backend.services.detectors.finding import DoctorFinding

Kinds = tuple[Kind, ...]


def examine(cluster: Cluster, *, now: datetime) -> Examination:
    """Run every detector over the cluster as it is at `now`."""
    return gathered(look(each, cluster, now) for each in DETECTORS.values())


def _timeless(
    name: str, find: Callable[[Cluster], Iterable[DoctorFinding]], needs: Kinds, looks_for: str
) -> Detector:
    return Detector(name, looks_for, needs, lambda cluster, _now: find(cluster))


def _timed(
    name: str,
    find: Callable[[Cluster, datetime], Iterable[DoctorFinding]],
    needs: Kinds,
    looks_for: str,
) -> Detector:
    return Detector(name, looks_for, needs, find, timed=True)


_SERVICE = (kinds.INFERENCE_SERVICE,)
_JOBS = (kinds.BENCHMARK_JOB,)
_ACCELERATORS = (kinds.ACCELERATOR_CLASS,)
_MODELS, _RUNTIMES = kinds.MODEL_KINDS, kinds.RUNTIME_KINDS
_REFERRED = (*_SERVICE, *_MODELS)
_RANKED = (*_MODELS, *_RUNTIMES)
_MATCHED = (*_REFERRED, *_RUNTIMES)
_CLASSES = (*_MATCHED, *_ACCELERATORS)
_ARRIVING = (*_MODELS, kinds.POD, kinds.CONFIG_MAP)
_MEANT = (*_MODELS, kinds.NODE)
_ON_NODES = (*_ARRIVING, kinds.NODE)
_PLACED = (*_SERVICE, *_ON_NODES)
_RUNNING = (*_MATCHED, kinds.POD)
_HOUSED = (*_MATCHED, *_JOBS, kinds.NAMESPACE)

_ALL = (
    _timeless(
        "wrong-model-kind",
        model_references.wrong_kind,
        _REFERRED,
        "services whose spec.model.kind is not that of their model",
    ),
    _timeless(
        "model-missing", model_references.missing, _REFERRED, "services of models that do not exist"
    ),
    _timeless(
        "disabled-model", model_references.disabled, _REFERRED, "services of disabled models"
    ),
    _timeless(
        "missing-engine", service_spec.missing_engine, _SERVICE, "services without spec.engine"
    ),
    _timeless(
        "deprecated-predictor",
        service_spec.deprecated_predictor,
        _SERVICE,
        "services that still use spec.predictor",
    ),
    _timeless(
        "runner-name",
        service_spec.runner_name,
        _SERVICE,
        "runners that are not called as OME expects",
    ),
    _timeless(
        "unequal-gpus", gpu_amounts.unequal, _MATCHED, "GPU requests that differ from their limits"
    ),
    _timeless(
        "min-over-max",
        replicas.least_over_most,
        _SERVICE,
        "services with more replicas at least than at most",
    ),
    _timeless(
        "zero-means-knative",
        replicas.knative,
        _MATCHED,
        "services that minReplicas 0 sends to Knative",
    ),
    _timeless("keda-query", replicas.keda_query, _SERVICE, "KEDA queries that OME cannot fill in"),
    _timeless(
        "modelconfig-collision",
        collisions.model_configs,
        _SERVICE,
        "services whose config maps have one name",
    ),
    _timeless(
        "shared-heads",
        collisions.shared_heads,
        _MATCHED,
        "multi-node services that share their heads",
    ),
    _timeless(
        "shadowed-model",
        collisions.shadowed_models,
        _MODELS,
        "models that hide a cluster model of their name",
    ),
    _timeless(
        "shadowed-runtime",
        collisions.shadowed_runtimes,
        _RUNTIMES,
        "runtimes that hide a cluster runtime of their name",
    ),
    _timeless(
        "best-fit-panic",
        accelerators.best_fit,
        _CLASSES,
        "BestFit policies that make the controller panic",
    ),
    _timeless(
        "class-missing",
        accelerators.class_missing,
        _CLASSES,
        "accelerator classes that are named but do not exist",
    ),
    _timeless(
        "class-dropped",
        accelerators.class_dropped,
        _CLASSES,
        "wishes for accelerators that OME drops",
    ),
    _timeless(
        "version-as-text",
        accelerators.version_as_text,
        _CLASSES,
        "architecture versions that are compared as text",
    ),
    _timeless(
        "memory-unit",
        accelerators.memory_unit,
        _ACCELERATORS,
        "accelerator memory without the unit that is meant",
    ),
    _timeless("no-downloader", storage.no_downloader, _MODELS, "models that no agent downloads"),
    _timeless(
        "storage-path-missing", storage.path_missing, _MODELS, "models to download without a path"
    ),
    _timeless(
        "storage-roots-differ",
        storage.path_roots,
        _MODELS,
        "models stored beside where all others are",
    ),
    _timeless(
        "hashed-label",
        storage.hashed_label,
        _MODELS,
        "models whose names are too long for node labels",
    ),
    _timeless("agent-off", agents.off, _ARRIVING, "models that wait while no model agent runs"),
    _timeless(
        "agent-missing-on-node",
        agents.missing_on_node,
        _ON_NODES,
        "nodes without the model agent they need",
    ),
    _timed("agent-stale", agents.stale, _ARRIVING, "downloads that have fallen silent"),
    _timeless("model-without-node", agents.no_node, _MEANT, "models that no node is meant to have"),
    _timeless(
        "model-on-some-nodes",
        placement.model_elsewhere,
        _PLACED,
        "pods that wait or run where their model is not",
    ),
    _timeless(
        "ready-hides-failures",
        placement.ready_hides_failures,
        _REFERRED,
        "models that are Ready on some nodes and failed on others",
    ),
    _timeless(
        "gpus-taken",
        scarcity.gpus_taken,
        (*_SERVICE, kinds.POD, kinds.NODE),
        "services that wait for GPUs which others hold",
    ),
    _timeless(
        "image-not-pulled", images.not_pulled, _RUNNING, "services whose images cannot be pulled"
    ),
    _timeless(
        "out-of-gpu-memory",
        gpu_memory.too_small,
        (*_RUNNING, *_ACCELERATORS, kinds.NODE),
        "engines that run out of GPU memory",
    ),
    _timeless(
        "runtime-unusable",
        named_runtimes.unusable,
        _MATCHED,
        "runtimes that are named but cannot be used",
    ),
    _timeless(
        "nothing-selected",
        named_runtimes.nothing_selected,
        _MATCHED,
        "services that no runtime takes",
    ),
    _timeless(
        "size-range", runtimes.size_range, _RUNTIMES, "size ranges that OME panics over or misreads"
    ),
    _timeless(
        "model-size-unreadable", runtimes.model_size, _MODELS, "model sizes that OME reads as 0"
    ),
    _timeless("runtimes-tie", runtimes.ties, _RANKED, "runtimes between which the name decides"),
    _timeless(
        "never-chosen",
        runtimes.never_chosen,
        _MATCHED,
        "runtimes that nothing uses or could choose",
    ),
    _timeless("weight-zero", runtimes.weight_zero, _RUNTIMES, "weights of 0, which count most"),
    _timeless(
        "priorities-differ",
        runtimes.priorities_differ,
        _RUNTIMES,
        "runtimes whose priorities the webhook refuses",
    ),
    _timeless(
        "ready-of-old-generation",
        reports.old_ready,
        _CLASSES,
        "services reported ready for an earlier spec",
    ),
    _timed(
        "pod-monitor-missing",
        pod_monitors.kind_missing,
        (*_SERVICE, kinds.POD, kinds.CUSTOM_RESOURCE_DEFINITION),
        "services that wait for the PodMonitor kind",
    ),
    _timeless(
        "pod-monitor-absent",
        pod_monitors.absent,
        (*_SERVICE, kinds.POD, kinds.POD_MONITOR),
        "services that no PodMonitor watches",
    ),
    _timeless(
        "namespace-missing",
        surroundings.namespace_missing,
        _HOUSED,
        "namespaces that are named but do not exist",
    ),
    _timeless(
        "benchmark-scenarios",
        surroundings.benchmark_scenarios,
        _JOBS,
        "benchmarks of embeddings without scenarios",
    ),
    _timeless(
        "traffic-not-routed",
        surroundings.traffic_weights,
        _SERVICE,
        "canary steps whose weight is not what is routed",
    ),
)

DETECTORS: Mapping[str, Detector] = MappingProxyType({each.name: each for each in _ALL})
