"""What the GPUs cost that pods hold now: by service, by namespace, and what nobody uses."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ome_backend.kube.cache import Cache
from ome_backend.planning.amount import Estimate
from ome_backend.planning.capacity import NodeCapacity, class_of_nodes
from ome_backend.planning.cost import Bill, Share, added, by_namespace, per_million_tokens, together
from ome_backend.planning.fleet import ClassCost, class_costs
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.kind import Key
from ome_backend.resources.pod import Pod
from ome_backend.services.listing import Memo

WATCHED = (kinds.POD, kinds.NODE, kinds.ACCELERATOR_CLASS)
Inside = Callable[[Key], bool]


@dataclass(frozen=True, slots=True)
class ServiceCost:
    """The GPUs of one service, on nodes of `classes`; an empty name stands for the pods of a namespace
    that belong to no service. `unready` are the GPUs of pods that hold them and do not serve."""

    key: Key
    classes: tuple[str, ...]
    bill: Bill
    unready: Bill

    def per_million_tokens(self, tokens_per_second: float | None) -> Estimate:
        """At a rate of all its replicas together."""
        return per_million_tokens(self.bill.per_hour, tokens_per_second)


@dataclass(frozen=True, slots=True)
class Costs:
    """What is held by service and by namespace, all of it together, and every class with what is idle."""

    services: tuple[ServiceCost, ...]
    namespaces: Mapping[str, Bill]
    total: Bill
    fleet: tuple[ClassCost, ...]

    @property
    def idle_per_hour(self) -> Estimate:
        """What the GPUs cost that nobody holds, as far as their classes have a price."""
        return added((each.idle_per_hour for each in self.fleet), "class")

    def service(self, key: Key) -> ServiceCost | None:
        return next((each for each in self.services if each.key == key), None)


class Costing:
    """Answers from the watch cache: pods say who holds GPUs, nodes of which class they are."""

    def __init__(self, cache: Cache, nodes: Callable[[], tuple[NodeCapacity, ...]]) -> None:
        """`nodes` gives the nodes with GPUs and what is held on each."""
        self._cache = cache
        self._nodes = nodes
        self._held = Memo(cache, WATCHED, self._shares)

    def now(self, inside: Inside = lambda _: True) -> Costs:
        """The costs of what is `inside`; the fleet is everybody's."""
        held = {key: pods for key, pods in self._held.value().items() if inside(key)}
        shares = [share for pods in held.values() for share, _ in pods]
        return Costs(
            tuple(_service(key, held[key]) for key in sorted(held)),
            by_namespace(shares),
            together(shares),
            self._fleet(),
        )

    def _fleet(self) -> tuple[ClassCost, ...]:
        nodes, classes = self._nodes(), self._classes()
        return class_costs(nodes, classes, class_of_nodes(nodes, classes))

    def _shares(self) -> Mapping[Key, list[tuple[Share, bool]]]:
        """What the pods of each service hold, and whether they are ready."""
        placed = class_of_nodes(self._nodes(), self._classes())
        found: dict[Key, list[tuple[Share, bool]]] = defaultdict(list)
        for pod in map(Pod, self._cache.snapshot(kinds.POD).objects.values()):
            if pod.holds_gpus:
                namespace, name = pod.service
                share = Share(namespace, name or "other pods", placed.get(pod.node), pod.gpus, 1)
                found[pod.service].append((share, pod.ready))
        return found

    def _classes(self) -> tuple[AcceleratorClass, ...]:
        held = self._cache.snapshot(kinds.ACCELERATOR_CLASS).objects
        return tuple(AcceleratorClass(held[key]) for key in sorted(held))


def _service(key: Key, pods: list[tuple[Share, bool]]) -> ServiceCost:
    shares = [share for share, _ in pods]
    classes = {share.accelerator.key.name for share in shares if share.accelerator is not None}
    unready = together(share for share, ready in pods if not ready)
    return ServiceCost(key, tuple(sorted(classes)), together(shares), unready)
