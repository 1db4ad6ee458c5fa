"""Nodes: their GPUs and who holds them, the classes they belong to, the models they have."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ome_backend.downloads.board import NodeRow
from ome_backend.kube.cache import Cache
from ome_backend.planning.capacity import NodeCapacity, belongs
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.health import Health, Level
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod
from ome_backend.services.downloads import Downloads
from ome_backend.services.listing import Listing, Memo

_MADE_FROM = (kinds.NODE, kinds.POD, kinds.ACCELERATOR_CLASS)


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node with the pods on it, those that hold GPUs first, and the classes it belongs to."""

    capacity: NodeCapacity
    pods: tuple[Pod, ...]
    classes: tuple[str, ...]

    @property
    def node(self) -> Node:
        return self.capacity.node

    @property
    def raw(self) -> Manifest:
        return self.node.raw

    @property
    def key(self) -> Key:
        return Key("", self.node.name)

    @property
    def ref(self) -> Ref:
        return Ref(kinds.NODE, self.key)

    @property
    def holders(self) -> tuple[Pod, ...]:
        """The pods that hold its GPUs."""
        return tuple(pod for pod in self.pods if pod.holds_gpus)

    @property
    def health(self) -> Health:
        total, free = self.capacity.total, self.capacity.free
        if self.node.trouble:
            return Health(Level.BROKEN, "Not ready", self.node.trouble)
        if dig(self.raw, "spec", "unschedulable") is True:
            return Health(Level.OFF, "Cordoned", "It takes no new pods: somebody cordoned it.")
        if not total:
            return Health(Level.GOOD, "No GPUs", "It offers no GPUs.")
        if not free:
            return Health(Level.WAITING, "Full", f"All of its {total} GPUs are held.")
        return Health(Level.GOOD, f"{free} free", f"{free} of its {total} GPUs are free.")


class Nodes:
    """Answers from the watch cache."""

    def __init__(self, cache: Cache, downloads: Downloads) -> None:
        self._cache = cache
        self._downloads = downloads
        self._memo = Memo(cache, _MADE_FROM, lambda: tuple(self._views()))

    def all(self) -> Listing[NodeView]:
        """Every node, by name; those without GPUs, too."""
        return Listing(self._memo.value(), tuple(map(self._cache.snapshot, _MADE_FROM)))

    def get(self, name: str) -> NodeView | None:
        """One node; None where there is none, as far as can be seen."""
        return next((each for each in self._memo.value() if each.node.name == name), None)

    def models(self, name: str) -> NodeRow | None:
        """The models on the node, or on their way to it."""
        return self._downloads.board().node(name)

    def _views(self) -> Iterator[NodeView]:
        by_node: dict[str, list[Pod]] = defaultdict(list)
        for raw in self._cache.snapshot(kinds.POD).objects.values():
            pod = Pod(raw)
            if pod.node and not pod.ended:
                by_node[pod.node].append(pod)
        held = self._cache.snapshot(kinds.ACCELERATOR_CLASS).objects
        classes = [AcceleratorClass(held[key]) for key in sorted(held)]
        nodes = self._cache.snapshot(kinds.NODE).objects
        for key in sorted(nodes):
            node, pods = Node(nodes[key]), by_node[key.name]
            taken = sum(pod.gpus for pod in pods if pod.holds_gpus)
            capacity = NodeCapacity(node, node.gpus, taken)
            own = tuple(each.key.name for each in classes if belongs(capacity, each))
            ordered = sorted(pods, key=lambda pod: (not pod.holds_gpus, pod.key))
            yield NodeView(capacity, tuple(ordered), own)


def fragmentation(nodes: tuple[NodeView, ...]) -> str:
    """Where many GPUs are free, but few together; empty where one node has them all."""
    free = sum(each.capacity.free for each in nodes)
    largest = max((each.capacity.free for each in nodes), default=0)
    if not free or free == largest:
        return ""
    return f"{free} GPUs are free, but no node has more than {largest}: a replica that needs more on one node waits."
