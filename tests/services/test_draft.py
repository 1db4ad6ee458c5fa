"""Form and manifest say the same, and neither loses what the other wrote."""

from dataclasses import replace

import pytest

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import SERVING_RUNTIME
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.draft import Choices, choices_in, chosen, proposed_name, with_choices
from tests.support.builders import model, runtime

CHOICES = Choices(
    namespace="demo",
    name="chat",
    model="qwen3-8b",
    model_kind="ClusterBaseModel",
    runtime="srt-qwen3",
    runtime_kind="ClusterServingRuntime",
    accelerator="h100",
    min_replicas=1,
    max_replicas=3,
    decoder=True,
    router=True,
)


def test_choices_survive_the_manifest() -> None:
    assert choices_in(with_choices({}, CHOICES)) == CHOICES


def test_a_manifest_keeps_what_no_choice_speaks_of() -> None:
    held = {
        "metadata": {"labels": {"team": "search"}},
        "spec": {"engine": {"timeoutSeconds": 7}, "x": 1},
    }
    changed = with_choices(held, replace(CHOICES, name="other"))
    assert changed["metadata"]["labels"] == {"team": "search"}
    assert (changed["spec"]["engine"]["timeoutSeconds"], changed["spec"]["x"]) == (7, 1)
    assert held["spec"] == {"engine": {"timeoutSeconds": 7}, "x": 1}


def test_leaving_the_runtime_to_ome_writes_no_runtime() -> None:
    changed = with_choices(
        with_choices({}, CHOICES), replace(CHOICES, runtime="", accelerator="", router=False)
    )
    assert set(changed["spec"]) == {"model", "engine", "decoder"}


def test_the_engine_is_always_there_because_ome_refuses_to_run_without() -> None:
    assert with_choices({}, Choices(name="a", model="m", model_kind="BaseModel"))["spec"]["engine"]


def test_a_runtime_switches_on_the_parts_it_configures() -> None:
    offered = Runtime(runtime(namespace="demo", decoderConfig={}, routerConfig={}), SERVING_RUNTIME)
    made = chosen(Model(model()), offered, "demo", "chat")
    assert (made.decoder, made.router, made.runtime_kind) == (True, True, "ServingRuntime")


@pytest.mark.parametrize(
    ("name", "taken", "proposed"),
    [
        ("qwen3-8b", (), "qwen3-8b"),
        ("qwen3-8b", ("qwen3-8b", "qwen3-8b-2"), "qwen3-8b-3"),
        ("4o.mini", (), "o-mini"),
        ("m" * 80, (), "m" * 52),
        ("123", (), "model"),
    ],
)
def test_a_proposed_name_is_valid_and_free(
    name: str, taken: tuple[str, ...], proposed: str
) -> None:
    held = frozenset(Key("demo", each) for each in taken)
    assert proposed_name(Key("", name), held, "demo") == proposed
