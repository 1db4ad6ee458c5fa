"""The board over a cluster's own objects, and what makes a model be fetched again."""

import json
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.downloads.again import RESERVED, with_policy, with_reservation
from ome_backend.downloads.cell import Cell
from ome_backend.errors import Conflict, NotFound, ReadOnly
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.resources.model import Model
from ome_backend.sandbox.server import Sandbox
from tests.downloads.reports import ENTRY, TOTAL, progress, report
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

QWEN = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))


def agent(node: str = "gpu-1", name: str = "agent-1") -> Manifest:
    pod = builders.pod(name, "ome", node=node, gpus=0)
    pod["metadata"]["labels"] = {"app.kubernetes.io/component": "ome-model-agent-daemonset"}
    pod["spec"]["containers"] = [{"name": "model-agent", "image": "agent:1"}]
    return pod


@pytest.fixture
def backend(sandbox: Sandbox, connect: Connect) -> Backend:
    """One model on its way to one node of two that have an agent."""
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model(ready=()))
    for node in ("gpu-1", "gpu-2"):
        sandbox.objects.create(kinds.NODE, builders.node(node))
        sandbox.objects.create(kinds.POD, agent(node, f"agent-{node}"))
    sandbox.objects.create(kinds.CONFIG_MAP, report({ENTRY: progress(TOTAL // 4)}))
    return connect()


def say(sandbox: Sandbox, entry: Any) -> None:
    """The agent writes its report again."""
    text = entry if isinstance(entry, str) else json.dumps(entry)
    sandbox.objects.change(
        kinds.CONFIG_MAP, Key("ome", "gpu-1"), lambda raw: raw.update(data={ENTRY: text})
    )


def cell(backend: Backend, node: str = "gpu-1") -> Cell:
    return backend.downloads.board().cells[QWEN, node]


def test_a_report_reaches_the_board_and_the_history(backend: Backend, sandbox: Sandbox) -> None:
    assert cell(backend).share == 0.25
    say(sandbox, progress(TOTAL // 2, lastUpdated="2026-03-01T12:00:30Z"))
    eventually(lambda: cell(backend).share == 0.5)
    track = backend.downloads.track(QWEN, "gpu-1")
    assert track is not None
    assert [each.completed_bytes for each in track.samples] == [TOTAL // 4, TOTAL // 2]


def test_the_history_is_one_for_all_who_look(backend: Backend, sandbox: Sandbox) -> None:
    for done in range(3, 7):
        say(sandbox, progress(done * 10**9))
        eventually(lambda done=done: _done(backend) == done * 10**9)  # type: ignore[misc]
    track = backend.downloads.track(QWEN, "gpu-1")
    assert track is not None
    assert track.attempts == 2  # it fell from 4 to 3 GB: the agent began anew
    assert [each.completed_bytes for each in track.samples][-1] == 6 * 10**9


def _done(backend: Backend) -> int:
    found = cell(backend).download
    return found.completed_bytes if found is not None else 0


def test_garbage_in_a_report_is_shown_as_such(backend: Backend, sandbox: Sandbox) -> None:
    say(sandbox, "{half a repor")
    eventually(lambda: cell(backend).health.word == "Unreadable")


def test_a_node_whose_agent_never_reported_is_on_the_board(backend: Backend) -> None:
    assert cell(backend, "gpu-2").health.word == "Never reported"


def test_the_models_list_says_the_same_as_the_board(backend: Backend, sandbox: Sandbox) -> None:
    say(sandbox, {"name": "qwen3-8b", "status": "Failed"})
    eventually(lambda: cell(backend).state == "Failed")
    row, view = backend.downloads.board().row(QWEN), backend.models.get(QWEN.key)
    assert row is not None
    assert view is not None
    assert view.health == row.health
    assert view.health.word == "Failed"


def test_a_report_that_is_gone_is_forgotten(backend: Backend, sandbox: Sandbox) -> None:
    sandbox.objects.remove(kinds.CONFIG_MAP, Key("ome", "gpu-1"))
    eventually(lambda: cell(backend).health.word == "Never reported")
    assert backend.downloads.track(QWEN, "gpu-1") is None


def test_restarting_an_agent_deletes_that_very_pod(backend: Backend, sandbox: Sandbox) -> None:
    plan = backend.retries.restart("gpu-1")
    assert plan is not None
    assert "1 download is interrupted" in " ".join(plan.effects)
    assert plan.command.startswith("kubectl delete pods agent-gpu-1 -n ome")
    backend.retries.carry_out(plan)
    assert sandbox.objects.get(kinds.POD, Key("ome", "agent-gpu-1")) is None


def test_an_agent_that_was_replaced_meanwhile_is_left_alone(
    backend: Backend, sandbox: Sandbox
) -> None:
    plan = backend.retries.restart("gpu-1")
    assert plan is not None
    sandbox.objects.remove(kinds.POD, Key("ome", "agent-gpu-1"))
    other = agent("gpu-1", "agent-gpu-1")
    other["metadata"]["uid"] = "another"
    sandbox.objects.create(kinds.POD, other)
    with pytest.raises(Conflict):
        backend.retries.carry_out(plan)
    assert sandbox.objects.get(kinds.POD, Key("ome", "agent-gpu-1")) is not None


def test_a_read_only_console_restarts_nothing(
    backend: Backend, sandbox: Sandbox, connect: Connect
) -> None:
    looking = connect(read_only=True)
    plan = looking.retries.restart("gpu-1")
    assert plan is not None
    with pytest.raises(ReadOnly):
        looking.retries.carry_out(plan)
    assert sandbox.objects.get(kinds.POD, Key("ome", "agent-gpu-1")) is not None


def test_there_is_nothing_to_restart_or_read_without_an_agent(backend: Backend) -> None:
    assert backend.retries.restart("gpu-9") is None
    with pytest.raises(NotFound, match="gpu-9"):
        backend.retries.log(Model(builders.model()), "gpu-9")


def test_the_agents_log_is_cut_to_the_model(backend: Backend, sandbox: Sandbox) -> None:
    lines = (
        '{"level":"info","msg":"Downloading model","model":"clusterbasemodel.other"}',
        '{"level":"error","msg":"failed to download hf://Qwen/Qwen3-8B: 401 Unauthorized"}',
        '{"level":"info","msg":"Downloading model","model":"clusterbasemodel.qwen3-8b-instruct"}',
        "qwen3-8b: giving up",
    )
    for line in lines:
        sandbox.logs.append("ome", "agent-gpu-1", "model-agent", line)
    found = backend.retries.log(Model(builders.model()), "gpu-1")
    assert found.lines == (lines[1], lines[3])
    assert found.trouble == "failed to download hf://Qwen/Qwen3-8B: 401 Unauthorized"


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        (
            lambda raw: with_policy(raw, "ReuseIfExists"),
            ("spec", "storage", "downloadPolicy"),
            "ReuseIfExists",
        ),
        (
            lambda raw: with_reservation(raw, reserved=True),
            ("metadata", "labels", RESERVED),
            "true",
        ),
    ],
    ids=["policy", "reservation"],
)
def test_a_change_is_written_as_any_other(
    backend: Backend, sandbox: Sandbox, change: Any, path: tuple[str, ...], value: str
) -> None:
    text, bases = backend.editing.drafted([QWEN], change)
    plan = backend.editing.propose(text, bases)
    (proposal,) = plan.proposals
    assert len(proposal.differences) == 1
    backend.editing.write(plan)
    stored = sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, QWEN.key)
    assert dig(stored or {}, *path) == value


def test_a_reservation_can_be_taken_back() -> None:
    kept = with_reservation(builders.model(), reserved=True)
    assert RESERVED not in with_reservation(kept, reserved=False)["metadata"]["labels"]


def test_without_the_right_to_read_reports_nothing_is_said_to_be_missing(
    sandbox: Sandbox, backend: Backend, connect: Connect
) -> None:
    del backend
    sandbox.objects.change(kinds.CLUSTER_BASE_MODEL, QWEN.key, _ready_on_one, status=True)
    sandbox.deny = {("list", "configmaps"), ("watch", "configmaps")}
    blind = connect()
    view = blind.models.get(QWEN.key)
    assert view is not None
    assert (view.health.word, blind.downloads.board().tally.broken) == ("Ready", 0)


def _ready_on_one(raw: Manifest) -> None:
    raw["status"]["nodesReady"] = ["gpu-1"]


def test_without_the_right_to_list_pods_nothing_is_said_of_agents(
    sandbox: Sandbox, backend: Backend, connect: Connect
) -> None:
    sandbox.objects.remove(kinds.POD, Key("ome", "agent-gpu-1"))
    eventually(lambda: cell(backend).health.word == "No agent")
    sandbox.deny = {("list", "pods"), ("watch", "pods")}
    assert cell(connect()).health.word == "Silent"
