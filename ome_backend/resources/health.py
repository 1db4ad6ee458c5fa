"""How an object is doing, in one word a person can act on and one sentence that says why."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Worst first, as lists of problems are sorted."""

    BROKEN = "broken"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    OFF = "off"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Health:
    """`word` is short enough for a table cell; `sentence` stands alone."""

    level: Level
    word: str
    sentence: str

    @property
    def troubled(self) -> bool:
        return self.level in (Level.BROKEN, Level.WAITING)


def severity(level: Level) -> int:
    """0 for the worst level; sorts problems before what is well."""
    return list(Level).index(level)
