"""Deploying a model: check a manifest as the cluster would, then create it."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from ome_backend.errors import FieldProblem, Invalid, OmeError
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.schema import yaml_text
from ome_backend.schema.crds import crd
from ome_backend.schema.document_check import problems
from ome_backend.schema.yaml_text import Document
from ome_backend.services.draft import choices_in
from ome_backend.services.foresight import beside, foresee, located, untold, with_problems
from ome_backend.services.known import Cached

LONGEST_NAME = 55
LONGEST_WAIT = 3.0  # seconds until a page goes on without having seen what it wrote


@dataclass(frozen=True, slots=True)
class Check:
    """What is known about a manifest before it is written.

    `problems` and `error` stand in the way, `warnings` do not; `stored` is what the server would store.
    Where the server refused, `problems` also mark the fields that its own words in `error` are about;
    `error.problems` are those that it did not get to.
    """

    manifest: Manifest | None = None
    problems: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()
    error: OmeError | None = None
    stored: Manifest | None = None

    @property
    def accepted(self) -> bool:
        """The server's dry run took it."""
        return self.stored is not None

    @property
    def key(self) -> Key:
        return key_of(self.manifest or {})


class Deploy:
    """Checks and creates services."""

    def __init__(self, client: Client, cache: Cache) -> None:
        self._client = client
        self._cache = cache

    def check(self, manifest_text: str) -> Check:
        """Everything that is wrong or risky: syntax, schema, OME's rules, the server's dry run.

        What the server says is not said a second time in the console's words.
        """
        parsed = yaml_text.parse(manifest_text)
        if parsed.problems or len(parsed.documents) != 1:
            return Check(problems=parsed.problems or (_ONE_DOCUMENT,))
        document = parsed.documents[0]
        found = (*_not_a_service(document), *problems(document, crd(kinds.INFERENCE_SERVICE.name)))
        expected = foresee(document, Cached(self._cache))
        warnings = (*located(document, self._doubts(document.value)), *expected.warnings)
        if found:
            objections = beside(expected.objections, found)
            return Check(document.value, (*found, *objections), warnings)
        return self._dry_run(document, expected.objections, warnings)

    def create(self, manifest_text: str) -> Key:
        """Create the service and return its identity once this console sees it.

        Raises Invalid when the text cannot be sent, and what the API server answers otherwise.
        """
        checked = self.check(manifest_text)
        if checked.manifest is None or checked.problems:
            raise checked.error or Invalid(
                "The manifest has problems; nothing was created.", problems=checked.problems
            )
        written = self._client.create(kinds.INFERENCE_SERVICE, checked.manifest)
        key = key_of(written.object)
        self._await(kinds.INFERENCE_SERVICE, key)
        return key

    def create_namespace(self, name: str) -> None:
        """Create a namespace; raises what the API server answers."""
        self._client.create(
            kinds.NAMESPACE, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        )
        self._await(kinds.NAMESPACE, Key("", name))

    def namespace_missing(self, name: str) -> bool:
        """No such namespace exists, as far as this console may know."""
        seen = self._cache.snapshot(kinds.NAMESPACE)
        return seen.state in ("live", "stale") and Key("", name) not in seen.objects

    def _await(self, kind: Kind, key: Key) -> None:
        """Wait until the watch brings what was just written, so that the next page finds it."""
        arrived = threading.Event()
        unsubscribe = self._cache.subscribe(
            lambda change: arrived.set() if change.kind == kind else None
        )
        deadline = time.monotonic() + LONGEST_WAIT
        try:
            while key not in self._cache.snapshot(kind).objects and time.monotonic() < deadline:
                arrived.wait(max(0.0, deadline - time.monotonic()))
                arrived.clear()
        finally:
            unsubscribe()

    def _dry_run(
        self,
        document: Document,
        objections: tuple[FieldProblem, ...],
        warnings: tuple[FieldProblem, ...],
    ) -> Check:
        """Where the server takes what OME's rules object to, the objections become warnings."""
        try:
            answer = self._client.create(kinds.INFERENCE_SERVICE, document.value, dry_run=True)
        except OmeError as refused:
            named = located(document, refused.problems)
            error = with_problems(refused, (*named, *untold(objections, refused.reason)))
            return Check(document.value, (*named, *objections), warnings, error)
        said = tuple(FieldProblem("", each) for each in answer.warnings)
        own = untold((*objections, *warnings), "\n".join(answer.warnings))
        return Check(document.value, (), (*own, *said), None, answer.object)

    def _doubts(self, manifest: Manifest) -> Iterator[FieldProblem]:
        """What the API server accepts although it will not do what was meant."""
        choices = choices_in(manifest)
        if choices.max_replicas < choices.min_replicas:
            yield FieldProblem(
                "spec.engine.maxReplicas",
                f"maxReplicas {choices.max_replicas} is below minReplicas {choices.min_replicas}: OME "
                f"runs {choices.min_replicas} and it never scales.",
            )
        if choices.min_replicas == 0:
            yield FieldProblem(
                "spec.engine.minReplicas",
                "minReplicas 0 makes OME use Knative, which must be installed.",
            )
        if len(choices.name) > LONGEST_NAME:
            yield FieldProblem(
                "metadata.name",
                f"A name over {LONGEST_NAME} characters makes OME hash or lose the names derived from it.",
            )
        if choices.namespace and self.namespace_missing(choices.namespace):
            yield FieldProblem(
                "metadata.namespace", f"The namespace {choices.namespace} does not exist."
            )


_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_ONE_DOCUMENT = FieldProblem("", "Exactly one document is expected: the InferenceService.")


def is_label(name: str) -> bool:
    """Whether Kubernetes takes it for the name of a namespace (RFC 1123)."""
    return _LABEL.fullmatch(name) is not None


def _not_a_service(document: Document) -> Iterator[FieldProblem]:
    kind = text(document.value, "kind")
    if kind and kind != kinds.INFERENCE_SERVICE.name:
        yield FieldProblem(
            "kind", f"An InferenceService is deployed here, not a {kind}.", document.line_of("kind")
        )
    namespace, line = (
        text(document.value, "metadata", "namespace"),
        document.line_of("metadata.namespace"),
    )
    if not namespace:
        yield FieldProblem("metadata.namespace", "Required value", line)
    elif not is_label(namespace):
        yield FieldProblem(
            "metadata.namespace",
            "A namespace is at most 63 lower-case letters, digits and hyphens, none at its ends.",
            line,
        )
