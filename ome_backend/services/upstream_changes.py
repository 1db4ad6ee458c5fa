"""What became of a model's repository on the Hub since it was installed, in sentences. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ome_backend.downloads.words import nodes
from ome_backend.errors import HubDisabled, HubError, HubGated, HubNotFound, HubRevisionNotFound
from ome_backend.hub.answers import Repository
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.health import Health, Level
from ome_backend.resources.manifest import text
from ome_backend.resources.model import Model
from ome_backend.services.candidate import Source
from ome_backend.services.upstream_asking import Told

What = Literal[
    "gone", "closed", "gated", "moved", "licence", "rewritten", "newer", "hidden", "unreadable"
]
SHORT: Final = 8  # letters of a commit that are shown
_COMMIT_LENGTH: Final = 40
_WORDS: Final[Mapping[What, tuple[Level, str]]] = {
    "gone": (Level.BROKEN, "Gone"),
    "closed": (Level.BROKEN, "Closed"),
    "gated": (Level.BROKEN, "Gated since"),
    "moved": (Level.WAITING, "Moved"),
    "licence": (Level.WAITING, "Licence"),
    "rewritten": (Level.WAITING, "Rewritten"),
    "newer": (Level.WAITING, "Newer"),
    "hidden": (Level.UNKNOWN, "Not visible"),
    "unreadable": (Level.UNKNOWN, "Not known"),
}
_KEPT: Final = (
    "Nodes that have the files keep them, but whatever makes OME fetch the model again fails, a restart "
    "of a model agent included."
)
_URI: Final = (
    "Changing storageUri alone makes OME fetch nothing: a node takes it up with its next download."
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A model of the Hub as it is here. `commits` are what the agents of nodes that are ready report."""

    model: Model
    source: Source
    commits: Mapping[str, str]

    @property
    def known(self) -> tuple[str, ...]:
        """The different commits that are told, the most frequent first."""
        told = [each for each in self.commits.values() if each]
        return tuple(sorted(set(told), key=lambda commit: (-told.count(commit), commit)))

    @property
    def with_token(self) -> bool:
        """Whether it names a token for its download."""
        storage = ("spec", "storage")
        written = text(self.model.raw, *storage, "parameters", "token")
        return bool(text(self.model.raw, *storage, "key") or written)

    @property
    def pinned(self) -> bool:
        """Whether it names a commit, which nothing can follow."""
        revision = self.source.revision
        return len(revision) == _COMMIT_LENGTH and all(
            each in "0123456789abcdef" for each in revision
        )

    def having(self, commit: str) -> tuple[str, ...]:
        return tuple(sorted(node for node, held in self.commits.items() if held == commit))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than when the model was installed, and what it means."""

    what: What
    sentence: str
    meaning: str
    evidence: Evidence = Evidence.OBSERVED


def changes(installed: Installed, told: Told) -> tuple[Change, ...]:
    """The changes, the gravest first."""
    found = (
        [_failed(installed, told.failure)]
        if told.failure is not None
        else _differences(installed, told)
    )
    order = list(_WORDS)
    return tuple(sorted(found, key=lambda each: order.index(each.what)))


def standing(installed: Installed, told: Told | None) -> Health:
    """The model against the Hub in one word."""
    if told is None:
        return Health(Level.OFF, "Not asked", "The Hub was not asked about it.")
    found = changes(installed, told)
    if found:
        level, word = _WORDS[found[0].what]
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        return Health(level, word, found[0].sentence + more)
    if not installed.commits:
        return Health(Level.OFF, "On no node", "No node has it yet: there is nothing to compare.")
    if not installed.known:
        sentence = (
            "No agent tells the commit that was installed, so whether it is the Hub's is not known."
        )
        return Health(Level.UNKNOWN, "Not known", sentence)
    if installed.pinned:
        return Health(Level.GOOD, "Pinned", "It is pinned to a commit, which does not change.")
    sentence = f"What is installed is what the Hub has at {installed.source.revision}."
    return Health(Level.GOOD, "Current", sentence)


def _differences(installed: Installed, told: Told) -> list[Change]:
    repository = told.repository
    assert repository is not None
    found = [_moved(repository, installed.source.repo), _gated(installed, repository)]
    for commit in installed.known:
        if commit != repository.sha:
            found.append(_behind(installed, told, repository, commit))
            found.append(_licence(told, repository, commit))
    return [each for each in found if each is not None]


def _failed(installed: Installed, failure: HubError) -> Change:
    """A revision that is gone is a kind of not found, so it is told first."""
    source = installed.source
    if isinstance(failure, HubRevisionNotFound):
        said = f"{source.repo} is on the Hub, but its revision {source.revision} is not any more."
        return Change("gone", said, f"{_KEPT} Name a revision that is there. {_URI}")
    if isinstance(failure, HubNotFound):
        if installed.with_token:
            return _not_visible(source.repo)
        said = f"{source.repo} is not on the Hub any more, or it is private: the Hub says the same of both."
        return Change("gone", said, f"{_KEPT} Keep the files before anything restarts.")
    if isinstance(failure, HubDisabled):
        return Change("closed", f"The Hub has closed {source.repo}.", _KEPT)
    if isinstance(failure, HubGated) and not installed.with_token:
        return _closed_since(source.repo)
    said = f"{failure.message} {failure.reason}".strip()
    return Change("unreadable", said, failure.hint)


def _not_visible(repo: str) -> Change:
    """What has a token may well be private, and no trouble at all."""
    said = f"{repo} is private, or gone: the console asks without the model's token and does not see it."
    meaning = "Look on the Hub, signed in as somebody who may see it, whether it is still there."
    return Change("hidden", said, meaning)


def _moved(repository: Repository, asked: str) -> Change | None:
    if repository.moved_to.lower() in ("", asked.lower()):
        return None
    said = f"The repository is {repository.moved_to} now; the Hub leads there from the old name."
    meaning = (
        "Downloads go on for as long as it does: somebody else may take the old name. Put "
        f"hf://{repository.moved_to} into storageUri when it suits. {_URI}"
    )
    return Change("moved", said, meaning)


def _gated(installed: Installed, repository: Repository) -> Change | None:
    if not repository.gated or installed.with_token or not installed.commits:
        return None
    return _closed_since(repository.id)


def _closed_since(repo: str) -> Change:
    said = (
        f"{repo} is gated now. The model came to nodes without a token of its own, so presumably it was "
        "open then."
    )
    meaning = (
        f"{_KEPT} Accept its terms on the Hub and name a Secret with a token in storage.key first."
    )
    return Change("gated", said, meaning, Evidence.COMPUTED)


def _behind(installed: Installed, told: Told, repository: Repository, commit: str) -> Change:
    where = _named(installed.having(commit))
    here = f"{where} {'has' if len(installed.having(commit)) == 1 else 'have'} {commit[:SHORT]}"
    if commit in told.gone:
        said = f"{here}, which the Hub does not have any more: its history was rewritten."
        return Change("rewritten", said, "What is installed cannot be fetched again as it is.")
    when = f" (changed {repository.modified:%Y-%m-%d})" if repository.modified else ""
    revision = installed.source.revision
    said = f"{here}; the Hub has {repository.sha[:SHORT]} at {revision}{when}."
    meaning = (
        "OME never updates a model by itself. Fetching it again brings what the Hub has then; to stay with "
        f"this one wherever it is fetched, name it in storageUri: {Source(repository.id, commit).uri}."
    )
    return Change("newer", said, meaning)


def _licence(told: Told, repository: Repository, commit: str) -> Change | None:
    """Only where both were read."""
    before, now = told.licences.get(commit), told.licences.get(repository.sha)
    if before is None or now is None or before == now:
        return None
    said = (
        f"Its licence was {before or 'not named'} at {commit[:SHORT]}; the Hub names "
        f"{now or 'none'} now."
    )
    meaning = "Whether the new terms hold for what is installed is for people to judge, not for a console."
    return Change("licence", said, meaning)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else nodes(len(names))
