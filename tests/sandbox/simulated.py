"""A simulated cluster whose clock the test moves."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ome_backend import admission
from ome_backend.resources import kinds
from ome_backend.resources.condition import condition
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.simulation import Simulation, seed

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


class Simulated:
    """The seeded company; `live` lets simulated seconds pass."""

    def __init__(self, speed: float = 1.0) -> None:
        self.objects, self.logs, self.now = Objects(), PodLogs(), START
        for kind, manifest in _seeded():
            self.objects.create(kind, manifest)
        self.simulation = Simulation(self.objects, self.logs, speed)

    def live(self, seconds: float, every: float = 1.0) -> None:
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now += timedelta(seconds=every)
            self.simulation.step(self.now)

    def apply(self, kind: Kind, name: str, namespace: str = "", **spec: Any) -> None:
        metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
        given = {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata}
        made = with_defaults(given | {"spec": spec})
        admitted = admission.review("CREATE", kind, made, None, self.objects)
        self.objects.create(kind, admitted.object)

    def edit(self, kind: Kind, key: Key, **spec: Any) -> None:
        self.objects.change(kind, key, lambda raw: raw["spec"].update(spec))

    def service(self, namespace: str, name: str) -> Manifest:
        found = self.objects.get(kinds.INFERENCE_SERVICE, Key(namespace, name))
        assert found is not None
        return found

    def ready(self, namespace: str, name: str) -> bool:
        found = condition(self.service(namespace, name), "Ready")
        return found is not None and found.true

    def reported(self, node: str, entry: str) -> Manifest:
        """What the agent of a node says of a model in its ConfigMap."""
        found = self.objects.get(kinds.CONFIG_MAP, Key("ome", node)) or {}
        said: Manifest = json.loads(found["data"][entry])
        return said

    def pods(self, namespace: str, service: str) -> list[Manifest]:
        return self.objects.list(kinds.POD, namespace, {"ome.io/inferenceservice": service})

    def said(self, namespace: str, name: str) -> dict[str, str]:
        """The latest events about an object: reason to message."""
        events = self.objects.list(kinds.EVENT, namespace)
        about = [each for each in events if each["involvedObject"]["name"] == name]
        return {each["reason"]: each["message"] for each in about}


@cache
def _seeded() -> list[tuple[Kind, Manifest]]:
    """Living through the company's past takes a second: once for all tests."""
    objects = Objects()
    seed(objects, PodLogs(), START)
    return [(kind, each) for kind in kinds.BY_NAME.values() for each in objects.list(kind)]
