"""What the Hub says of repositories that models were installed from: few questions at a time, and an end."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ome_backend.errors import (
    HubError,
    HubOffline,
    HubRateLimited,
    HubRevisionNotFound,
    HubTimedOut,
    HubUnreachable,
)
from ome_backend.hub.answers import Repository
from ome_backend.hub.hub import Hub
from ome_backend.services.candidate import Source

AT_ONCE, SECONDS = 4, 30.0
MOST_COMMITS = 4  # different commits of one repository whose licence is read


@dataclass(frozen=True, slots=True)
class Told:
    """What the Hub said of a source `at` that moment: the repository without its files, or a failure.

    `licences` are what its card names, by commit, where it could be read; `gone` are the installed
    commits that it does not have any more.
    """

    at: datetime
    repository: Repository | None = None
    failure: HubError | None = None
    licences: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answers:
    """What was told by source; `stopped` is why the Hub was asked no further, where it was not."""

    told: Mapping[Source, Told]
    stopped: HubError | None = None


def ask(hub: Hub, wanted: Mapping[Source, frozenset[str]], seconds: float = SECONDS) -> Answers:
    """Ask about sources and the commits of them that are installed, AT_ONCE at a time.

    Ends after `seconds`, and with the first answer that would be the same for all others: offline,
    unreachable, or too many requests. What was not told by then is not in the answers.
    """
    asked = _Round(hub, time.monotonic() + seconds)
    pool = ThreadPoolExecutor(AT_ONCE, "upstream")
    jobs = [pool.submit(asked.ask, source, commits) for source, commits in wanted.items()]
    late = wait(jobs, seconds).not_done
    asked.over.set()
    pool.shutdown(wait=False, cancel_futures=True)
    told = dict(asked.told)
    if asked.stopped is None and (late or len(told) < len(wanted)):
        return Answers(told, _too_long(seconds, len(wanted) - len(told)))
    return Answers(told, asked.stopped)


class _Round:
    """Shared by the workers of one round of questions."""

    def __init__(self, hub: Hub, deadline: float) -> None:
        self._hub = hub
        self._deadline = deadline
        self.over = threading.Event()
        self.told: dict[Source, Told] = {}
        self.stopped: HubError | None = None

    def ask(self, source: Source, commits: frozenset[str]) -> None:
        if self.over.is_set() or time.monotonic() > self._deadline:
            return
        try:
            told = _told(self._hub, source, commits)
        except HubError as failure:
            if not _ends_all(failure):
                self.told[source] = Told(_now(), failure=failure)
            elif not self.over.is_set():
                self.stopped = failure
                self.over.set()
            return
        if not self.over.is_set() or self.stopped is not None:
            self.told[source] = told


def _told(hub: Hub, source: Source, commits: frozenset[str]) -> Told:
    """Raises HubError where the repository cannot be read, or the Hub answers no more."""
    found = hub.repository(source.repo, source.revision)
    licences: dict[str, str] = {}
    gone: set[str] = set()
    behind = sorted(commits - {found.sha})[:MOST_COMMITS]
    for commit in (found.sha, *behind) if behind else ():
        try:
            licences[commit] = hub.licence(found.id, commit)
        except HubRevisionNotFound:
            gone.add(commit)
        except HubError as failure:
            if _ends_all(failure):
                raise
    bare = replace(found, files=(), unsafe_files=(), config={})
    return Told(_now(), bare, licences=licences, gone=frozenset(gone))


def _ends_all(failure: HubError) -> bool:
    """A time limit concerns one repository; a Hub out of reach, or out of patience, all of them."""
    if isinstance(failure, HubTimedOut):
        return False
    return isinstance(failure, HubOffline | HubUnreachable | HubRateLimited)


def _too_long(seconds: float, left: int) -> HubError:
    models = "1 repository was" if left == 1 else f"{left} repositories were"
    return HubTimedOut(
        f"The Hub took longer than {seconds:g} seconds; {models} not asked about.",
        hint="Ask again: what was answered is kept.",
    )


def _now() -> datetime:
    return datetime.now(UTC)
