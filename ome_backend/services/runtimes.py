"""The runtimes of a cluster and what they serve."""

from collections import Counter
from dataclasses import dataclass

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.health import Health, Level
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.pod import Pod
from ome_backend.resources.runtime import Runtime
from ome_backend.services.listing import Listing, Memo, hidden


@dataclass(frozen=True, slots=True)
class RuntimeView:
    """A runtime and how many services run on it."""

    runtime: Runtime
    used_by: int

    @property
    def key(self) -> Key:
        return self.runtime.key

    @property
    def health(self) -> Health:
        if self.runtime.disabled:
            return Health(
                Level.OFF,
                "Disabled",
                "It is disabled: OME never chooses it and refuses it by name.",
            )
        if not self.runtime.auto_select:
            return Health(
                Level.UNKNOWN,
                "By name only",
                "OME never chooses it by itself: no format has autoSelect.",
            )
        return Health(Level.GOOD, "Available", "OME may choose it for models it fits.")


class Runtimes:
    """Answers about runtimes from the watch cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._parsed = Memo(cache, kinds.RUNTIME_KINDS, self._runtimes)
        self._memo = Memo(
            cache, (*kinds.RUNTIME_KINDS, kinds.INFERENCE_SERVICE, kinds.POD), self._views
        )

    def all(self) -> Listing[RuntimeView]:
        """Every runtime, namespaced and cluster-wide, by name."""
        return Listing(self._memo.value(), tuple(map(self._cache.snapshot, kinds.RUNTIME_KINDS)))

    @property
    def partial(self) -> bool:
        """Some runtimes cannot be seen, so OME may know of more than this console."""
        return any(hidden(self._cache.snapshot(kind)) for kind in kinds.RUNTIME_KINDS)

    def get(self, key: Key) -> RuntimeView | None:
        """The runtime of that identity; a key without a namespace means a cluster-wide one."""
        return next((view for view in self._memo.value() if view.key == key), None)

    def ref(self, namespace: str, name: str) -> Ref | None:
        """What OME finds by that name from that namespace; its own come before the cluster's."""
        own, shared = Key(namespace, name), Key("", name)
        if own in self._cache.snapshot(kinds.SERVING_RUNTIME).objects:
            return Ref(kinds.SERVING_RUNTIME, own)
        known = shared in self._cache.snapshot(kinds.CLUSTER_SERVING_RUNTIME).objects
        return Ref(kinds.CLUSTER_SERVING_RUNTIME, shared) if known else None

    def manifests(self) -> tuple[Runtime, ...]:
        """The runtimes alone, for matching."""
        return self._parsed.value()

    def _views(self) -> tuple[RuntimeView, ...]:
        users = self._users()
        return tuple(RuntimeView(runtime, users[runtime.key]) for runtime in self._parsed.value())

    def _runtimes(self) -> tuple[Runtime, ...]:
        found = [
            Runtime(raw, kind)
            for kind in kinds.RUNTIME_KINDS
            for raw in self._cache.snapshot(kind).objects.values()
        ]
        return tuple(sorted(found, key=lambda each: (each.key.name, each.key.namespace)))

    def _users(self) -> Counter[Key]:
        """Services per runtime: what their pods say, else what they ask for by name."""
        own = self._cache.snapshot(kinds.SERVING_RUNTIME).objects
        used = {
            pod.service: pod.runtime
            for pod in map(Pod, self._cache.snapshot(kinds.POD).objects.values())
            if pod.runtime
        }
        counted: Counter[Key] = Counter()
        for raw in self._cache.snapshot(kinds.INFERENCE_SERVICE).objects.values():
            service = InferenceService(raw)
            near = Key(service.key.namespace, used.get(service.key) or service.runtime_name)
            counted[near if near in own else Key("", near.name)] += 1
        return counted
