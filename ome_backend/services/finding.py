"""One link of the chain from what was asked for to what runs."""

from dataclasses import dataclass

from ome_backend.resources.health import Level


@dataclass(frozen=True, slots=True)
class Finding:
    """One link of the chain. `where` names the link, `fix` says what to do, empty where nothing is needed."""

    where: str
    level: Level
    word: str
    sentence: str
    evidence: str = ""
    fix: str = ""
