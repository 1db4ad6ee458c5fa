"""What an API server and OME's webhooks take without a word although it will not do what was meant."""

from collections.abc import Callable, Iterator, Mapping

from ome_backend.errors import FieldProblem
from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.resources.optional import optional_number

LONGEST_NAME = 55
COMPONENTS = ("engine", "decoder", "router")
_FETCHED = ("hf", "oci")


def doubts(kind: Kind, manifest: Manifest) -> Iterator[FieldProblem]:
    """Each at its field; nothing for kinds of which nothing is known."""
    return _BY_KIND.get(kind, _none)(manifest)


def _none(_: Manifest) -> Iterator[FieldProblem]:
    return iter(())


def _service(manifest: Manifest) -> Iterator[FieldProblem]:
    for component in COMPONENTS:
        if dig(manifest, "spec", component) is not None:
            yield from _replicas(manifest, component)
    if len(text(manifest, "metadata", "name")) > LONGEST_NAME:
        yield FieldProblem(
            "metadata.name",
            f"A name over {LONGEST_NAME} characters makes OME hash or lose the names derived from it.",
        )


def _replicas(manifest: Manifest, component: str) -> Iterator[FieldProblem]:
    least = optional_number(manifest, "spec", component, "minReplicas")
    most = optional_number(manifest, "spec", component, "maxReplicas")
    if most is not None and most < (1 if least is None else least):
        least = 1 if least is None else least
        yield FieldProblem(
            f"spec.{component}.maxReplicas",
            f"maxReplicas {most} is below minReplicas {least}: OME runs {least} and it never scales.",
        )
    if least == 0:
        yield FieldProblem(
            f"spec.{component}.minReplicas",
            "minReplicas 0 makes OME use Knative, which must be installed.",
        )


def _model(manifest: Manifest) -> Iterator[FieldProblem]:
    """OME admits every URI; its agent knows what to do with a few (pkg/modelagent/gopher.go)."""
    uri = text(manifest, "spec", "storage", "storageUri")
    if not uri:
        return
    wrong = storage_uri.problem(uri)
    if wrong:
        yield FieldProblem("spec.storage.storageUri", wrong)
        return
    handling = storage_uri.downloadable(uri)
    if not handling.ready:
        yield FieldProblem("spec.storage.storageUri", handling.reason)
    elif storage_uri.scheme(uri) in _FETCHED and not text(manifest, "spec", "storage", "path"):
        yield FieldProblem(
            "spec.storage",
            "Without spec.storage.path the model agent crashes on the node: say where the files go.",
        )


_BY_KIND: Mapping[Kind, Callable[[Manifest], Iterator[FieldProblem]]] = {
    kinds.INFERENCE_SERVICE: _service,
    kinds.BASE_MODEL: _model,
    kinds.CLUSTER_BASE_MODEL: _model,
}
