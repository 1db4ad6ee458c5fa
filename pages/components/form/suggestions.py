"""Words offered for a field: what OME knows, and what is on this cluster. Others can be typed, too."""

from collections.abc import Callable, Iterable, Mapping

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from pages.components.form.sheet import Path, Sheet
from pages.components.session import backend

_CAPABILITIES = (
    *("TEXT_TO_TEXT", "IMAGE_TEXT_TO_TEXT", "EMBEDDING", "RERANK", "TEXT_TO_IMAGE"),
    *("TEXT_TO_VIDEO", "TEXT_TO_AUDIO", "IMAGE_TEXT_TO_IMAGE", "IMAGE_TEXT_TO_VIDEO"),
    *("IMAGE_TEXT_TO_AUDIO", "VIDEO_TEXT_TO_AUDIO", "AUDIO_TO_TEXT", "AUDIO_TO_AUDIO"),
    "AUDIO_TRANSLATION",
)
_FEW = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")

# By the last names of the path; a longer ending goes first.
_WORDS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("modelFormat", "name"): ("safetensors", "diffusers", "pt", "onnx", "tensorrtllm"),
    ("modelFramework", "name"): ("transformers", "diffusers", "pytorch", "tensorrtllm"),
    ("modelFormat", "operator"): ("Equal", "GreaterThan", "GreaterThanOrEqual"),
    ("modelFramework", "operator"): ("Equal", "GreaterThan", "GreaterThanOrEqual"),
    ("tolerations", "operator"): ("Exists", "Equal"),
    ("tolerations", "effect"): ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    ("tolerations", "key"): ("nvidia.com/gpu", "amd.com/gpu"),
    ("matchExpressions", "operator"): _FEW,
    ("matchFields", "operator"): _FEW,
    ("resources", "name"): ("nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915"),
    ("ports", "protocol"): ("TCP", "UDP", "SCTP"),
    ("emptyDir", "medium"): ("Memory",),
    ("cost", "tier"): ("low", "medium", "high"),
    ("hostPath", "type"): ("Directory", "DirectoryOrCreate", "File"),
    ("deploymentStrategy", "type"): ("RollingUpdate", "Recreate"),
    ("modelCapabilities",): _CAPABILITIES,
    ("quantization",): ("fp8", "fbgemm_fp8", "int4"),
    ("protocolVersions",): ("openAI", "openInference-v1", "openInference-v2"),
    ("servingMode",): ("On-demand", "Dedicated"),
    ("imagePullPolicy",): ("Always", "IfNotPresent", "Never"),
    ("preferredPrecisions",): ("fp32", "fp16", "fp8", "int8", "int4"),
    ("scalingOperator",): (*("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"),),
    ("whenUnsatisfiable",): ("DoNotSchedule", "ScheduleAnyway"),
}
_SCENARIOS = {
    "text-to-text": ("D(100,100)", "D(2000,200)", "N(480,240)/(300,150)", "U(50,100)/(200,250)"),
    "text-to-embeddings": ("E(64,128)", "E(512,1024)"),
    "image-to-text": ("I(512,512)", "I(1024,1024,2)"),
    "image-to-embeddings": ("I(512,512)", "I(1024,1024,2)"),
}
_RESOURCES = ("nvidia.com/gpu", "cpu", "memory", "ephemeral-storage", "amd.com/gpu", "rdma/hca")
_NAMES: Mapping[str, tuple[str, ...]] = {"limits": _RESOURCES, "requests": _RESOURCES}


def suggestions(sheet: Sheet, path: Path) -> tuple[str, ...]:
    """What is offered at a path; nothing where any text is as good as another."""
    steps = tuple(step for step in path if isinstance(step, str))
    for length in (2, 1):
        ending = steps[-length:]
        if ending in _LIVE:
            return tuple(_LIVE[ending](sheet))
        if ending in _WORDS:
            return _WORDS[ending]
    return ()


def names(path: Path) -> tuple[str, ...]:
    """What the entries of a map are usually called."""
    return _NAMES.get(str(path[-1]), ())


def objects(*wanted: Kind) -> Iterable[str]:
    """The names of what is on the cluster."""
    found = {key.name for kind in wanted for key in backend().cache.snapshot(kind).objects}
    return sorted(found)


def _namespaces(_: Sheet) -> Iterable[str]:
    return objects(kinds.NAMESPACE)


def _classes(_: Sheet) -> Iterable[str]:
    return objects(kinds.ACCELERATOR_CLASS)


def _services(sheet: Sheet) -> Iterable[str]:
    namespace = sheet.at(("spec", "endpoint", "inferenceService", "namespace"))
    found = backend().cache.snapshot(kinds.INFERENCE_SERVICE).objects
    return sorted({key.name for key in found if namespace in (None, key.namespace)})


def _scenarios(sheet: Sheet) -> Iterable[str]:
    return _SCENARIOS.get(str(sheet.at(("spec", "task"))), ())


def _architectures(_: Sheet) -> Iterable[str]:
    return sorted({view.model.architecture for view in backend().models.all().rows} - {""})


def _vendors(_: Sheet) -> Iterable[str]:
    return sorted({view.model.vendor for view in backend().models.all().rows} - {""})


_LIVE: Mapping[tuple[str, ...], Callable[[Sheet], Iterable[str]]] = {
    ("metadata", "namespace"): _namespaces,
    ("inferenceService", "namespace"): _namespaces,
    ("inferenceService", "name"): _services,
    ("acceleratorClass",): _classes,
    ("acceleratorClasses",): _classes,
    ("excludedClasses",): _classes,
    ("trafficScenarios",): _scenarios,
    ("modelArchitecture",): _architectures,
    ("fineTunedWeights",): lambda _: objects(kinds.FINE_TUNED_WEIGHT),
    ("spec", "vendor"): _vendors,
}
