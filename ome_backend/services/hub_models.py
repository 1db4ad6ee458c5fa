"""Repositories of the Hub against this cluster: installed already, served by a runtime, where they fit."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ome_backend.facts import Failure, ModelFacts
from ome_backend.hub.answers import About
from ome_backend.kube.cache import Cache
from ome_backend.matching.verdict import Ranking
from ome_backend.resources import kinds
from ome_backend.resources.model import Model
from ome_backend.services.candidate import architecture, candidate, extract, source_of
from ome_backend.services.fitting import Fit, fits
from ome_backend.services.hub_checkpoint import Contents, described
from ome_backend.services.listing import Memo
from ome_backend.services.models import Models
from ome_backend.services.overview import Overview
from ome_backend.services.runtimes import Runtimes


@dataclass(frozen=True)
class Standing:
    """A repository as this cluster sees it.

    `facts` is what OME's agent will make of its configuration, None where that is not known;
    `ranking` is OME's judgement of the runtimes then. `likely` counts runtimes for its architecture
    where only that is known.
    """

    about: About
    model: Model
    facts: ModelFacts | Failure | None
    ranking: Ranking | None
    likely: int
    installed: tuple[Model, ...]
    fits: tuple[Fit, ...]

    @property
    def served(self) -> int:
        """How many runtimes can serve it."""
        return sum(each.compatible for each in self.ranking.verdicts) if self.ranking else 0


class HubModels:
    """Answers from the watch cache about what the Hub told."""

    def __init__(
        self, cache: Cache, models: Models, runtimes: Runtimes, overview: Overview
    ) -> None:
        self._models = models
        self._runtimes = runtimes
        self._overview = overview
        self._sources = Memo(cache, kinds.MODEL_KINDS, self._by_repository)

    def installed(self, repo: str) -> tuple[Model, ...]:
        """The models that come from a repository, at whatever revision; letter case does not matter."""
        return self._sources.value().get(repo.lower(), ())

    def standing(self, about: About, contents: Contents, namespace: str = "") -> Standing:
        """What it would be here; a runtime counts where services of `namespace` may use it."""
        facts = described(contents, about.parameters)
        model = candidate(about, facts, namespace)
        known = isinstance(facts, ModelFacts)
        return Standing(
            about=about,
            model=model,
            facts=facts,
            ranking=self._models.rank(model, namespace) if known else None,
            likely=0 if known else self._likely(about),
            installed=self.installed(about.id),
            fits=self._fits(about, contents, model),
        )

    def _fits(self, about: About, contents: Contents, model: Model) -> tuple[Fit, ...]:
        readable = isinstance(described(contents, {}), ModelFacts) and not contents.pipeline
        config = (contents.config or "") if readable else extract(about)
        classes, nodes = self._overview.accelerators(), self._overview.nodes()
        return fits(config, about.parameters, classes, nodes, model.size_text)

    def _likely(self, about: About) -> int:
        """Runtimes with a format for its architecture: quantisation and versions are not known."""
        wanted = architecture(about)
        if not wanted:
            return 0
        return sum(
            any(each.traits.architecture == wanted for each in runtime.formats)
            for runtime in self._runtimes.manifests()
            if not runtime.disabled
        )

    def _by_repository(self) -> Mapping[str, tuple[Model, ...]]:
        found: dict[str, list[Model]] = defaultdict(list)
        for view in self._models.all():
            source = source_of(view.model)
            if source is not None:
                found[source.repo.lower()].append(view.model)
        return {repo: tuple(models) for repo, models in found.items()}
