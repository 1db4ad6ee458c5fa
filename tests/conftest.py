"""What every test may ask for: a sandbox of its own, or a cluster that may be a real one."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ome_backend.sandbox.server import Sandbox
from tests.support import recorded
from tests.support.cluster import ClusterUnderTest
from tests.support.terminal import Run, terminal


@pytest.fixture
def start_sandbox() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes, by default empty and without simulation; they stop after the test."""
    started: list[Sandbox] = []

    def start(**options: Any) -> Sandbox:
        made = Sandbox(**({"simulate": False, "seed": False} | options))
        started.append(made)
        made.start()
        return made

    yield start
    for made in started:
        made.stop()


@pytest.fixture
def sandbox(start_sandbox: Callable[..., Sandbox], request: pytest.FixtureRequest) -> Sandbox:
    """A fresh sandbox in memory; an indirect parameter gives its options."""
    return start_sandbox(**getattr(request, "param", {}))


@pytest.fixture
def kubectl(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Runs a line as a person would who works on the sandbox; fails where kubectl does."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    return terminal(sandbox, tmp_path)


@pytest.fixture(scope="session")
def cluster_kubeconfig() -> Iterator[str]:
    """The kubeconfig of the cluster under test: a real one, or a bare sandbox for all tests."""
    if path := os.environ.get("OME_TEST_KUBECONFIG"):
        yield path
        return
    bare = Sandbox(simulate=False, seed=False, webhooks=False)
    bare.start()
    yield bare.kubeconfig()
    bare.stop()


@pytest.fixture
def cluster(cluster_kubeconfig: str) -> Iterator[ClusterUnderTest]:
    """The cluster under test with a scratch namespace."""
    under_test = ClusterUnderTest(cluster_kubeconfig)
    under_test.enter()
    yield under_test
    under_test.leave()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts OME's recorded answers in the test output."""
    passed = [each for each in terminalreporter.stats.get("passed", ()) if each.when == "call"]
    for line in recorded.summary(passed):
        terminalreporter.write_line(line)
