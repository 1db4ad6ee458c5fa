"""The sandbox: how soon it stands, what it costs while nothing happens, what its API server bears."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import urllib3

from benchmarks.measure import Figure, Report, measure
from ome_backend.resources.kinds import CLUSTER_BASE_MODEL, INFERENCE_SERVICE
from ome_backend.sandbox import simulation
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.server import Sandbox
from tests.support import builders

REQUESTS = 200
MERGE_PATCH = "application/merge-patch+json"


def run() -> Iterator[Report]:
    """Reports once; the requests come from this process, one after the other."""
    seeding = measure("start with the seeded company", _started_and_stopped, times=3)
    sandbox = Sandbox(simulate=False)
    sandbox.start()
    sandbox.objects.create(CLUSTER_BASE_MODEL, builders.model("bench"))
    request = _requester(sandbox)
    baseline = measure("GET /version", lambda: request("GET", "/version"), times=REQUESTS)
    yield Report("Sandbox", baseline, (seeding, _idle_step(), *_requests(request)))
    sandbox.stop()


def _started_and_stopped() -> None:
    sandbox = Sandbox()
    sandbox.start()
    sandbox.stop()


def _idle_step() -> Figure:
    objects, logs = Objects(None), PodLogs()
    now = datetime.now(UTC)
    simulation.seed(objects, logs, now)
    simulated = simulation.Simulation(objects, logs)
    simulated.step(now)
    taken = measure("a turn of its controllers with nothing due", lambda: simulated.step(now))
    simulated.stop()
    return taken


Request = Callable[..., Any]


def _requester(sandbox: Sandbox) -> Request:
    pool = urllib3.PoolManager()
    bearer = {"Authorization": f"Bearer {sandbox.token}"}

    def request(method: str, path: str, body: Any = None, form: str = "application/json") -> Any:
        encoded = None if body is None else json.dumps(body).encode()
        headers = bearer | {"Content-Type": form}
        answer = pool.request(method, sandbox.url + path, body=encoded, headers=headers)
        assert answer.status < 300, answer.data
        return answer.data

    return request


def _requests(request: Request) -> Iterator[Figure]:
    request("POST", "/api/v1/namespaces", {"metadata": {"name": "bench"}})
    number = count()

    def create() -> None:
        model = {"name": "bench", "kind": CLUSTER_BASE_MODEL.name}
        made = builders.inference_service(f"service-{next(number)}", "bench", model=model)
        del made["metadata"]["resourceVersion"]  # a real API server refuses it in a create
        request("POST", INFERENCE_SERVICE.path("bench"), made)

    one = INFERENCE_SERVICE.path("bench", "service-0")
    yield _rate("create a service: strict validation, webhooks", create)
    yield _rate("get it", lambda: request("GET", one))
    yield _rate(
        "patch it",
        lambda: request(
            "PATCH", one, {"metadata": {"labels": {"turn": str(next(number))}}}, MERGE_PATCH
        ),
    )


def _rate(name: str, run: Callable[[], object]) -> Figure:
    taken = measure(name, run, times=REQUESTS)
    return Figure(name, taken.value, remark=f"{1000 / taken.value:,.0f} a second")
