"""How fast a download runs, and when it will be done, from its successive reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=3)  # six reports of an agent: long enough to be steady, short to follow
SHORTEST = 1.0  # seconds between two reports from which a pace can be told
SKEW = 90.0  # seconds by which two clocks may disagree on a span before the console's own is taken
FASTEST = 1e12  # bytes a second; no node has such a network
LONGEST = timedelta(days=7)  # an estimate beyond it says nothing


@dataclass(frozen=True, slots=True)
class Sample:
    """One report. `at` is when it reached the console, `said_at` what the agent's clock said."""

    at: datetime
    said_at: datetime | None
    total_bytes: int
    completed_bytes: int
    bytes_per_second: float


def pace(samples: Sequence[Sample]) -> float | None:
    """Bytes a second over the last reports; 0 where nothing came, None where it is not known.

    One report alone is believed what it says of its own speed.
    """
    recent = _recent(samples)
    if not recent:
        return None
    first, last = recent[0], recent[-1]
    span = _seconds(first, last)
    if span < SHORTEST:
        return last.bytes_per_second if 0 < last.bytes_per_second <= FASTEST else None
    measured = max(0, last.completed_bytes - first.completed_bytes) / span
    return measured if measured <= FASTEST else None


def remaining(samples: Sequence[Sample], rate: float | None, now: datetime) -> timedelta | None:
    """How long until the last byte is there: never negative, at most LONGEST, None where not known."""
    if not samples or not rate or rate < 0 or _moving(samples):
        return None
    last = samples[-1]
    left = last.total_bytes - last.completed_bytes
    if last.total_bytes <= 0 or left <= 0 or left / rate > LONGEST.total_seconds():
        return None
    passed = max(timedelta(), now - last.at)
    return max(timedelta(), timedelta(seconds=left / rate) - passed)


def _moving(samples: Sequence[Sample]) -> bool:
    """The total still grows: what is left of it is not known yet."""
    return len(samples) > 1 and samples[-1].total_bytes != samples[-2].total_bytes


def _recent(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Those of the window before the last, and at least the last two."""
    if not samples:
        return samples
    since = samples[-1].at - WINDOW
    start = len(samples) - 1
    while start > 0 and (samples[start - 1].at >= since or start == len(samples) - 1):
        start -= 1
    return samples[start:]


def _seconds(first: Sample, last: Sample) -> float:
    """The time between two reports: by the agent's clock, which wrote both, unless that is absurd."""
    own = (last.at - first.at).total_seconds()
    if first.said_at is None or last.said_at is None:
        return own
    told = (last.said_at - first.said_at).total_seconds()
    return told if told > 0 and abs(told - own) <= SKEW else own
