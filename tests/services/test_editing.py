"""Editing where the sandbox's own faults and rights are needed; the rest holds on any cluster."""

import pytest

from ome_backend.editing.masking import HIDDEN
from ome_backend.errors import Forbidden
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.cluster import manifest

SECRET = Ref(kinds.SECRET, Key("demo", "hub"))


def secret() -> str:
    made = manifest(kinds.SECRET, "hub", namespace="demo") | {"stringData": {"token": "hf_abc"}}
    return dump(made)


def test_who_may_create_but_not_read_creates(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.deny = {("get", "secrets")}
    editing = connect().editing
    (result,) = editing.write(editing.propose(secret()))
    assert result.error is None
    assert sandbox.objects.get(SECRET.kind, SECRET.key) is not None


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_hidden_value_that_is_not_on_the_cluster_is_never_written(
    field: str, connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    made = manifest(kinds.SECRET, "hub", namespace="demo") | {field: {"token": HIDDEN}}
    plan = connect().editing.propose(dump(made))
    assert not plan.ready
    (problem,) = plan.proposals[0].problems
    assert (problem.path, problem.line) == (f"{field}.token", 7)


def test_a_refusal_is_shown_and_what_comes_after_is_not_tried(
    connect: Connect, sandbox: Sandbox
) -> None:
    backend = connect()
    two = [
        dump(manifest(kinds.NAMESPACE, "one")),
        dump(manifest(kinds.FINE_TUNED_WEIGHT, "tuned", spec=WEIGHTS)),
    ]
    plan = backend.editing.propose("---\n".join(two))
    assert plan.ready
    sandbox.deny = {("create", "namespaces")}
    first, second = backend.editing.write(plan)
    assert isinstance(first.error, Forbidden)
    assert not second.tried


WEIGHTS = {
    "baseModelRef": {"name": "base"},
    "hyperParameters": {},
    "modelType": "LoRA",
    "storage": {"storageUri": "hf://org/weights"},
}


def test_a_read_only_console_proposes_and_writes_nothing(
    connect: Connect, sandbox: Sandbox
) -> None:
    editing = connect(read_only=True).editing
    plan = editing.propose(dump(manifest(kinds.NAMESPACE, "one")))
    assert plan.ready
    (result,) = editing.write(plan)
    assert result.error is not None
    assert "only reads" in result.error.message
    assert sandbox.objects.get(kinds.NAMESPACE, Key("", "one")) is None


def test_the_log_says_what_was_written_and_no_secret(
    connect: Connect, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    caplog.set_level("INFO")
    editing = connect().editing
    editing.write(editing.propose(secret()))
    assert "create secret demo/hub done" in caplog.text
    assert "hf_abc" not in caplog.text
