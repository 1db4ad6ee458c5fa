"""Secrets by what may be shown of them: names, who asks for them, and never a value."""

from typing import Any

import pytest

from ome_backend.errors import Forbidden
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from ome_backend.services.secrets import named
from tests.services.conftest import Connect
from tests.support import builders

VALUE = "aGZfdmVyeXNlY3JldA=="


def secret(name: str = "hub", namespace: str = "demo", kind: str = "Opaque") -> Manifest:
    made = builders.manifest(kinds.SECRET, name, namespace)
    return made | {"data": {"token": VALUE}, "type": kind}


def gated(name: str, namespace: str = "", key: str = "hub") -> tuple[Kind, Manifest]:
    kind = kinds.BASE_MODEL if namespace else kinds.CLUSTER_BASE_MODEL
    storage = {"storageUri": "hf://org/gated", "key": key}
    return kind, builders.model(name, namespace=namespace, storage=storage)


@pytest.fixture(autouse=True)
def held(sandbox: Sandbox) -> None:
    made: tuple[tuple[Kind, Manifest], ...] = (
        (kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo")),
        (kinds.SECRET, secret()),
        (kinds.SECRET, secret("release", kind="helm.sh/release.v1")),
        (kinds.SECRET, secret("hub", "ome")),
        gated("own", "demo"),
        gated("shared"),
    )
    for kind, manifest in made:
        sandbox.objects.create(kind, manifest)


def test_a_namespace_s_secrets_are_listed_without_values(connect: Connect) -> None:
    (view,) = connect().secrets.of("demo")
    assert (view.key, view.type, view.names) == (Key("demo", "hub"), "Opaque", ("token",))
    assert VALUE not in repr(view)


@pytest.mark.parametrize(
    ("namespace", "user"), [("demo", "model demo/own"), ("ome", "cluster model shared")]
)
def test_who_takes_a_token_from_it_is_known_by_where_ome_looks(
    namespace: str, user: str, connect: Connect
) -> None:
    backend = connect()
    view = backend.secrets.get(Key(namespace, "hub"))
    assert view is not None
    assert [str(each) for each in view.users] == [user]
    (removal,) = backend.removals.plan([view.ref])
    assert removal.typed
    assert [str(each) for each in removal.users] == [user]


def test_what_may_not_be_read_is_said_in_the_server_s_words(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.deny = {("list", "secrets")}
    with pytest.raises(Forbidden) as refused:
        connect().secrets.of("demo")
    assert "secrets" in refused.value.reason


POD: dict[str, Any] = {
    "containers": [
        {
            "env": [
                {"valueFrom": {"secretKeyRef": {"name": "needed", "key": "a"}}},
                {"valueFrom": {"secretKeyRef": {"name": "spared", "key": "a", "optional": True}}},
            ],
            "envFrom": [{"secretRef": {"name": "many"}}],
        }
    ],
    "volumes": [{"name": "certs", "secret": {"secretName": "certs"}}],
    "imagePullSecrets": [{"name": "pull"}],
}


def test_every_field_that_names_a_secret_counts() -> None:
    runtime = builders.manifest(kinds.SERVING_RUNTIME, "own", "demo") | {
        "spec": {"engineConfig": POD}
    }
    found = named(runtime, "ome")
    assert {key.name for key in found.values()} == {"needed", "many", "certs", "pull"}
    assert "spec.engineConfig.containers[0].env[0].valueFrom.secretKeyRef.name" in found
    job = builders.manifest(kinds.BENCHMARK_JOB, "load", "demo")
    job |= {"spec": {"huggingFaceSecretReference": {"name": "hub"}}}
    assert list(named(job, "ome").values()) == [Key("demo", "hub")]


def test_of_a_cluster_runtime_nothing_can_be_said() -> None:
    runtime = builders.manifest(kinds.CLUSTER_SERVING_RUNTIME, "shared")
    assert named(runtime | {"spec": {"engineConfig": POD}}, "ome") == {}


@pytest.mark.parametrize(("key", "told"), [("nowhere", True), ("hub", False)])
def test_a_secret_that_is_not_there_is_said_before_it_is_written(
    key: str, told: bool, connect: Connect
) -> None:
    _, model = gated("new", "demo", key)
    (proposal,) = connect().editing.propose(dump(model)).proposals
    warned = {each.path: each.message for each in proposal.warnings}
    assert (warned.get("spec.storage.key") == "There is no Secret demo/nowhere.") is told
    assert proposal.ready


def test_a_secret_of_the_same_text_is_not_missed(connect: Connect) -> None:
    _, model = gated("new", "demo", "fresh")
    plan = connect().editing.propose(dump(secret("fresh")) + "---\n" + dump(model))
    assert "There is no Secret" not in str([each.warnings for each in plan.proposals])


def test_where_nobody_may_look_nothing_is_said(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.deny = {("get", "secrets")}
    _, model = gated("new", "demo", "nowhere")
    (proposal,) = connect().editing.propose(dump(model)).proposals
    assert "spec.storage.key" not in {each.path for each in proposal.warnings}


def test_two_secrets_that_hold_other_values_are_not_the_same(connect: Connect) -> None:
    compare = connect().compare
    one = compare.live(Ref(kinds.SECRET, Key("demo", "hub")))
    other = one | {"data": {"token": "b3RoZXI="}}
    found = compare.compared(one, other)
    assert [each.path for each in found.different] == ["data.token"]
    assert VALUE not in repr(found)
    assert "b3RoZXI=" not in repr(found)
    assert not compare.compared(one, dict(one)).different
