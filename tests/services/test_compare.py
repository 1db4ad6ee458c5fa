"""Two objects of a family, or one and a text: what differs, whatever they are called."""

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import Invalid, NotFound
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from ome_backend.services.compare import address, family
from tests.services.conftest import Connect
from tests.support import builders


@pytest.fixture
def backend(connect: Connect) -> Backend:
    return connect()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (kinds.BASE_MODEL, kinds.MODEL_KINDS),
        (kinds.CLUSTER_SERVING_RUNTIME, kinds.RUNTIME_KINDS),
        (kinds.INFERENCE_SERVICE, (kinds.INFERENCE_SERVICE,)),
    ],
)
def test_models_are_compared_with_models_of_any_scope(
    kind: Kind, expected: tuple[Kind, ...]
) -> None:
    assert family(kind) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("BaseModel/demo/own", Ref(kinds.BASE_MODEL, Key("demo", "own"))),
        ("ClusterBaseModel/own", Ref(kinds.CLUSTER_BASE_MODEL, Key("", "own"))),
        ("BaseModel/own", None),
        ("ClusterBaseModel/demo/own", None),
        ("Nothing/own", None),
        ("BaseModel", None),
        ("", None),
    ],
)
def test_an_address_means_an_object_or_none(
    asked: str, expected: Ref | None, backend: Backend
) -> None:
    assert backend.compare.ref(asked) == expected
    if expected is not None:
        assert address(expected) == asked


def test_fields_that_differ_and_those_that_do_not(backend: Backend) -> None:
    left = builders.model("a", modelParameterSize="8B", vendor="x")
    right = builders.model("b", namespace="demo", modelParameterSize="9B")
    found = backend.compare.compared(left, right)
    assert [each.path for each in found.different] == ["spec.modelParameterSize", "spec.vendor"]
    equal = dict(found.equal)
    assert equal["spec.modelArchitecture"] == "Qwen3ForCausalLM"
    assert equal["spec.modelCapabilities"] == ["TEXT_TO_TEXT"]
    assert "spec.modelParameterSize" not in equal
    assert not any("metadata.name" in path for path in equal)


def test_a_field_of_a_container_is_found_by_the_containers_name(backend: Backend) -> None:
    left, right = builders.inference_service("a"), builders.inference_service("b")
    for raw, image in ((left, "x:1"), (right, "x:2")):
        raw["spec"]["engine"]["containers"] = [{"name": "side", "image": image}]
    (found,) = backend.compare.compared(left, right).different
    assert found.path == "spec.engine.containers[0].image"


def test_a_file_without_defaults_is_what_the_server_made_of_it(
    backend: Backend, sandbox: Sandbox
) -> None:
    text = dump({"apiVersion": "ome.io/v1beta1", "kind": "ClusterBaseModel"} | {
        "metadata": {"name": "m"},
        "spec": {"modelFormat": {"name": "safetensors"}, "storage": {"storageUri": "hf://a/b"}},
    })  # fmt: skip
    backend.editing.write(backend.editing.propose(text))
    live = backend.compare.live(Ref(kinds.CLUSTER_BASE_MODEL, Key("", "m")))
    given = backend.compare.given(text, kinds.CLUSTER_BASE_MODEL)
    assert backend.compare.compared(live, given).different == ()


def test_a_text_must_hold_one_of_the_family(backend: Backend) -> None:
    text = dump(builders.model()) + "---\n" + dump(builders.inference_service())
    assert backend.compare.given(text, kinds.BASE_MODEL)["kind"] == "ClusterBaseModel"
    for wrong in (dump(builders.runtime()), text + "---\n" + dump(builders.model()), "a: ["):
        with pytest.raises(Invalid):
            backend.compare.given(wrong, kinds.BASE_MODEL)


def test_an_object_that_is_gone_is_said(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.compare.live(Ref(kinds.BASE_MODEL, Key("demo", "gone")))


def test_values_of_secrets_are_hidden(backend: Backend) -> None:
    one = builders.manifest(kinds.SECRET, "a", "demo", data={"token": "eA=="})
    other = builders.manifest(kinds.SECRET, "b", "demo", data={"token": "eQ=="})
    assert "eA==" not in str(backend.compare.compared(one, other))
