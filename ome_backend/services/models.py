"""The models of a cluster: where they are ready, what serves them, who uses them."""

from collections import Counter
from dataclasses import dataclass

from ome_backend.downloads.board import ModelRow
from ome_backend.kube.cache import Cache
from ome_backend.matching.selection import match
from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources import kinds
from ome_backend.resources.download import Download
from ome_backend.resources.health import Health
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.downloads import Downloads
from ome_backend.services.listing import Listing, Memo
from ome_backend.services.runtimes import Runtimes


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model, how it is on the nodes, the runtimes as OME would rank them, and how many services use it."""

    model: Model
    row: ModelRow
    ranking: Ranking
    used_by: int

    @property
    def key(self) -> Key:
        return self.model.key

    @property
    def eligible(self) -> int:
        """How many runtimes can serve it."""
        return sum(verdict.compatible for verdict in self.ranking.verdicts)

    @property
    def health(self) -> Health:
        return self.row.health

    @property
    def downloads(self) -> tuple[Download, ...]:
        """What the agents say of it, by node."""
        return tuple(each.download for each in self.row.cells if each.download is not None)


class Models:
    """Answers about models from the watch cache."""

    def __init__(self, cache: Cache, runtimes: Runtimes, downloads: Downloads) -> None:
        self._cache = cache
        self._runtimes = runtimes
        self._downloads = downloads
        self._ranked = Memo(cache, (*kinds.MODEL_KINDS, *kinds.RUNTIME_KINDS), self._rankings)
        self._using = Memo(cache, (kinds.INFERENCE_SERVICE, kinds.BASE_MODEL), self._users)
        watched = (
            *kinds.MODEL_KINDS,
            *kinds.RUNTIME_KINDS,
            kinds.CONFIG_MAP,
            kinds.NODE,
            kinds.INFERENCE_SERVICE,
        )
        self._memo = Memo(cache, watched, self._views, era=downloads.era)

    def all(self) -> Listing[ModelView]:
        """Every model, namespaced and cluster-wide, by name."""
        return Listing(self._memo.value(), tuple(map(self._cache.snapshot, kinds.MODEL_KINDS)))

    def get(self, key: Key) -> ModelView | None:
        """The model of that identity; a key without a namespace means a cluster-wide one."""
        return next((view for view in self._memo.value() if view.key == key), None)

    def rank(
        self, model: Model, namespace: str, service: InferenceService | None = None
    ) -> Ranking:
        """Every runtime visible in `namespace` with OME's verdict for this model."""
        return match(model, self._runtimes.manifests(), service, namespace=namespace)

    def runtime_of(
        self, model: Model, namespace: str, service: InferenceService | None
    ) -> Runtime | None:
        """The runtime the service would get: the one it names, else OME's choice; None where there is none."""
        ranking = self.rank(model, namespace, service)
        named = service.runtime_name if service is not None else ""
        if not named:
            return ranking.selected.runtime if ranking.selected is not None else None
        found = (each.runtime for each in ranking.verdicts if each.runtime.key.name == named)
        return next(found, None)

    def served_by(self, runtime: Runtime) -> tuple[tuple[Model, Verdict], ...]:
        """The installed models this runtime can serve, with its verdict among all runtimes for each."""
        home = runtime.key.namespace
        return tuple(
            (view.model, verdict)
            for view in self._memo.value()
            if not (home and view.key.namespace and view.key.namespace != home)
            for verdict in (self.rank(view.model, home) if home else view.ranking).verdicts
            if verdict.compatible and verdict.runtime.ref == runtime.ref
        )

    def _views(self) -> tuple[ModelView, ...]:
        users, rankings = self._using.value(), self._ranked.value()
        return tuple(
            ModelView(
                row.model,
                row,
                rankings[row.model.kind, row.model.key],
                users[row.model.kind, row.model.key],
            )
            for row in self._downloads.board().models
            if (row.model.kind, row.model.key) in rankings
        )

    def _rankings(self) -> dict[tuple[Kind, Key], Ranking]:
        return {
            (model.kind, model.key): self.rank(model, model.key.namespace)
            for model in self._downloads.models()
        }

    def _users(self) -> Counter[tuple[Kind, Key]]:
        """How many services use each model; OME looks in the service's namespace first."""
        own = self._cache.snapshot(kinds.BASE_MODEL).objects
        counted: Counter[tuple[Kind, Key]] = Counter()
        for raw in self._cache.snapshot(kinds.INFERENCE_SERVICE).objects.values():
            service = InferenceService(raw)
            near = Key(service.key.namespace, service.model_name)
            found = (
                (kinds.BASE_MODEL, near)
                if near in own
                else (kinds.CLUSTER_BASE_MODEL, Key("", near.name))
            )
            counted[found] += 1
        return counted
