"""Credential plugins that give what they should, fail, or wait for somebody who is not there."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ome_backend.errors import Unauthenticated
from ome_backend.kube.plugin import Plugin, Runner
from tests.support.waiting import eventually

API = "client.authentication.k8s.io/v1"
WAITING = "exec 9> held; echo open https://sign-in.example >&2; sleep 60 & wait"
COUNTING = """
import pathlib
with pathlib.Path("runs").open("a") as file:
    file.write("x")
raise SystemExit("not signed in")
"""
TELLING = """
import json, os
told = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
cluster = told["spec"]["cluster"]
token = f"{os.environ['TEAM']} {told['spec']['interactive']} {cluster['server']} {cluster['config']}"
print(json.dumps({"kind": "ExecCredential", "status": {"token": token}}))
"""


def plugin(folder: Path, script: str, **spec: Any) -> Plugin:
    """A plugin that is a Python script, run in a folder of the test's own."""
    command = {"apiVersion": API, "command": sys.executable, "args": ["-c", script]}
    extension = {"name": "client.authentication.k8s.io/exec", "extension": "more"}
    cluster = {"server": "https://one.example", "extensions": [extension]}
    return Plugin(command | spec, cluster, str(folder))


def nobody_holds(pipe: int) -> bool:
    """Whether every process that wrote to the pipe has ended."""
    try:
        return os.read(pipe, 1) == b""
    except BlockingIOError:
        return False


def test_a_plugin_that_waits_for_a_person_is_ended_with_all_it_started(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "held")
    pipe = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    waiting = plugin(tmp_path, "", command="sh", args=["-c", WAITING])
    with pytest.raises(Unauthenticated, match=r"sh did not finish within 0\.5 seconds") as caught:
        Runner().run(waiting, 0.5)
    assert caught.value.reason == "open https://sign-in.example"
    assert "Sign in to the cluster" in caught.value.hint
    eventually(lambda: nobody_holds(pipe))
    os.close(pipe)


@pytest.mark.parametrize(("remembered", "runs"), [(60.0, 1), (0.0, 2)], ids=["soon", "later"])
def test_a_plugin_that_failed_is_run_again_after_a_while(
    remembered: float, runs: int, tmp_path: Path
) -> None:
    runner = Runner(remembered)
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="failed") as caught:
            runner.run(plugin(tmp_path, COUNTING), 10.0)
        assert caught.value.reason == "not signed in"
    assert (tmp_path / "runs").read_text() == "x" * runs


def test_a_plugin_is_told_about_its_cluster(tmp_path: Path) -> None:
    env = [{"name": "TEAM", "value": "red"}]
    telling = plugin(tmp_path, TELLING, env=env, provideClusterInfo=True)
    assert Runner().run(telling, 10.0).token == "red False https://one.example more"


ANSWERS = {
    "nothing": ("", "Expecting value"),
    "no status": ("[]", "neither a token nor a certificate"),
    "a certificate without a key": (
        '{"status": {"clientCertificateData": "x"}}',
        "neither a token nor a certificate",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_without_credentials_is_said(name: str, tmp_path: Path) -> None:
    answer, reason = ANSWERS[name]
    with pytest.raises(Unauthenticated, match="printed no credentials") as caught:
        Runner().run(plugin(tmp_path, f"print({answer!r})"), 10.0)
    assert reason in caught.value.reason


def test_a_plugin_that_is_not_there_says_how_to_install_it(tmp_path: Path) -> None:
    absent = plugin(tmp_path, "", command="no-such-plugin", installHint="Get it from us.")
    with pytest.raises(Unauthenticated, match="no-such-plugin cannot be run") as caught:
        Runner().run(absent, 1.0)
    assert caught.value.hint == "Get it from us."
