"""Scaling: what each part has, what more of it takes, and what OME would not do."""

from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.planning.amount import Amount
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services import scaling
from ome_backend.services.scaling import Effect, Part
from ome_backend.services.serving import ServiceView
from tests.services.conftest import Connect
from tests.support import builders

GROUP = "leaderworkerset.sigs.k8s.io/group-index"


def room(sandbox: Sandbox, connect: Connect, **spec: Any) -> Backend:
    """A service with one engine of 2 GPUs on a node of 8, and another node with 3 GPUs."""
    price = {"cost": {"perHour": "2"}}
    accelerator = builders.manifest(
        kinds.ACCELERATOR_CLASS,
        "h100",
        spec={"capabilities": {}, "discovery": {"nodeSelector": {"gpu": "h100"}}} | price,
    )
    for kind, raw in (
        (kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo")),
        (kinds.ACCELERATOR_CLASS, accelerator),
        (kinds.NODE, builders.node("gpu-1", gpu="h100")),
        (kinds.NODE, builders.node("gpu-2", gpus=3, gpu="h100")),
        (kinds.INFERENCE_SERVICE, builders.inference_service(**spec)),
    ):
        sandbox.objects.create(kind, raw)
    return connect()


def found(backend: Backend) -> tuple[ServiceView, Part]:
    view = backend.serving.get(Key("demo", "chat"))
    assert view is not None
    return view, scaling.parts(view)[0]


def effect(backend: Backend, low: int, high: int) -> Effect:
    view, part = found(backend)
    nodes, classes = backend.overview.nodes(), backend.planner.classes()
    return scaling.effect(view, part, low, high, nodes, classes)


def test_what_more_replicas_take_is_known_by_the_ones_that_run(
    sandbox: Sandbox, connect: Connect
) -> None:
    sandbox.objects.create(kinds.POD, builders.pod(gpus=2))
    backend = room(sandbox, connect, engine={"minReplicas": 1, "maxReplicas": 2})
    _, part = found(backend)
    assert (part.low, part.high, part.running, part.gpus) == (1, 2, 1, 2)
    plan = effect(backend, 3, 5)
    assert (plan.least, plan.most, plan.more, plan.room) == (6, 10, 2, 4)
    assert not plan.waits
    assert isinstance(plan.least_cost.per_hour, Amount)
    assert plan.least_cost.per_hour.value == 12
    assert effect(backend, 6, 6).waits


def test_the_pods_of_a_group_are_one_replica(sandbox: Sandbox, connect: Connect) -> None:
    for number in range(2):
        pod = builders.pod(f"lws-{number}", gpus=3)
        pod["metadata"]["labels"][GROUP] = "0"
        sandbox.objects.create(kinds.POD, pod)
    backend = room(sandbox, connect, engine={"minReplicas": 1, "maxReplicas": 1})
    _, part = found(backend)
    assert (part.running, part.gpus, part.grouped) == (1, 6, True)
    assert effect(backend, 2, 2).waits, "2 and 3 are free: two pods of 3 find no room"


def test_without_a_pod_nothing_is_made_up(sandbox: Sandbox, connect: Connect) -> None:
    backend = room(sandbox, connect, engine={})
    _, part = found(backend)
    assert (part.low, part.high, part.replica) == (1, 3, ())
    assert effect(backend, 2, 2).room is None


@pytest.mark.parametrize(
    ("low", "high", "word"), [(3, 2, "more than the most"), (0, 1, "Knative"), (1, 1, "")]
)
def test_what_ome_would_not_do_is_said(low: int, high: int, word: str) -> None:
    part = Part("engine", 1, 1, 1, (), False)
    assert word in scaling.trouble(part, low, high)
    assert bool(word) == bool(scaling.trouble(part, low, high))


def test_a_change_touches_the_two_numbers_only() -> None:
    raw = builders.inference_service(engine={"minReplicas": 1, "runner": {"name": "x"}})
    after = scaling.changed("engine", 2, 4)(raw)
    assert after["spec"]["engine"] == {
        "minReplicas": 2,
        "maxReplicas": 4,
        "runner": {"name": "x"},
    }


@pytest.mark.parametrize(
    ("annotations", "metric", "word"),
    [
        ({}, None, "by cpu, at 80 %"),
        ({"ome.io/targetUtilizationPercentage": "60"}, "memory", "by memory, at 60 %"),
        ({}, "concurrency", "will not scale"),
        ({"ome.io/autoscalerClass": "keda"}, None, "KEDA"),
        ({"ome.io/autoscalerClass": "external"}, None, "nothing"),
    ],
)
def test_what_scales_it_is_said(annotations: dict[str, str], metric: str | None, word: str) -> None:
    raw = builders.inference_service(engine={"scaleMetric": metric} if metric else {})
    raw["metadata"]["annotations"] = annotations
    assert word in scaling.autoscaling(raw)
