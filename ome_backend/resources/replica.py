"""What one replica of an engine, decoder or router runs: image, engine, nodes and GPUs."""

from collections.abc import Iterator, Mapping
from typing import Any

from ome_backend.resources import gpu
from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.optional import optional_mapping, texts
from ome_backend.resources.quantity import count

MAIN_CONTAINER = "ome-container"

_ENGINES = (("sglang", "SGLang"), ("vllm", "vLLM"))


def runs_something(component: Mapping[str, Any]) -> bool:
    """Whether the component names any container at all."""
    return next(_containers(component), None) is not None or multi_node(component)


def multi_node(component: Mapping[str, Any]) -> bool:
    """Whether one replica spans several pods. The older form has `workers` in the spec."""
    return any(
        optional_mapping(component, part) is not None for part in ("leader", "worker", "workers")
    )


def image(component: Mapping[str, Any]) -> str:
    """The image of the main container; empty when none is given."""
    return text(main_container(component), "image")


def engine_name(component: Mapping[str, Any]) -> str:
    """The inference engine, guessed from what is run, then from the image; empty if unknown."""
    main = main_container(component)
    command = " ".join(texts(main, "command"))
    for clue in (command.lower(), text(main, "image").lower()):
        for word, name in _ENGINES:
            if word in clue:
                return name
    return ""


def gpus(component: Mapping[str, Any]) -> int:
    """GPUs of one replica: the leader (or only) pod, and every worker pod."""
    leader = optional_mapping(component, "leader")
    first = _pod_gpus(component if leader is None else leader)
    worker = optional_mapping(component, "worker") or mapping(component, "workers")
    return first + _workers(worker) * _pod_gpus(worker)


def largest_pod(component: Mapping[str, Any]) -> int:
    """GPUs of the pod that needs most: all of them must be free on one node."""
    pods = (optional_mapping(component, part) for part in ("leader", "worker", "workers"))
    return max([_pod_gpus(component), *(_pod_gpus(pod) for pod in pods if pod is not None)])


def _workers(worker: Manifest) -> int:
    return max(0, count(worker.get("size", 1))) if worker else 0


def main_container(component: Mapping[str, Any]) -> Manifest:
    """The container that runs the engine, the leader's in several nodes; empty where there is none."""
    leader = optional_mapping(component, "leader")
    containers = list(_containers(component if leader is None else leader))
    named = (entry for entry in containers if entry.get("name") == MAIN_CONTAINER)
    return next(named, containers[0] if containers else {})


def _containers(pod: Mapping[str, Any]) -> Iterator[Manifest]:
    """The containers of a pod; the runner comes first and replaces the one of its name."""
    runner = optional_mapping(pod, "runner")
    if runner is not None:
        yield runner
    for entry in items(pod, "containers"):
        if isinstance(entry, dict) and (runner is None or entry.get("name") != runner.get("name")):
            yield entry


def _pod_gpus(pod: Mapping[str, Any]) -> int:
    return sum(_container_gpus(entry) for entry in _containers(pod))


def _container_gpus(container: Manifest) -> int:
    limits, requests = (mapping(container, "resources", part) for part in ("limits", "requests"))
    return max(0, gpu.gpus(limits) or gpu.gpus(requests))
