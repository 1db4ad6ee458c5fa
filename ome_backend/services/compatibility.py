"""Models against runtimes: who serves whom, who nearly does, and what would change that."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from ome_backend.facts import storage_uri
from ome_backend.kube.cache import Cache
from ome_backend.matching import formats, size
from ome_backend.matching.remedies import Remedy, remedies
from ome_backend.matching.selection import visible
from ome_backend.matching.verdict import Verdict
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.models import Models
from ome_backend.services.runtimes import Runtimes

REMEMBERED = 32
MOST_NEAR = 8


@dataclass(frozen=True)
class Matrix:
    """The models and runtimes that a namespace sees, and OME's verdict on each pair of them."""

    models: tuple[Model, ...]
    runtimes: tuple[Runtime, ...]
    verdicts: Mapping[tuple[Key, Key], Verdict]

    def verdict(self, model: Key, runtime: Key) -> Verdict | None:
        return self.verdicts.get((model, runtime))

    def unknown(self, model: Key, runtime: Key) -> bool:
        """Whether the pair is refused only for now: OME has not read yet what the model is."""
        verdict, found = self.verdict(model, runtime), self.model(model)
        return (
            verdict is not None and not verdict.compatible and found is not None and unread(found)
        )

    def model(self, key: Key) -> Model | None:
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> Mapping[Key, Model]:
        return {each.key: each for each in self.models}


@dataclass(frozen=True, slots=True)
class Near:
    """A model that a runtime does not serve, though little is missing, and what would change that."""

    model: Model
    verdict: Verdict
    differences: int
    remedies: tuple[Remedy, ...]


class Compatibility:
    """Answers about pairs from the watch cache."""

    def __init__(self, cache: Cache, models: Models, runtimes: Runtimes) -> None:
        self._cache = cache
        self._models = models
        self._runtimes = runtimes
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._matrix)

    def matrix(self, namespace: str) -> Matrix:
        """Every pair that a service in `namespace` may bring together; the cluster's own when empty."""
        watched = (*kinds.MODEL_KINDS, *kinds.RUNTIME_KINDS)
        return self._remembered(
            namespace, tuple(self._cache.snapshot(kind).version for kind in watched)
        )

    def remedies(
        self, model: Model, runtime: Runtime, service: InferenceService | None = None
    ) -> tuple[Remedy, ...]:
        """What would make OME use the runtime for the model, the safest first."""
        return remedies(model, runtime, service)

    def nearly_served(self, runtime: Runtime) -> tuple[Near, ...]:
        """The installed models that the runtime serves but for little, the nearest first.

        Only such as a remedy is known for; at most `MOST_NEAR`.
        """
        found = self.matrix(runtime.key.namespace)
        pairs = ((each, found.verdict(each.key, runtime.key)) for each in found.models)
        refused = [
            (nearness(model, runtime), model, verdict)
            for model, verdict in pairs
            if verdict is not None and not verdict.compatible
        ]
        refused.sort(key=lambda each: (each[0], each[1].key.name))
        near = (
            Near(model, verdict, how.differences, remedies(model, runtime))
            for how, model, verdict in refused
            if how.near
        )
        return tuple(islice((each for each in near if each.remedies), MOST_NEAR))

    def _matrix(self, namespace: str, _: tuple[int, ...]) -> Matrix:
        """A version is part of the question, so that an answer holds as long as the cluster is the same."""
        seen = [view for view in self._models.all() if view.key.namespace in ("", namespace)]
        runtimes = tuple(visible(self._runtimes.manifests(), namespace))
        own = any(not each.cluster_scoped for each in runtimes)
        verdicts = {
            (view.key, verdict.runtime.key): verdict
            for view in seen
            for verdict in (
                self._models.rank(view.model, namespace) if own else view.ranking
            ).verdicts
        }
        return Matrix(tuple(view.model for view in seen), runtimes, verdicts)


def unread(model: Model) -> bool:
    """Its format is declared nowhere, and no node has its files yet, from which OME will read it."""
    declared = bool(model.format_name or model.nodes_ready)
    return not declared and storage_uri.downloadable(model.storage_uri).ready


class Nearness(NamedTuple):
    """How far a runtime is from serving a model; less is nearer.

    Another architecture weighs more than any number of other differences.
    """

    other_architecture: bool
    differences: int

    @property
    def near(self) -> bool:
        return self.differences <= 1 or not self.other_architecture


def nearness(model: Model, runtime: Runtime) -> Nearness:
    """The differences of its closest format, and of its size; being disabled counts as one."""
    found = [formats.mismatches(model.traits, each.traits) for each in runtime.formats]
    closest = min(found, key=len, default=(formats.UNKNOWN,))
    beside = (runtime.disabled, size.problem(model, runtime) is not None)
    same = any(each.traits.architecture == model.traits.architecture for each in runtime.formats)
    return Nearness(not same, len(closest) + sum(beside))
