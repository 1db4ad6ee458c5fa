"""In which order objects are written, so that what is referred to exists before what refers to it."""

from ome_backend.resources import kinds

_ORDER = (
    kinds.NAMESPACE.name,
    kinds.SECRET.name,
    kinds.CONFIG_MAP.name,
    kinds.ACCELERATOR_CLASS.name,
    kinds.CLUSTER_BASE_MODEL.name,
    kinds.BASE_MODEL.name,
    kinds.FINE_TUNED_WEIGHT.name,
    kinds.CLUSTER_SERVING_RUNTIME.name,
    kinds.SERVING_RUNTIME.name,
    kinds.INFERENCE_SERVICE.name,
    kinds.BENCHMARK_JOB.name,
)


def rank(kind_name: str) -> int:
    """A kind with a lower rank is written first, and deleted last; unknown kinds come before services."""
    unknown = _ORDER.index(kinds.INFERENCE_SERVICE.name) - 0.5
    return int(2 * (_ORDER.index(kind_name) if kind_name in _ORDER else unknown))
