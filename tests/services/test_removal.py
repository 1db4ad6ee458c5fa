"""Before anything is deleted a person reads who uses it and what will happen; only that very object goes."""

import pytest

from ome_backend.errors import Conflict
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.services.conftest import Connect
from tests.support import builders

MODEL = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))
RUNTIME = Ref(kinds.CLUSTER_SERVING_RUNTIME, Key("", "srt-qwen3"))
CHAT = Ref(kinds.INFERENCE_SERVICE, Key("demo", "chat"))


def weights(name: str = "tuned", base: str = "qwen3-8b") -> Manifest:
    spec = {"baseModelRef": {"name": base}, "hyperParameters": {}, "modelType": "LoRA"}
    storage = {"storage": {"storageUri": "hf://org/tuned"}}
    return builders.manifest(kinds.FINE_TUNED_WEIGHT, name) | {"spec": spec | storage}


@pytest.fixture(autouse=True)
def company(sandbox: Sandbox) -> None:
    """A service on a model and a runtime, with weights on the model."""
    made: tuple[tuple[Kind, Manifest], ...] = (
        (kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo")),
        (kinds.CLUSTER_BASE_MODEL, builders.model()),
        (kinds.CLUSTER_SERVING_RUNTIME, builders.runtime()),
        (kinds.FINE_TUNED_WEIGHT, weights()),
        (kinds.INFERENCE_SERVICE, builders.inference_service(runtime={"name": "srt-qwen3"})),
        (kinds.POD, builders.pod()),
    )
    for kind, manifest in made:
        sandbox.objects.create(kind, manifest)


@pytest.mark.parametrize(
    ("ref", "users"),
    [
        (MODEL, ["fine-tuned weight tuned", "service demo/chat"]),
        (RUNTIME, ["service demo/chat"]),
        (Ref(kinds.NAMESPACE, Key("", "demo")), ["service demo/chat"]),
        (CHAT, []),
    ],
    ids=str,
)
def test_who_uses_it_is_named(ref: Ref, users: list[str], connect: Connect) -> None:
    (removal,) = connect().removals.plan([ref])
    assert [str(each) for each in removal.users] == users
    assert removal.typed == bool(users)


def test_a_model_says_what_becomes_of_its_files(connect: Connect, sandbox: Sandbox) -> None:
    kept = builders.model("kept", storage={"storageUri": "hf://org/kept"})
    kept["metadata"]["labels"] = {"models.ome/reserve-model-artifact": "true"}
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, kept)
    removals = connect().removals
    (used, reserved) = removals.plan([MODEL, Ref(MODEL.kind, Key("", "kept"))])
    assert any("delete its files" in each for each in used.consequences)
    assert any("files on the nodes stay" in each for each in reserved.consequences)


def test_in_a_protected_namespace_the_name_is_typed(connect: Connect) -> None:
    (removal,) = connect(protected_namespaces=("demo",)).removals.plan([CHAT])
    assert removal.typed


def test_what_is_gone_is_left_out(connect: Connect) -> None:
    assert connect().removals.plan([Ref(MODEL.kind, Key("", "nobody"))]) == ()


def test_another_object_of_the_same_name_is_not_deleted(connect: Connect, sandbox: Sandbox) -> None:
    backend = connect()
    removals = backend.removals
    plan = removals.plan([CHAT])
    backend.client.delete(CHAT.kind, CHAT.key)
    other = builders.inference_service()
    other["metadata"]["uid"] = "another"
    sandbox.objects.create(CHAT.kind, other)
    (removed,) = removals.delete(plan)
    assert isinstance(removed.error, Conflict)
    assert sandbox.objects.get(CHAT.kind, CHAT.key) is not None


def test_a_deleted_object_is_gone_from_what_the_console_shows(connect: Connect) -> None:
    backend = connect()
    (removed,) = backend.removals.delete(backend.removals.plan([CHAT]))
    assert removed.error is None
    assert backend.serving.get(CHAT.key) is None


def test_what_finalizers_hold_lingers(connect: Connect, sandbox: Sandbox) -> None:
    held = builders.model("held")
    held["metadata"]["finalizers"] = ["example.com/wait"]
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, held)
    backend = connect()
    plan = backend.removals.plan([Ref(MODEL.kind, Key("", "held"))])
    assert "example.com/wait" in plan[0].consequences[-1]
    (removed,) = backend.removals.delete(plan)
    assert removed.lingers


def test_one_refusal_does_not_stop_the_others(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.deny = {("delete", "clusterbasemodels")}
    backend = connect()
    first, second = backend.removals.delete(backend.removals.plan([MODEL, CHAT]))
    assert first.error is not None
    assert second.error is None


def test_users_of_a_kind_that_may_not_be_seen_are_said_to_be_unknown(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.deny = {("list", "finetunedweights")}
    (removal,) = connect().removals.plan([MODEL])
    assert any("finetunedweights" in each for each in removal.unseen)
