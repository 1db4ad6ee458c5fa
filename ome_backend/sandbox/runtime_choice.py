"""Which runtime OME takes for a service, read from whatever holds the objects."""

from ome_backend.matching import selection
from ome_backend.matching.verdict import Ranking, Validation
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, text
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.sandbox.lookup import Lookup


def ranking(service: Manifest, model: tuple[Manifest, Kind], objects: Lookup) -> Ranking:
    """All runtimes the service could use, best first."""
    namespace = text(service, "metadata", "namespace")
    return selection.match(
        Model(*model), _runtimes(namespace, objects), InferenceService(service), namespace=namespace
    )


def named(service: Manifest, model: tuple[Manifest, Kind], objects: Lookup) -> Validation:
    """What becomes of the runtime the service names."""
    namespace = text(service, "metadata", "namespace")
    return selection.validate(
        Model(*model),
        text(service, "spec", "runtime", "name"),
        _runtimes(namespace, objects),
        InferenceService(service),
        namespace=namespace,
    )


def _runtimes(namespace: str, objects: Lookup) -> list[Runtime]:
    local = objects.list(kinds.SERVING_RUNTIME, namespace)
    everywhere = objects.list(kinds.CLUSTER_SERVING_RUNTIME)
    return [
        *(Runtime(raw, kinds.SERVING_RUNTIME) for raw in local),
        *(Runtime(raw, kinds.CLUSTER_SERVING_RUNTIME) for raw in everywhere),
    ]
