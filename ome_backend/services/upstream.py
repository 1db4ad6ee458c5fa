"""Installed models against the Hub: asked when a person asks, remembered for a day, judged at every look."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ome_backend.downloads.board import ModelRow
from ome_backend.errors import HubError, HubRateLimited
from ome_backend.hub.hub import Hub
from ome_backend.resources.health import Health
from ome_backend.resources.kind import Ref
from ome_backend.services.candidate import Source, source_of
from ome_backend.services.downloads import Downloads
from ome_backend.services.upstream_asking import SECONDS, Told, ask
from ome_backend.services.upstream_changes import Change, Installed, changes, standing

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An installed model against what the Hub `told` of its source; None where it was not asked."""

    installed: Installed
    told: Told | None

    @property
    def changes(self) -> tuple[Change, ...]:
        return changes(self.installed, self.told) if self.told is not None else ()

    @property
    def health(self) -> Health:
        return standing(self.installed, self.told)


class Upstream:
    """Answers are the same for everybody: the Hub is asked without a token."""

    def __init__(self, hub: Hub, downloads: Downloads) -> None:
        self._hub = hub
        self._downloads = downloads
        self._told: dict[Source, Told] = {}
        self._patience = 0.0
        self._asking = threading.Lock()

    def all(self) -> tuple[Comparison, ...]:
        """Every model that comes from the Hub, with what is known already. Asks nobody."""
        found = (_installed(row) for row in self._downloads.board().models)
        return tuple(self._compared(each) for each in found if each is not None)

    def get(self, model: Ref) -> Comparison | None:
        """One of them; None for models from elsewhere."""
        row = self._downloads.board().row(model)
        found = _installed(row) if row is not None else None
        return self._compared(found) if found is not None else None

    @property
    def known(self) -> bool:
        """Whether anything was asked lately."""
        return any(self._fresh(told) for told in list(self._told.values()))

    def ask(self, models: Iterable[Ref] = (), seconds: float = SECONDS) -> HubError | None:
        """Ask the Hub about these models, or all; why it was not asked about all of them, if so.

        Nothing is asked before the Hub's time when it asked for patience; of several people who ask at
        the same time one waits for the other.
        """
        with self._asking:
            return self._ask(set(models), seconds)

    def _ask(self, wanted: set[Ref], seconds: float) -> HubError | None:
        here = [each.installed for each in self.all()]
        sources = _commits(each for each in here if not wanted or each.model.ref in wanted)
        left = self._patience - time.monotonic()
        if left > 0:
            return HubRateLimited("The Hub refuses more questions for now.", retry_after=left)
        answers = ask(self._hub, sources, seconds)
        if isinstance(answers.stopped, HubRateLimited):
            self._patience = time.monotonic() + (answers.stopped.retry_after or 0.0)
        self._keep(answers.told.items(), {each.source for each in here})
        return answers.stopped

    def _keep(self, told: Iterable[tuple[Source, Told]], used: set[Source]) -> None:
        held = self._told | dict(told)
        self._told = {source: each for source, each in held.items() if source in used}

    def _compared(self, installed: Installed) -> Comparison:
        told = self._told.get(installed.source)
        return Comparison(installed, told if told is not None and self._fresh(told) else None)

    def _fresh(self, told: Told) -> bool:
        return datetime.now(UTC) - told.at < KEPT


def _installed(row: ModelRow) -> Installed | None:
    source = source_of(row.model)
    if source is None:
        return None
    ready = (each for each in row.cells if each.state == "Ready" and each.download is not None)
    commits = {each.node: each.download.commit for each in ready if each.download is not None}
    return Installed(row.model, source, commits)


def _commits(found: Iterable[Installed]) -> dict[Source, frozenset[str]]:
    """Each source once, with all commits of it that are installed."""
    commits: dict[Source, set[str]] = defaultdict(set)
    for each in found:
        commits[each.source] |= set(each.known)
    return {source: frozenset(held) for source, held in commits.items()}
