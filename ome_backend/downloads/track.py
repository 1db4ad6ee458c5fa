"""What was seen of one model's way to one node, report by report, as long as the console runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ome_backend.downloads.pace import Sample
from ome_backend.resources.download import Download

MOST_SAMPLES = 120  # an hour of reports every 30 seconds; the older half is thinned beyond that

ARRIVING = "Updating"
_EARLY, _LATE = "scanning", ("downloading", "finalizing")


@dataclass(frozen=True, slots=True)
class Track:
    """One entry's history. Times are the console's, but those that samples say an agent said.

    `samples` are of the present attempt, or of the last one. `changed_at` is when the last report
    came that differed, `advanced_at` when more had arrived, or another state or phase. `attempts`
    counts the beginnings that were seen. `live` once a report came while the console watched.
    """

    download: Download
    samples: tuple[Sample, ...]
    first_at: datetime
    changed_at: datetime
    advanced_at: datetime
    attempts: int = 1
    live: bool = False

    @property
    def average(self) -> float | None:
        """Bytes a second over the whole attempt, as far as it was seen; None where it was not."""
        if len(self.samples) < 2:
            return None
        first, last = self.samples[0], self.samples[-1]
        seconds = (last.at - first.at).total_seconds()
        gained = last.completed_bytes - first.completed_bytes
        return gained / seconds if seconds >= 1 and gained > 0 else None


def begun(download: Download, at: datetime) -> Track:
    """The first that is seen of an entry."""
    return Track(download, _sampled((), download, at), at, at, at)


def followed(track: Track, download: Download, at: datetime) -> Track:
    """The track with one more report; the same track where the report is no other.

    An agent that restarts reports fewer bytes than before, or scans again: a new attempt begins, and
    nothing of the last one counts.
    """
    before = track.download
    if download == before:
        return track
    at = max(at, track.changed_at)  # a clock that is set back lets nothing come before what was
    if _restarted(before, download):
        fresh = begun(download, at)
        return replace(fresh, first_at=track.first_at, attempts=track.attempts + 1, live=True)
    return replace(
        track,
        download=download,
        samples=_sampled(track.samples, download, at),
        changed_at=at,
        advanced_at=at if _advanced(before, download) else track.advanced_at,
        live=True,
    )


def _restarted(before: Download, now: Download) -> bool:
    if now.state != ARRIVING:
        return False
    if before.state != ARRIVING:
        return True
    scans_again = now.phase == _EARLY and before.phase in _LATE
    return scans_again or (bool(now.phase) and now.completed_bytes < before.completed_bytes)


def _advanced(before: Download, now: Download) -> bool:
    if (now.state, now.phase) != (before.state, before.phase):
        return True
    return (
        now.completed_bytes > before.completed_bytes
        or now.completed_files > before.completed_files
        or now.total_bytes != before.total_bytes
    )


def _sampled(samples: Sequence[Sample], download: Download, at: datetime) -> tuple[Sample, ...]:
    """With the report as a sample, where it has progress to tell; never more than MOST_SAMPLES."""
    if download.state != ARRIVING or not download.phase:
        return tuple(samples)
    new = Sample(
        max(at, samples[-1].at) if samples else at,
        download.updated_at,
        download.total_bytes,
        download.completed_bytes,
        download.bytes_per_second,
    )
    if len(samples) < MOST_SAMPLES:
        return (*samples, new)
    half = MOST_SAMPLES // 2
    return (*samples[:half:2], *samples[half:], new)
