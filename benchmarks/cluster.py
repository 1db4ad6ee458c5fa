"""A large cluster in a process of its own, so that it does not take the console's turns of the interpreter."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from typing import Any

from benchmarks import population, reports
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox


class Cluster:
    """A sandbox that nobody simulates, filled with thousands of services. Called from another process."""

    def __init__(self, services: int) -> None:
        self._sandbox = Sandbox(simulate=False, seed=False)
        with self._sandbox.objects.batch():
            for kind, manifest in population.cluster(services):
                self._sandbox.objects.create(kind, manifest)
        self._sandbox.start()
        self._touched = self._reported = 0

    def url(self) -> str:
        """Where its API server listens."""
        return self._sandbox.url

    def token(self) -> str:
        """What its API server wants to be shown."""
        return self._sandbox.token

    def kubeconfig(self) -> str:
        """A kubeconfig for the console."""
        return self._sandbox.kubeconfig()

    def kubectl_config(self) -> str:
        """A kubeconfig for `kubectl`."""
        return self._sandbox.kubectl_config()

    def lists(self) -> int:
        """How many lists it was asked for so far."""
        return sum(n for (verb, _), n in self._sandbox.requests.items() if verb == "list")

    def touch_services(self, count: int) -> None:
        """Change the first `count` services, one after the other."""
        for index in range(count):
            self._touch(kinds.INFERENCE_SERVICE, index)

    def touch_pod(self, index: int) -> None:
        """Change the pod of that number in a way that no page shows."""
        self._touch(kinds.POD, index)

    def toggle_pod(self, index: int) -> None:
        """Let a pod that is ready fail, or one that failed become ready."""
        self._sandbox.objects.change(kinds.POD, population.pod_key(index), _toggle, status=True)

    def start_downloads(self) -> None:
        """Let agents fetch models, and tell of it for the first time."""
        with self._sandbox.objects.batch():
            for kind, manifest in reports.cluster():
                self._sandbox.objects.create(kind, manifest)

    def report(self, writes: int) -> None:
        """Let so many agents, one after the other, tell how far their downloads are."""
        for _ in range(writes):
            write, self._reported = self._reported, self._reported + 1
            self._sandbox.objects.change(
                kinds.CONFIG_MAP, reports.key(write), partial(reports.advanced, write=write)
            )

    def _touch(self, kind: Kind, index: int) -> None:
        key = population.pod_key(index) if kind == kinds.POD else population.service_key(index)
        self._touched += 1
        self._sandbox.objects.change(kind, key, _marker(str(self._touched)))


@contextmanager
def running(services: int = population.SERVICES) -> Iterator[Cluster]:
    """Such a cluster for as long as it is needed."""
    BaseManager.register("Cluster", Cluster)
    with BaseManager(ctx=get_context("spawn")) as manager:
        remote: Any = manager
        yield remote.Cluster(services)


def _marker(value: str) -> Callable[[Manifest], None]:
    def edit(manifest: Manifest) -> None:
        manifest["metadata"].setdefault("annotations", {})["touched"] = value

    return edit


def _toggle(pod: Manifest) -> None:
    ready = pod["status"]["conditions"][0]
    ready["status"] = "False" if ready["status"] == "True" else "True"
