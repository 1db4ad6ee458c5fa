"""PodMonitors: looked up once in a while and never for a page; what is not allowed is said with the permission."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ome_backend.config import Settings
from ome_backend.kube.access import connect_kubeconfig
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import CUSTOM_RESOURCE_DEFINITION, POD_MONITOR
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.monitoring import AGAIN, FRESH, Monitors, look
from tests.services.conftest import Connect
from tests.support.scripted import Asked, Reply, ScriptedServer, serving
from tests.support.waiting import eventually

MONITOR = {"metadata": {"name": "chat-engine", "namespace": "demo"}}
REFUSED = 'podmonitors.monitoring.coreos.com is forbidden: User "console" cannot list resource "podmonitors"'


def group(plural: str, version: str) -> dict[str, Any]:
    return {f"/apis/{version.partition('/')[0]}": {"versions": [{"groupVersion": version}]},
            f"/apis/{version}": {"resources": [{"name": plural}]}}  # fmt: skip


SERVED = group("inferencereplicas", "ome.io/v1beta1") | group(
    "podmonitors", "monitoring.coreos.com/v1"
)
LIST = "/apis/monitoring.coreos.com/v1/podmonitors"


@contextmanager
def cluster(**answers: Any) -> Iterator[tuple[ScriptedServer, Client]]:
    """An API server that serves the kinds of OME 1.3 and PodMonitors, and answers their list."""

    def script(asked: Asked) -> Reply:
        known = SERVED | {LIST: {"items": [MONITOR]}}
        body = known.get(asked.path)
        if asked.path == LIST and answers.get("refused"):
            status = {"kind": "Status", "reason": "Forbidden", "message": REFUSED, "code": 403}
            return Reply(403, status)
        if answers.get("broken") or body is None:
            return Reply(
                500 if answers.get("broken") else 404, {"kind": "Status", "reason": "NotFound"}
            )
        return Reply(body=body)

    with serving(script) as server:
        settings = Settings(cluster="kubeconfig")
        yield server, Client(connect_kubeconfig(server.kubeconfig, "", settings), settings)


def test_the_kind_and_its_objects_are_found() -> None:
    with cluster() as (_, client):
        found = look(client)
    assert POD_MONITOR.resource in found.definitions
    assert "inferencereplicas.ome.io" in found.definitions
    assert (found.monitors, found.unseen) == (frozenset({Key("demo", "chat-engine")}), {})


def test_a_list_that_is_refused_names_the_permission() -> None:
    with cluster(refused=True) as (_, client):
        found = look(client)
    assert POD_MONITOR.resource in found.definitions
    assert set(found.unseen) == {POD_MONITOR}
    assert 'cannot list resource "podmonitors"' in found.unseen[POD_MONITOR]


def test_a_server_that_fails_leaves_all_of_it_unknown() -> None:
    with cluster(broken=True) as (_, client):
        assert set(look(client).unseen) == {CUSTOM_RESOURCE_DEFINITION, POD_MONITOR}


def test_it_is_looked_up_in_the_background_and_kept() -> None:
    clock = [0.0]
    with cluster() as (server, client):
        monitors = Monitors(client, lambda: clock[0])
        assert CUSTOM_RESOURCE_DEFINITION in monitors.now()[1].unseen
        version, found = eventually(lambda: monitors.now()[0] > 0 and monitors.now())
        asked = len(server.asked)
        clock[0] = FRESH - 1
        assert monitors.now() == (version, found)
        assert len(server.asked) == asked
        clock[0] = FRESH + 1
        monitors.now()
        eventually(lambda: len(server.asked) == 2 * asked)


def test_after_a_failure_it_is_looked_up_again_soon() -> None:
    clock = [0.0]
    with cluster(broken=True) as (server, client):
        monitors = Monitors(client, lambda: clock[0])
        monitors.now()
        eventually(lambda: monitors.now()[0] > 0)
        asked = len(server.asked)
        clock[0] = AGAIN + 1
        monitors.now()
        eventually(lambda: len(server.asked) > asked)


def test_without_the_kind_there_are_none_and_nothing_is_unknown(
    connect: Connect, sandbox: Sandbox
) -> None:
    assert look(connect().client).unseen == {}


def test_pages_cause_no_request(connect: Connect, sandbox: Sandbox) -> None:
    doctor = connect().doctor
    eventually(lambda: not doctor.examination().unavailable)
    asked = sandbox.requests.total()
    for _ in range(5):
        doctor.examination()
    assert sandbox.requests.total() == asked
