"""Namespaces: what of OME lives in each, and whether it is on its way out."""

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from tests.services.conftest import Connect
from tests.support import builders


def test_a_namespace_tells_what_it_holds(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.BASE_MODEL, builders.model("own", namespace="demo"))
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service())
    view = connect(protected_namespaces=("demo",)).namespaces.get("demo")
    assert view is not None
    assert view.protected
    held = {kind.name: number for kind, number in view.counts.items() if number}
    assert held == {"BaseModel": 1, "InferenceService": 1}
    assert view.health.word == "Active"


def test_one_that_is_being_deleted_says_what_holds_it_up(
    connect: Connect, sandbox: Sandbox
) -> None:
    left = {
        "type": "NamespaceFinalizersRemaining",
        "status": "True",
        "message": "Some content in the namespace has finalizers remaining: ome in 1 instances",
    }
    status = {"phase": "Terminating", "conditions": [left]}
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.change(
        kinds.NAMESPACE, Key("", "demo"), lambda raw: raw.update(status=status), status=True
    )
    view = connect().namespaces.get("demo")
    assert view is not None
    assert view.health.word == "Terminating"
    assert "finalizers remaining" in view.health.sentence
    assert connect().namespaces.get("nowhere") is None
