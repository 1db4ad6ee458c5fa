"""Fit, place and cost of a model, from what the cluster has now."""

import json

import pytest

from ome_backend.planning.amount import Amount, Unknown
from ome_backend.resources import kinds
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.planner import Planner
from ome_backend.services.wish import Planned, Wish
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

QWEN3_8B = {
    "model_type": "qwen3",
    "num_hidden_layers": 36,
    "hidden_size": 4096,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151936,
    "torch_dtype": "bfloat16",
    "max_position_embeddings": 40960,
}
MODEL, RUNTIME = Key("", "qwen3-8b"), Key("", "srt-qwen3")


def accelerator(name: str = "h100", memory: str = "80Gi", **cost: str) -> Manifest:
    """A class whose nodes carry the label gpu=NAME."""
    spec = {
        "capabilities": {"memoryGB": memory},
        "discovery": {"nodeSelector": {"gpu": name}},
        **({"cost": cost} if cost else {}),
    }
    return builders.manifest(kinds.ACCELERATOR_CLASS, name, spec=spec)


def planner(connect: Connect, sandbox: Sandbox, *more: Manifest) -> Planner:
    """The planner of a cluster with one model, one runtime and one node of eight H100s."""
    by_name = {each.name: each for each in (*kinds.OME_KINDS, *kinds.KUBERNETES_KINDS)}
    made = (
        builders.model(modelConfiguration=QWEN3_8B),
        builders.runtime(),
        builders.node(gpu="h100"),
        *more,
    )
    for manifest in made:
        sandbox.objects.create(by_name[manifest["kind"]], manifest)
    return connect().planner


def answer(found: Planner, **wish: object) -> Planned:
    planned = found.planned(Wish(**({"model": MODEL, "runtime": RUNTIME} | wish)))  # type: ignore[arg-type]
    assert planned is not None
    return planned


def value(amount: object) -> float:
    assert isinstance(amount, Amount), amount
    return amount.value


def test_a_model_that_is_not_there_has_no_plan(connect: Connect, sandbox: Sandbox) -> None:
    assert planner(connect, sandbox).planned(Wish(Key("", "gone"))) is None


def test_weights_and_cache_follow_from_the_stored_config(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = answer(planner(connect, sandbox, accelerator()))
    assert value(found.plan.weights) == pytest.approx(16e9 / 2**30)
    assert found.load.context == 40960
    per_token = 36 * 2 * 8 * 128 * 2
    assert value(found.load.cache) == pytest.approx(per_token * 40960 / 2**30)
    assert found.load.fits == "yes"


@pytest.mark.parametrize(
    ("memory", "concurrency", "fits"),
    [
        pytest.param("80Gi", 1, "yes", id="one on 80 GiB"),
        pytest.param("80Gi", 64, "no", id="64 on 80 GiB"),
        pytest.param("16Gi", 1, "no", id="weights alone too large"),
    ],
)
def test_the_verdict_is_about_the_load_that_is_asked_for(
    memory: str, concurrency: int, fits: str, connect: Connect, sandbox: Sandbox
) -> None:
    found = planner(connect, sandbox, accelerator(memory=memory))
    assert answer(found, concurrency=concurrency).load.fits == fits


def test_without_a_config_the_cache_is_unknown_and_says_why(
    connect: Connect, sandbox: Sandbox
) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("bare"))
    found = answer(planner(connect, sandbox, accelerator()), model=Key("", "bare"))
    assert found.load.fits == "unknown"
    assert isinstance(found.plan.cache, Unknown)
    assert found.plan.cache.evidence is Evidence.UNAVAILABLE
    assert value(found.plan.weights) > 0


def test_a_pasted_config_stands_in_for_the_stored_one(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("bare"))
    found = planner(connect, sandbox, accelerator())
    read, unread = (
        answer(found, model=Key("", "bare"), config=text) for text in (json.dumps(QWEN3_8B), "[")
    )
    assert read.load.fits == "yes"
    assert "not a JSON object" in " ".join(unread.notes)


def test_a_config_of_another_model_is_said_to_be_one(connect: Connect, sandbox: Sandbox) -> None:
    other = json.dumps(QWEN3_8B | {"architectures": ["LlamaForCausalLM"]})
    notes = answer(planner(connect, sandbox, accelerator()), config=other).notes
    assert any(each.startswith("The given config.json is of a LlamaForCausalLM") for each in notes)


def test_replicas_start_where_the_model_is_and_gpus_are_free(
    connect: Connect, sandbox: Sandbox
) -> None:
    elsewhere, running = builders.node("gpu-2", gpu="h100"), builders.pod(gpus=5)
    found = answer(planner(connect, sandbox, accelerator(), elsewhere, running))
    (pool,) = found.pools
    assert (pool.replicas, pool.free, pool.left_out) == (3, 3, ("gpu-2",))


def test_cost_counts_all_gpus_of_all_replicas(connect: Connect, sandbox: Sandbox) -> None:
    found = planner(connect, sandbox, accelerator(perHour="2.5"))
    bill = answer(found, tensor=4, replicas=2).bill
    assert (bill.gpus, value(bill.per_hour)) == (8, 20.0)
    assert value(bill.per_month) == 20.0 * 730
    assert isinstance(bill.spot_per_hour, Unknown)


def test_a_class_without_a_price_costs_an_unknown_amount(
    connect: Connect, sandbox: Sandbox
) -> None:
    bill = answer(planner(connect, sandbox, accelerator())).bill
    assert bill.per_hour == Unknown("h100 declares no price perHour.", ("spec.cost.perHour",))


def test_the_class_with_most_room_is_taken_unless_one_is_asked_for(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = planner(connect, sandbox, accelerator("a100"), accelerator())
    taken = [answer(found, accelerator=name).accelerator for name in ("", "a100", "none")]
    assert [each and each.key.name for each in taken] == ["h100", "a100", None]
    gpu = answer(found, accelerator="none").plan.gpu
    assert gpu == Unknown("There is no accelerator class none.", ("accelerator class",))


def test_more_gpus_than_a_node_has_are_spread_over_nodes(
    connect: Connect, sandbox: Sandbox
) -> None:
    need = answer(planner(connect, sandbox, accelerator()), tensor=16).need
    assert (need.pods, need.gpus) == (2, 8)


def test_a_plan_is_worked_out_once_and_anew_when_the_cluster_changed(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = planner(connect, sandbox, accelerator())
    before = answer(found)
    assert answer(found) is before
    sandbox.objects.create(kinds.POD, builders.pod(gpus=8))
    eventually(lambda: answer(found).pools[0].free == 0)


def test_a_service_is_planned_and_priced_where_its_pods_are(
    connect: Connect, sandbox: Sandbox
) -> None:
    made = (accelerator(perHour="3"), builders.inference_service(), builders.pod(gpus=2))
    found_planner = planner(connect, sandbox, *made)
    backend = connect()
    view = backend.serving.get(Key("demo", "chat"))
    assert view is not None
    found = found_planner.of_service(view)
    assert found is not None
    assert (found.wish.runtime, found.wish.accelerator) == (RUNTIME, "h100")
    assert value(found_planner.running_cost(view).per_hour) == 6.0


def test_a_service_is_planned_with_its_own_arguments_and_gpus(
    connect: Connect, sandbox: Sandbox
) -> None:
    four = {"limits": {"nvidia.com/gpu": "4"}, "requests": {"nvidia.com/gpu": "4"}}
    args = ["--tensor-parallel-size=4", "--max-model-len=8192"]
    runner = {"name": "ome-container", "args": args, "resources": four}
    engine = {"minReplicas": 1, "runner": runner}
    service = builders.inference_service(engine=engine, runtime={"name": RUNTIME.name})
    plans = planner(connect, sandbox, accelerator(), service)
    view = eventually(lambda: connect().serving.get(Key("demo", "chat")))
    found = plans.of_service(view)
    assert found is not None
    assert (found.args.tensor, found.args.context, found.gpus) == (4, 8192, 4)
