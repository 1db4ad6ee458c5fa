"""One way to remove one obstacle between a model and a runtime."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from ome_backend.matching.patching import Change


class Danger(IntEnum):
    """How much may go wrong with a fix; the least comes first."""

    RESPELLS = 0  # says the same in words OME reads
    COMPLETES = 1  # declares something of the model that it left open
    ASKS = 2  # changes what one service asks for
    RESTATES = 3  # changes what the model declared
    CLAIMS = 4  # declares an architecture for a model that left it open
    ADDS = 5  # lets the runtime take a little more
    WIDENS = 6  # lets the runtime take much more
    UNPROVEN = 7  # nobody says that the engine can do it


@dataclass(frozen=True, slots=True)
class Fix:
    """`sentence` says what to do, `risk` what it may lead to."""

    changes: tuple[Change, ...]
    sentence: str
    risk: str
    danger: Danger


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(words: str) -> str:
    """`words` with a capital letter and a full stop."""
    return f"{words[:1].upper()}{words[1:]}."
