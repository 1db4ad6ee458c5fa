"""Container logs over HTTP."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import POD
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.server import Sandbox
from tests.support.cluster import ClusterUnderTest, Response, manifest

PATH = POD.path("default", "p", "log")


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[ClusterUnderTest]:
    """A client of a sandbox with a pod `p` of two containers, `engine` and `sidecar`."""
    containers = [{"name": "engine"}, {"name": "sidecar"}]
    body = manifest(POD, "p", namespace="default", spec={"containers": containers})
    sandbox.objects.create(POD, body)
    for number in (1, 2, 3):
        sandbox.logs.append("default", "p", "engine", f"line {number}")
    client = ClusterUnderTest(sandbox.kubeconfig())
    yield client
    client.leave()


def _log(http: ClusterUnderTest, **params: str) -> Response:
    return http.request("GET", PATH, params=params)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        pytest.param({}, "line 1\nline 2\nline 3\n", id="all"),
        pytest.param({"tailLines": "1"}, "line 3\n", id="tail"),
        pytest.param({"tailLines": "0"}, "", id="nothing"),
        pytest.param({"tailLines": "99"}, "line 1\nline 2\nline 3\n", id="more than there is"),
        pytest.param({"limitBytes": "4"}, "line", id="bytes"),
        pytest.param({"sinceSeconds": "60"}, "line 1\nline 2\nline 3\n", id="recent"),
        pytest.param({"sinceTime": "2999-01-01T00:00:00Z"}, "", id="since the future"),
    ],
)
def test_lines_are_cut_as_asked(http: ClusterUnderTest, params: Any, text: str) -> None:
    answer = _log(http, container="engine", **params)
    assert (answer.status, answer.body) == (200, text)


def test_lines_can_carry_their_time(http: ClusterUnderTest) -> None:
    answer = _log(http, container="engine", timestamps="true", tailLines="1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 3\n", answer.body)


def test_one_of_several_containers_must_be_named(http: ClusterUnderTest) -> None:
    refused = _log(http)
    assert refused.status == 400
    assert refused.message == (
        "a container name must be specified for pod p, choose one of: [engine sidecar]"
    )


def test_a_container_of_another_pod_is_refused(http: ClusterUnderTest) -> None:
    refused = _log(http, container="other")
    assert (refused.status, refused.message) == (400, "container other is not valid for pod p")


def test_a_pod_that_does_not_exist_is_not_found(http: ClusterUnderTest) -> None:
    refused = http.request("GET", POD.path("default", "q", "log"))
    assert (refused.status, refused.message) == (404, 'pods "q" not found')


def test_a_first_run_has_no_previous_log(http: ClusterUnderTest) -> None:
    refused = _log(http, container="engine", previous="true")
    assert refused.status == 400
    assert refused.message == 'previous terminated container "engine" in pod "p" not found'


def test_a_restart_leaves_the_previous_log(http: ClusterUnderTest, sandbox: Sandbox) -> None:
    sandbox.logs.restart("default", "p", "engine")
    sandbox.logs.append("default", "p", "engine", "again")
    assert _log(http, container="engine").body == "again\n"
    assert _log(http, container="engine", previous="true", tailLines="1").body == "line 3\n"


def test_a_container_that_waits_says_for_what(http: ClusterUnderTest, sandbox: Sandbox) -> None:
    waiting = {"name": "sidecar", "state": {"waiting": {"reason": "ContainerCreating"}}}
    status = {"containerStatuses": [waiting]}
    sandbox.objects.change(POD, Key("default", "p"), lambda raw: raw.update(status=status))
    refused = _log(http, container="sidecar")
    assert refused.status == 400
    assert refused.message == (
        'container "sidecar" in pod "p" is waiting to start: ContainerCreating'
    )


def _follow(sandbox: Sandbox) -> urllib3.BaseHTTPResponse:
    return urllib3.request(
        "GET",
        f"{sandbox.url}{PATH}?container=engine&follow=true&tailLines=1",
        headers={"Authorization": f"Bearer {sandbox.token}"},
        preload_content=False,
        timeout=10.0,
        retries=False,
    )


def test_a_followed_log_goes_on(http: ClusterUnderTest, sandbox: Sandbox) -> None:
    stream = _follow(sandbox)
    assert stream.read1() == b"line 3\n"
    sandbox.logs.append("default", "p", "engine", "line 4")
    assert stream.read1() == b"line 4\n"
    http.request("DELETE", POD.path("default", "p"))
    sandbox.logs.drop("default", "p")
    assert stream.read() == b""


@pytest.mark.usefixtures("http")
def test_a_followed_log_ends_with_the_sandbox(sandbox: Sandbox) -> None:
    stream = _follow(sandbox)
    assert stream.read1() == b"line 3\n"
    sandbox.stop()
    assert stream.read() == b""


def test_only_the_latest_lines_are_kept() -> None:
    logs = PodLogs(limit=3)
    for number in range(10):
        logs.append("ns", "p", "c", str(number))
    assert [line.text for line in logs.lines("ns", "p", "c")] == ["7", "8", "9"]
    last = logs.lines("ns", "p", "c")[-1].number
    assert [line.text for line in logs.lines("ns", "p", "c", after=last - 1)] == ["9"]


def test_dropped_logs_are_gone() -> None:
    logs = PodLogs()
    logs.append("ns", "p", "c", "x", previous=True)
    logs.append("ns", "q", "c", "y")
    logs.drop("ns", "p")
    assert not logs.has_previous("ns", "p", "c")
    assert [line.text for line in logs.lines("ns", "q", "c")] == ["y"]
