"""The whole cluster at a glance: what is wrong first, and figures that agree with the lists."""

import json

import pytest

from ome_backend.backend import Backend
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.belongings import Belongings
from ome_backend.services.overview import Overview, Tally
from ome_backend.services.serving import Serving
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

SERVICE, NODE = kinds.INFERENCE_SERVICE, kinds.NODE


def overview(connect: Connect, sandbox: Sandbox, *made: tuple[Kind, Manifest]) -> Overview:
    """The overview of a cluster with these objects, at a moment that does not pass."""
    for kind, manifest in made:
        sandbox.objects.create(kind, manifest)
    backend: Backend = connect()
    serving = Serving(
        backend.cache, backend.runtimes, Belongings(backend.cache), now=lambda: builders.NOW
    )
    return Overview(backend.cache, backend.models, serving, Belongings(backend.cache))


def download(model: str, *, node: str = "gpu-1", **progress: object) -> Manifest:
    """What the model agent of a node reports."""
    said = {"name": model, "status": "Updating", "progress": progress}
    return builders.manifest(
        kinds.CONFIG_MAP,
        node,
        "ome",
        metadata={"labels": {"models.ome/basemodel-status": "true"}},
        data={f"clusterbasemodel.{model}": json.dumps(said)},
    )


def broken(name: str, since: str) -> Manifest:
    """A service of a model that does not exist."""
    made = builders.inference_service(name, ready=False, model={"name": "gone"})
    made["status"]["conditions"][-1]["lastTransitionTime"] = since
    return made


def arriving(name: str = "big") -> Manifest:
    return builders.model(name, ready=())


MODEL, RUNNING = builders.model(), builders.pod(gpus=3)


def test_a_cluster_without_objects_has_no_problems(connect: Connect, sandbox: Sandbox) -> None:
    found = overview(connect, sandbox)
    assert found.problems() == ()
    assert (found.services(), found.models(), found.gpus()) == (Tally(0, 0),) * 3
    assert (found.nodes(), found.accelerators(), found.arrivals()) == ((), (), ())


def test_problems_come_worst_first_and_then_the_most_recent(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = overview(
        connect,
        sandbox,
        (kinds.CLUSTER_BASE_MODEL, arriving()),
        (SERVICE, builders.inference_service("waits", ready=False, model={"name": "big"})),
        (SERVICE, broken("older", "2026-03-01T10:00:00Z")),
        (SERVICE, broken("newer", "2026-03-01T11:45:00Z")),
    )
    assert [each.about.key.name for each in found.problems()] == ["newer", "older", "waits"]
    assert [each.health.level for each in found.problems()] == ["broken", "broken", "waiting"]
    assert all(each.fix and each.health.sentence for each in found.problems())


def test_what_serves_is_no_problem(connect: Connect, sandbox: Sandbox) -> None:
    found = overview(
        connect,
        sandbox,
        (kinds.CLUSTER_BASE_MODEL, MODEL),
        (SERVICE, builders.inference_service()),
        (kinds.POD, RUNNING),
        (NODE, builders.node()),
    )
    assert found.problems() == ()
    assert found.services() == Tally(1, 1)


def test_a_model_that_failed_on_a_node_is_a_problem_with_its_node(
    connect: Connect, sandbox: Sandbox
) -> None:
    failed = arriving()
    failed["status"] = {"state": "Failed", "nodesFailed": ["gpu-7"]}
    (problem,) = overview(connect, sandbox, (kinds.CLUSTER_BASE_MODEL, failed)).problems()
    assert problem.about == Ref(kinds.CLUSTER_BASE_MODEL, Key("", "big"))
    assert (problem.health.word, problem.fix) == ("Failed", "Read the model agent's log on gpu-7.")


def test_a_node_that_is_not_ready_is_a_problem(connect: Connect, sandbox: Sandbox) -> None:
    down = builders.node("gpu-9", ready=False)
    down["status"]["conditions"][0]["message"] = "Kubelet stopped posting node status."
    (problem,) = overview(connect, sandbox, (NODE, down), (NODE, builders.node())).problems()
    assert problem.about == Ref(NODE, Key("", "gpu-9"))
    assert "Kubelet stopped posting" in problem.health.sentence


def test_tallies_agree_with_the_lists(connect: Connect, sandbox: Sandbox) -> None:
    found = overview(
        connect,
        sandbox,
        (kinds.CLUSTER_BASE_MODEL, MODEL),
        (kinds.CLUSTER_BASE_MODEL, arriving()),
        (kinds.CLUSTER_BASE_MODEL, builders.model("retired", disabled=True)),
        (SERVICE, builders.inference_service()),
        (SERVICE, broken("lost", "2026-03-01T10:00:00Z")),
        (kinds.POD, RUNNING),
    )
    assert found.services() == Tally(1, 2)
    assert found.models() == Tally(1, 2), "a disabled model is not waited for"


def test_gpus_are_free_where_no_pod_holds_them_and_the_node_takes_pods(
    connect: Connect, sandbox: Sandbox
) -> None:
    cordoned = builders.node("gpu-3")
    cordoned["spec"]["unschedulable"] = True
    found = overview(
        connect,
        sandbox,
        (NODE, builders.node()),
        (NODE, builders.node("gpu-2", gpus=4)),
        (NODE, cordoned),
        (NODE, builders.node("cpu-1", gpus=0)),
        (kinds.POD, RUNNING),
    )
    assert [(each.node.name, each.free) for each in found.nodes()] == [
        ("gpu-1", 5),
        ("gpu-2", 4),
        ("gpu-3", 0),
    ]
    assert found.gpus() == Tally(9, 20)


def test_accelerator_classes_count_their_own_nodes(connect: Connect, sandbox: Sandbox) -> None:
    wanted = {"discovery": {"nodeSelector": {"gpu": "h100"}}, "capabilities": {}}
    found = overview(
        connect,
        sandbox,
        (kinds.ACCELERATOR_CLASS, builders.manifest(kinds.ACCELERATOR_CLASS, "h100", spec=wanted)),
        (NODE, builders.node("a", gpu="h100")),
        (NODE, builders.node("b", gpu="l40s")),
        (kinds.POD, builders.pod(node="a", gpus=6)),
    )
    (held,) = found.accelerators()
    assert (held.accelerator.key.name, held.total, held.free, held.largest) == ("h100", 8, 2, 2)


def test_an_arrival_is_a_download_with_progress(connect: Connect, sandbox: Sandbox) -> None:
    found = overview(
        connect,
        sandbox,
        (kinds.CLUSTER_BASE_MODEL, arriving()),
        (kinds.CONFIG_MAP, download("big", totalBytes=200, completedBytes=50)),
        (kinds.CONFIG_MAP, download("big", node="gpu-2")),
        (kinds.CONFIG_MAP, download("unknown", node="gpu-3", totalBytes=1)),
    )
    (arrival,) = found.arrivals()
    assert (arrival.model.key.name, arrival.download.node) == ("big", "gpu-1")
    assert arrival.download.share == pytest.approx(0.25)


def test_changes_are_the_newest_events_first(connect: Connect, sandbox: Sandbox) -> None:
    told = [builders.event(f"Reason{number}", "said") for number in range(5)]
    for number, event in enumerate(told):
        event["lastTimestamp"] = f"2026-03-01T11:5{number}:00Z"
    foreign = builders.event("Pulled", "a cron job's business", about="cron-1", kind="Pod")
    made = [(SERVICE, builders.inference_service()), (kinds.EVENT, foreign)]
    found = overview(connect, sandbox, *made, *((kinds.EVENT, event) for event in told))
    assert [each.reason for each in found.changes(limit=2)] == ["Reason4", "Reason3"]
    assert len(found.changes()) == 5


def test_answers_follow_the_cluster(connect: Connect, sandbox: Sandbox) -> None:
    found = overview(connect, sandbox, (NODE, builders.node()))
    assert found.gpus() == Tally(8, 8)
    sandbox.objects.create(kinds.POD, RUNNING)
    eventually(lambda: found.gpus() == Tally(5, 8))
    sandbox.objects.remove(NODE, Key("", "gpu-1"))
    eventually(lambda: found.gpus() == Tally(0, 0))
