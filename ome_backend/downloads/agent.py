"""The pods of OME's model agent: one a node, which fetches that node's models, a few at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, text
from ome_backend.resources.pod import Pod

WORKERS = 5  # what an agent takes without --num-download-worker (cmd/model-agent/main.go)

_LABEL, _AGENT = "app.kubernetes.io/component", "ome-model-agent"
_OPTION = "--num-download-worker"


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent of one node. `workers` is how many models it fetches at once."""

    node: str
    pod: Key
    uid: str
    ready: bool
    workers: int = WORKERS


def is_agent(pod: Pod, namespace: str) -> bool:
    """Whether the pod is a model agent; `namespace` is OME's own."""
    named = str(pod.labels.get(_LABEL, "")) or pod.key.name
    return pod.key.namespace == namespace and named.startswith(_AGENT)


def agents(pods: Iterable[Manifest], namespace: str) -> tuple[Agent, ...]:
    """The living agents by node; of several on one node, such as in an update, the ready one."""
    found: dict[str, Agent] = {}
    for pod in _living(pods, namespace):
        held = found.get(pod.node)
        if held is None or (pod.ready and not held.ready):
            found[pod.node] = _agent(pod)
    return tuple(found[node] for node in sorted(found))


def _living(pods: Iterable[Manifest], namespace: str) -> Iterator[Pod]:
    for raw in pods:
        if text(raw, "metadata", "namespace") != namespace:
            continue
        pod = Pod(raw)
        if is_agent(pod, namespace) and pod.node and not (pod.ended or pod.terminating):
            yield pod


def _agent(pod: Pod) -> Agent:
    uid = text(pod.raw, "metadata", "uid")
    return Agent(pod.node, pod.key, uid, pod.ready, _workers(pod))


def _workers(pod: Pod) -> int:
    words = [
        str(word)
        for container in items(pod.raw, "spec", "containers")
        for part in ("command", "args")
        for word in items(container, part)
    ]
    for number, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == _OPTION:
            given = value or (words[number + 1] if number + 1 < len(words) else "")
            return int(given) if given.isascii() and given.isdigit() and int(given) else WORKERS
    return WORKERS
