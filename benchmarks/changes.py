"""From a write until those who follow know of it, with 5,000 services in the cache."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import urllib3

from benchmarks import cluster, console
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, figure, measure, since
from ome_backend.backend import Backend
from ome_backend.resources.kinds import INFERENCE_SERVICE, POD

WRITES = 100
UPDATES = 2_000
PATIENCE = 30.0


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running() as large, console.opened(large) as backend:
        bare, cached = _bare_watch(large), _cached(large, backend)
        yield Report(
            f"Changes: {WRITES} single writes, then {UPDATES:,} at once",
            bare,
            (cached, _burst(large, backend)),
        )


def _bare_watch(large: Cluster) -> Figure:
    """What a plain reader of the watch sees: nothing can know sooner."""
    arrived = threading.Event()
    headers = {"Authorization": f"Bearer {large.token()}"}
    listed = urllib3.request("GET", f"{large.url()}{POD.path()}?limit=1", headers=headers)
    version = json.loads(listed.data)["metadata"]["resourceVersion"]
    url = f"{large.url()}{POD.path()}?watch=true&resourceVersion={version}"
    answer = urllib3.request("GET", url, headers=headers, preload_content=False)
    threading.Thread(target=_follow, args=(answer, arrived), daemon=True).start()
    taken = figure("write to the line of a bare watch", _latencies(large, arrived), spread=True)
    answer.shutdown()
    return taken


def _follow(answer: urllib3.BaseHTTPResponse, arrived: threading.Event) -> None:
    with suppress(urllib3.exceptions.HTTPError):  # that is how it learns of its end
        for line in answer:
            if b'"MODIFIED"' in line:
                arrived.set()


def _cached(large: Cluster, backend: Backend) -> Figure:
    arrived = threading.Event()
    unsubscribe = backend.cache.subscribe(lambda _: arrived.set())
    taken = figure("write to a subscriber of the cache", _latencies(large, arrived), spread=True)
    unsubscribe()
    return taken


def _latencies(large: Cluster, arrived: threading.Event) -> list[float]:
    return [_latency(large, index, arrived) for index in range(WRITES)]


def _latency(large: Cluster, index: int, arrived: threading.Event) -> float:
    time.sleep(0.02)  # the quiet between single writes, not a wait for anything
    arrived.clear()
    started = time.perf_counter()
    large.touch_pod(index)
    assert arrived.wait(PATIENCE), "the change did not arrive"
    return since(started)


def _burst(large: Cluster, backend: Backend) -> Figure:
    def updated() -> None:
        expected = backend.cache.counters(INFERENCE_SERVICE).events + UPDATES
        large.touch_services(UPDATES)
        while backend.cache.counters(INFERENCE_SERVICE).events < expected:
            time.sleep(0.001)

    taken = measure("a burst of updates, written and in the cache", updated, times=5)
    writing = measure("", lambda: large.touch_services(UPDATES), times=3)
    return Figure(
        taken.name, taken.value, remark=f"of which writing them takes {writing.value:.0f} ms"
    )
