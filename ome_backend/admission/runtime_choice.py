"""Which runtime OME takes for a service, among those that are known."""

from ome_backend.admission.known import Found, Known
from ome_backend.matching import selection
from ome_backend.matching.verdict import Ranking, Validation
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import Manifest, text
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime


def ranking(service: Manifest, model: Found, known: Known) -> Ranking:
    """All runtimes the service could use, best first."""
    namespace = text(service, "metadata", "namespace")
    return selection.match(
        Model(*model), _runtimes(namespace, known), InferenceService(service), namespace=namespace
    )


def named(service: Manifest, model: Found, known: Known) -> Validation:
    """What becomes of the runtime the service names."""
    namespace = text(service, "metadata", "namespace")
    return selection.validate(
        Model(*model),
        text(service, "spec", "runtime", "name"),
        _runtimes(namespace, known),
        InferenceService(service),
        namespace=namespace,
    )


def _runtimes(namespace: str, known: Known) -> list[Runtime]:
    local = known.list(kinds.SERVING_RUNTIME, namespace)
    everywhere = known.list(kinds.CLUSTER_SERVING_RUNTIME)
    return [
        *(Runtime(raw, kinds.SERVING_RUNTIME) for raw in local),
        *(Runtime(raw, kinds.CLUSTER_SERVING_RUNTIME) for raw in everywhere),
    ]
