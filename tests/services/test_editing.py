"""Editing where the sandbox's own faults and rights are needed; the rest holds on any cluster."""

import pytest

from ome_backend.editing.masking import HIDDEN
from ome_backend.errors import Conflict, Forbidden
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_edit import edit
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


def test_a_secret_that_others_changed_shows_no_value(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    held = builders.manifest(kinds.SECRET, "hub", "demo") | {
        "data": {"token": "b25l", "kept": "eA=="}
    }
    sandbox.objects.create(kinds.SECRET, held)
    editing = connect().editing
    opened = editing.opened(SECRET)
    assert opened is not None
    text = editing.text_of(opened).replace("name: hub", "name: hub\n  labels: {team: search}")

    def theirs(raw: Manifest) -> None:
        raw["data"]["token"] = "dHdv"

    sandbox.objects.change(kinds.SECRET, SECRET.key, theirs)
    (proposal,) = editing.propose(text, {SECRET: opened}).proposals
    assert proposal.behind
    assert [each.difference.path for each in proposal.theirs] == ["data.token"]
    assert "b25l" not in repr((proposal.theirs, proposal.merged))
    assert "dHdv" not in repr((proposal.theirs, proposal.merged))


def test_another_object_of_the_same_name_is_not_written_over(
    connect: Connect, sandbox: Sandbox
) -> None:
    model = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "own"))
    sandbox.objects.create(model.kind, builders.model("own"))
    backend = connect()
    editing = backend.editing
    opened = editing.opened(model)
    assert opened is not None
    text = edit(editing.text_of(opened), lambda raw: raw | {"spec": raw["spec"] | {"vendor": "x"}})
    plan = editing.propose(text, {model: opened})
    assert plan.ready
    backend.client.delete(model.kind, model.key)
    another = builders.model("own")
    another["metadata"]["uid"] = "another"
    sandbox.objects.create(model.kind, another)
    (result,) = editing.write(plan)
    assert isinstance(result.error, Conflict)


def test_what_the_server_fills_in_is_no_change(connect: Connect, sandbox: Sandbox) -> None:
    service = Ref(kinds.BASE_MODEL, Key("demo", "own"))
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(service.kind, builders.model("own", namespace="demo"))
    editing = connect().editing
    opened = editing.opened(service)
    assert opened is not None
    (proposal,) = editing.propose(
        edit(editing.text_of(opened), _without_defaults), {service: opened}
    ).proposals
    assert proposal.patch, "the text leaves out what the server filled in"
    assert proposal.action == "nothing"


def _without_defaults(raw: Manifest) -> Manifest:
    for each in raw["spec"]["modelFormat"], raw["spec"]["modelFramework"]:
        each.pop("weight", None)
    return raw


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        (
            "apiVersion: ome.io/v1beta1\nkind: ClusterBaseModel\nmetadata: {generateName: a-}\nspec: {}\n",
            "metadata.generateName",
            "give metadata.name instead",
        ),
        ("apiVersion: v1\nkind: List\nitems: []\n", "kind", "give its items as documents"),
    ],
)
def test_what_is_not_written_here_says_what_to_do(
    text: str, path: str, words: str, connect: Connect
) -> None:
    problems = connect().editing.check(text).all_problems
    assert any(each.path == path and words in each.message for each in problems)
