"""Does a model fit on an accelerator class, where could it run now, and what would that cost."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from ome_backend.kube.cache import Cache
from ome_backend.outcome.decision import Decision, decide
from ome_backend.outcome.served import served
from ome_backend.planning.capacity import NodeCapacity, class_of_nodes
from ome_backend.planning.cost import Bill, Share, together
from ome_backend.planning.placement import pools
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.manifest import key_of
from ome_backend.resources.runtime import Runtime
from ome_backend.services.costs import Costing
from ome_backend.services.known import Cached
from ome_backend.services.models import Models
from ome_backend.services.runtimes import Runtimes
from ome_backend.services.serving import ServiceView
from ome_backend.services.wish import Planned, Wish, answer, asked_args, needed, preferred

REMEMBERED = 256
WATCHED = (
    *kinds.MODEL_KINDS,
    *kinds.RUNTIME_KINDS,
    kinds.ACCELERATOR_CLASS,
    kinds.NODE,
    kinds.POD,
)


class Planner:
    """Answers what-would-be questions from the watch cache."""

    def __init__(
        self,
        cache: Cache,
        models: Models,
        runtimes: Runtimes,
        nodes: Callable[[], tuple[NodeCapacity, ...]],
    ) -> None:
        """`nodes` gives the nodes with GPUs and what is free on each."""
        self._cache = cache
        self._models = models
        self._runtimes = runtimes
        self._nodes = nodes
        self.costing = Costing(cache, nodes)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._planned)

    def classes(self) -> tuple[AcceleratorClass, ...]:
        """The accelerator classes, by name."""
        held = self._cache.snapshot(kinds.ACCELERATOR_CLASS).objects
        return tuple(AcceleratorClass(held[key]) for key in sorted(held))

    def planned(self, wish: Wish) -> Planned | None:
        """The plan as of what the cluster is now; None when there is no such model."""
        versions = tuple(self._cache.snapshot(kind).version for kind in WATCHED)
        return self._remembered(wish, versions)

    def of_service(self, view: ServiceView) -> Planned | None:
        """The plan of a service as it runs or would run; None while its model is not known.

        Its own arguments, resources and accelerator class are merged into the runtime, as OME does.
        """
        model, service = view.seen.model, view.service
        if model is None:
            return None
        runtime = self._runtimes.ref(view.key.namespace, view.runtime) if view.runtime else None
        asked = service.required_accelerator_classes
        wish = Wish(
            model.key,
            runtime.key if runtime is not None else None,
            (asked or self._classes_of(view) or ("",))[0],
            replicas=max(1, view.replicas[0]),
        )
        return self._answered(wish, self._served(view, wish))

    def running_cost(self, view: ServiceView) -> Bill:
        """What the GPUs cost that a service holds now, by the classes of the nodes its pods are on."""
        classes = self._by_node()
        return together(
            Share(view.key.namespace, view.key.name, classes.get(pod.node), pod.gpus, 1)
            for pod in view.seen.pods
            if pod.holds_gpus
        )

    def _classes_of(self, view: ServiceView) -> tuple[str, ...]:
        classes = self._by_node()
        found = (classes.get(pod.node) for pod in view.seen.pods if pod.holds_gpus)
        return tuple(each.key.name for each in found if each is not None)

    def _by_node(self) -> Mapping[str, AcceleratorClass]:
        return class_of_nodes(self._nodes(), self.classes())

    def _planned(self, wish: Wish, _: tuple[int, ...]) -> Planned | None:
        """A version is part of the question, so that an answer holds as long as the cluster is the same."""
        return self._answered(wish, self._runtime(wish))

    def _answered(self, wish: Wish, runtime: Runtime | None) -> Planned | None:
        view = self._models.get(wish.model)
        if view is None:
            return None
        args = asked_args(runtime, wish)
        nodes, classes = self._nodes(), self.classes()
        need = needed(view.model, runtime, args, wish, nodes)
        found = pools(nodes, classes, need)
        accelerator = preferred(wish, runtime, classes, found)
        return answer(wish, view.model, runtime, accelerator, args, need, found)

    def _served(self, view: ServiceView, wish: Wish) -> Runtime | None:
        """The runtime as the service has it; as it is where OME would not take it for the service."""
        runtime = self._runtime(wish)
        decided = decide(view.service.raw, Cached(self._cache))
        if runtime is None or not isinstance(decided, Decision) or decided.runtime is None:
            return runtime
        same = key_of(decided.runtime) == runtime.key
        return Runtime(served(decided), runtime.kind) if same else runtime

    def _runtime(self, wish: Wish) -> Runtime | None:
        found = self._runtimes.get(wish.runtime) if wish.runtime is not None else None
        return found.runtime if found is not None else None
