"""`--context`: a live cluster in the place of files, read and never written."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.cli.conftest import Run
from tests.support import builders


@pytest.fixture
def context(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the context of a cluster with a model and a runtime."""
    for kind, manifest in (
        (kinds.CLUSTER_BASE_MODEL, builders.model()),
        (kinds.CLUSTER_SERVING_RUNTIME, builders.runtime()),
    ):
        sandbox.objects.create(kind, manifest)
    path = tmp_path / "kubeconfig"
    path.write_text(sandbox.kubeconfig())
    monkeypatch.setenv("KUBECONFIG", str(path))
    return str(yaml.safe_load(sandbox.kubeconfig())["current-context"])


def test_a_cluster_is_read_and_not_written(run: Run, context: str, sandbox: Sandbox) -> None:
    done = run("match", "--context", context, "-o", "json")
    assert [one["selected"]["name"] for one in done.results] == ["srt-qwen3"]
    assert {verb for verb, _ in sandbox.requests} <= {"list", "get"}


def test_files_come_on_top_of_the_cluster(run: Run, context: str) -> None:
    switched_off = builders.runtime(disabled=True)
    done = run("match", "--context", context, "-f", "-", "-o", "json", given=switched_off)
    assert done.results[0]["runtimes"][0]["reasons"] == ["runtime is disabled"]


def test_files_are_validated_against_the_cluster(run: Run, context: str) -> None:
    unknown = builders.inference_service(model={"name": "nope", "kind": "ClusterBaseModel"})
    known = builders.inference_service(runtime={"name": "srt-qwen3"})
    assert run("validate", "--context", context, "-f", "-", given=known).code == 0
    assert run("validate", "--context", context, "-f", "-", given=unknown).code == 1


COMMANDS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "validate": lambda name: ("validate", "--context", name),
    "accelerator": lambda name: ("accelerator", "--context", name, "--namespace", "demo"),
    "plan": lambda name: ("plan", "--context", name, "--gpu-memory", "80Gi"),
    "doctor": lambda name: ("doctor", "--context", name, "-o", "json"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reads_a_cluster(run: Run, context: str, command: str) -> None:
    done = run(*COMMANDS[command](context))
    assert done.code in (0, 1), done.err


def test_an_unknown_context_is_bad_usage(run: Run, context: str) -> None:
    done = run("match", "--context", f"not-{context}")
    assert (done.code, done.out) == (2, "")
    assert "has no context" in done.err
