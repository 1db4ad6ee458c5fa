"""The models of a cluster: where they are ready, what serves them, who uses them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.kube.cache import Cache
from ome_backend.matching.selection import match
from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.download import Download, downloads
from ome_backend.resources.health import Health, Level
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.listing import Listing, Memo
from ome_backend.services.runtimes import Runtimes


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model, its downloads by node, the runtimes as OME would rank them, and how many services use it."""

    model: Model
    downloads: tuple[Download, ...]
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
        return model_health(self.model, self.downloads)


class Models:
    """Answers about models from the watch cache."""

    def __init__(self, cache: Cache, runtimes: Runtimes) -> None:
        self._cache = cache
        self._runtimes = runtimes
        self._parsed = Memo(cache, kinds.MODEL_KINDS, self._models)
        self._ranked = Memo(cache, (*kinds.MODEL_KINDS, *kinds.RUNTIME_KINDS), self._rankings)
        self._arriving = Memo(cache, (kinds.CONFIG_MAP,), self._by_entry)
        self._using = Memo(cache, (kinds.INFERENCE_SERVICE, kinds.BASE_MODEL), self._users)
        watched = (
            *kinds.MODEL_KINDS,
            *kinds.RUNTIME_KINDS,
            kinds.CONFIG_MAP,
            kinds.INFERENCE_SERVICE,
        )
        self._memo = Memo(cache, watched, self._views)

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
        agents, users, rankings = self._arriving.value(), self._using.value(), self._ranked.value()
        return tuple(
            ModelView(
                model,
                tuple(agents.get(config_map_entry(model.key), ())),
                rankings[model.kind, model.key],
                users[model.kind, model.key],
            )
            for model in self._parsed.value()
            if (model.kind, model.key) in rankings
        )

    def _rankings(self) -> dict[tuple[Kind, Key], Ranking]:
        return {
            (model.kind, model.key): self.rank(model, model.key.namespace)
            for model in self._parsed.value()
        }

    def _models(self) -> tuple[Model, ...]:
        found = [
            Model(raw, kind)
            for kind in kinds.MODEL_KINDS
            for raw in self._cache.snapshot(kind).objects.values()
        ]
        return tuple(sorted(found, key=lambda model: (model.key.name, model.key.namespace)))

    def _by_entry(self) -> dict[str, list[Download]]:
        found: dict[str, list[Download]] = defaultdict(list)
        for config_map in self._cache.snapshot(kinds.CONFIG_MAP).objects.values():
            for download in downloads(config_map):
                found[download.entry].append(download)
        return found

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


UNSERVED_SCHEMES = ("s3", "az", "gs", "github", "pvc")


def model_health(model: Model, agents: Iterable[Download]) -> Health:
    """How a model is doing on the nodes; OME itself calls it Ready as soon as one node has it."""
    if model.disabled:
        return Health(Level.OFF, "Disabled", "It is disabled: OME refuses new services of it.")
    said = tuple(agents)
    ready, failed = len(model.nodes_ready), len(model.nodes_failed)
    arriving = [each for each in said if each.state == "Updating"]
    if ready:
        return _ready(ready, failed, len(arriving))
    scheme = model.storage_uri.partition("://")[0]
    if scheme in UNSERVED_SCHEMES:
        return Health(
            Level.BROKEN,
            "Never ready",
            f"No model agent downloads {scheme}:// models, so it cannot become ready.",
        )
    if failed:
        return Health(
            Level.BROKEN,
            "Failed",
            f"Its download failed on {_nodes(failed)}; the agent's log says why.",
        )
    if arriving:
        return Health(Level.WAITING, "Downloading", _arriving(arriving))
    return Health(Level.WAITING, "Pending", "No model agent has reported it yet.")


def _ready(ready: int, failed: int, arriving: int) -> Health:
    total = ready + failed + arriving
    if ready == total:
        return Health(Level.GOOD, "Ready", f"It is ready on {_nodes(ready)}.")
    parts = [f"ready on {ready} of {total} nodes"]
    if failed:
        parts.append(f"failed on {failed}")
    if arriving:
        parts.append(f"arriving on {arriving}")
    level = Level.WAITING if failed or arriving else Level.GOOD
    return Health(level, f"Ready on {ready}/{total}", f"It is {', '.join(parts)}.")


def _arriving(arriving: list[Download]) -> str:
    shares = [each.share for each in arriving if each.share is not None]
    if not shares:
        return f"It is being fetched on {_nodes(len(arriving))}."
    return f"{sum(shares) / len(shares):.0%} has arrived on {_nodes(len(arriving))}."


def _nodes(number: int) -> str:
    return f"{number} node{'' if number == 1 else 's'}"
