"""Exports read what is on the cluster and say what they could not."""

import pytest

from ome_backend.backend import Backend
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from ome_backend.services.export import Exported
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

SERVICE = Ref(kinds.INFERENCE_SERVICE, Key("demo", "chat"))
TOKEN = Ref(kinds.SECRET, Key("demo", "token"))


def config_map(name: str, **metadata: object) -> Manifest:
    made = builders.manifest(kinds.CONFIG_MAP, name, "demo", data={"a": "b"})
    made["metadata"] |= metadata
    return made


@pytest.fixture
def backend(connect: Connect, sandbox: Sandbox) -> Backend:
    made = (
        *(builders.manifest(kinds.NAMESPACE, name) for name in ("demo", "other")),
        builders.model(),
        builders.model("own", namespace="demo"),
        builders.inference_service(),
        builders.inference_service("far", "other"),
        builders.manifest(kinds.SECRET, "token", "demo", data={"token": "aGZfeA=="}),
        config_map("mine"),
        config_map("kube-root-ca.crt"),
        config_map("reported", labels={"models.ome/basemodel-status": "true"}),
        config_map("owned", ownerReferences=[{"kind": "X", "name": "x", "uid": "1"}]),
    )
    for each in made:
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)
    opened = connect()
    eventually(lambda: SERVICE.key in opened.cache.snapshot(SERVICE.kind).objects)
    return opened


def names(found: Exported) -> list[str]:
    assert found.left_out == ()
    parsed = yaml_text.parse(found.yaml())
    assert parsed.problems == ()
    return [f"{each.value['kind']} {each.value['metadata']['name']}" for each in parsed.documents]


def test_a_namespace_is_exported_without_what_is_elsewhere(backend: Backend) -> None:
    assert names(backend.export.namespace("demo")) == ["BaseModel own", "InferenceService chat"]


def test_the_namespace_and_what_people_put_into_config_maps_come_when_asked_for(
    backend: Backend,
) -> None:
    found = backend.export.namespace("demo", itself=True, config_maps=True)
    assert names(found) == [
        "Namespace demo",
        "ConfigMap mine",
        "BaseModel own",
        "InferenceService chat",
    ]


def test_a_secret_is_exported_without_its_values(backend: Backend) -> None:
    found = backend.export.objects([TOKEN])
    assert names(found) == ["Secret token"]
    assert "aGZfeA==" not in found.yaml()


def test_what_cannot_be_read_is_said_in_the_file(backend: Backend, sandbox: Sandbox) -> None:
    sandbox.deny = {("get", "secrets"), ("list", "configmaps")}
    gone = Ref(kinds.INFERENCE_SERVICE, Key("demo", "gone"))
    text = backend.export.objects([SERVICE, gone, TOKEN]).yaml()
    assert text.count("# Left out: ") == 2
    assert "gone is gone" in text
    assert "secrets" in text
    (document,) = yaml_text.parse(text).documents
    assert document.value["metadata"]["name"] == "chat"
    assert "configmaps" in backend.export.namespace("demo", config_maps=True).yaml()


def test_what_was_exported_changes_nothing_when_it_is_taken_in_again(backend: Backend) -> None:
    refs = [SERVICE, TOKEN, Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))]
    plan = backend.editing.propose(backend.export.objects(refs).yaml())
    assert [(each.action, each.error, each.problems) for each in plan.proposals] == [
        ("nothing", None, ())
    ] * len(refs)
