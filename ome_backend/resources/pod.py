"""Pods, as far as they explain a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ome_backend.resources.condition import Condition, condition
from ome_backend.resources.gpu import gpus
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text

SERVICE_LABEL = "ome.io/inferenceservice"
COMPONENT_LABEL = "component"
RUNTIME_LABEL = "serving-runtime"


@dataclass(frozen=True, slots=True)
class Container:
    """One container's state: `state` is waiting, running, terminated or empty while nothing is reported."""

    name: str
    image: str
    ready: bool
    restarts: int
    state: str
    reason: str
    message: str
    exit_code: int | None
    last_reason: str
    last_message: str
    last_exit_code: int | None

    @property
    def crashed(self) -> bool:
        """It ended badly now or before its last restart."""
        ended_badly = self.state == "terminated" and bool(self.exit_code)
        return ended_badly or (self.restarts > 0 and not self.ready and bool(self.last_reason))


@dataclass(frozen=True)
class Pod:
    """A read-only view of a pod."""

    raw: Manifest

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def labels(self) -> Mapping[str, Any]:
        return mapping(self.raw, "metadata", "labels")

    @cached_property
    def service(self) -> Key:
        """The InferenceService it belongs to; an empty name when it belongs to none."""
        return Key(self.key.namespace, str(self.labels.get(SERVICE_LABEL, "")))

    @property
    def component(self) -> str:
        return str(self.labels.get(COMPONENT_LABEL, ""))

    @property
    def runtime(self) -> str:
        """The runtime OME really used: for an auto-selected one it is written nowhere else."""
        return str(self.labels.get(RUNTIME_LABEL, ""))

    @property
    def node(self) -> str:
        return text(self.raw, "spec", "nodeName")

    @property
    def phase(self) -> str:
        return text(self.raw, "status", "phase") or "Unknown"

    @property
    def terminating(self) -> bool:
        return bool(text(self.raw, "metadata", "deletionTimestamp"))

    @property
    def ended(self) -> bool:
        """It ran its course or was thrown out, and only its record is left."""
        return self.phase in ("Failed", "Succeeded")

    @property
    def ready(self) -> bool:
        found = condition(self.raw, "Ready")
        return found is not None and found.true

    @property
    def unscheduled(self) -> Condition | None:
        """The scheduler's refusal, or None once it has a node or nobody has tried yet."""
        found = condition(self.raw, "PodScheduled")
        return found if found is not None and found.false else None

    @property
    def gpus(self) -> int:
        """GPUs the pod holds: the sum over its containers."""
        asked = (mapping(each, "resources") for each in items(self.raw, "spec", "containers"))
        return sum(
            gpus(mapping(each, "limits")) or gpus(mapping(each, "requests")) for each in asked
        )

    @property
    def holds_gpus(self) -> bool:
        """It occupies its GPUs on a node now."""
        return bool(self.node) and self.phase in ("Pending", "Running") and self.gpus > 0

    @property
    def restarts(self) -> int:
        return sum(container.restarts for container in self.containers)

    @property
    def containers(self) -> tuple[Container, ...]:
        reported = {
            text(each, "name"): each
            for name in ("initContainerStatuses", "containerStatuses")
            for each in items(self.raw, "status", name)
        }
        return tuple(
            _container(each, reported.get(text(each, "name"), {}))
            for name in ("initContainers", "containers")
            for each in items(self.raw, "spec", name)
        )


def _container(spec: Mapping[str, Any], status: Mapping[str, Any]) -> Container:
    state = next(
        (name for name in ("waiting", "running", "terminated") if name in mapping(status, "state")),
        "",
    )
    now, last = mapping(status, "state", state), mapping(status, "lastState", "terminated")
    restarts = status.get("restartCount")
    return Container(
        name=text(spec, "name"),
        image=text(spec, "image"),
        ready=status.get("ready") is True,
        restarts=restarts if isinstance(restarts, int) else 0,
        state=state,
        reason=text(now, "reason"),
        message=text(now, "message"),
        exit_code=_exit_code(now),
        last_reason=text(last, "reason"),
        last_message=text(last, "message"),
        last_exit_code=_exit_code(last),
    )


def _exit_code(state: Mapping[str, Any]) -> int | None:
    code = state.get("exitCode")
    return code if isinstance(code, int) else None
