"""Deploying a model: check a manifest as the cluster would, then create it."""

from ome_backend.errors import FieldProblem, Invalid
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import text
from ome_backend.schema.yaml_text import Document
from ome_backend.services.arrival import await_arrival
from ome_backend.services.checking import Checked, Checks
from ome_backend.services.editing import Editing
from ome_backend.services.proposal import Plan, Proposal

_ONE_DOCUMENT = FieldProblem("", "Exactly one document is expected: the InferenceService.")
_NOTHING = Checked(Document({}, 1, {}), None)


class Deploy:
    """Checks and creates services: one document, of one kind, that must not exist yet."""

    def __init__(self, client: Client, cache: Cache, editing: Editing) -> None:
        self._client = client
        self._cache = cache
        self._editing = editing

    def check(self, manifest_text: str) -> Proposal:
        """Everything that is wrong or risky: syntax, schema, OME's rules, the server's dry run."""
        checks = self._editing.check(manifest_text)
        wrong = checks.problems or _not_one_service(checks)
        if wrong:
            return Proposal(next(iter(checks.documents), _NOTHING), problems=wrong)
        return self._editing.propose(manifest_text, creating=True).proposals[0]

    def create(self, manifest_text: str) -> Key:
        """Create the service and return its identity once this console sees it.

        Raises Invalid when the text cannot be sent, and what the API server answers otherwise.
        """
        proposal = self.check(manifest_text)
        if proposal.error is not None:
            raise proposal.error
        if proposal.problems:
            raise Invalid(
                "The manifest has problems; nothing was created.", problems=proposal.problems
            )
        (result,) = self._editing.write(Plan((proposal,)))
        if result.error is not None:
            raise result.error
        return proposal.key

    def create_namespace(self, name: str) -> None:
        """Create a namespace; raises what the API server answers."""
        self._client.create(
            kinds.NAMESPACE, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        )
        made = Ref(kinds.NAMESPACE, Key("", name))
        await_arrival(self._cache, made, lambda seen: seen is not None)

    def namespace_missing(self, name: str) -> bool:
        """No such namespace exists, as far as this console may know."""
        seen = self._cache.snapshot(kinds.NAMESPACE)
        return seen.state in ("live", "stale") and Key("", name) not in seen.objects


def _not_one_service(checks: Checks) -> tuple[FieldProblem, ...]:
    if len(checks.documents) != 1:
        return (_ONE_DOCUMENT,)
    (checked,) = checks.documents
    kind = text(checked.manifest, "kind")
    if not kind or kind == kinds.INFERENCE_SERVICE.name:
        return ()
    line = checked.document.line_of("kind")
    return (FieldProblem("kind", f"An InferenceService is deployed here, not a {kind}.", line),)
