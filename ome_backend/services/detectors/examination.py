"""Running detectors over a cluster, and what comes of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ome_backend.resources.kind import Kind
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, urgency

Find = Callable[[Cluster, datetime], Iterable[DoctorFinding]]


@dataclass(frozen=True, slots=True)
class Detector:
    """`looks_for` ends the sentence "It looks for ...". It finds nothing unless it sees all it `needs`.

    `timed` says that time alone can change what it finds.
    """

    name: str
    looks_for: str
    needs: tuple[Kind, ...]
    find: Find
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A detector that could not look, and why: what it would have found is not known."""

    detector: Detector
    why: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What the detectors found, the worst first, and what they could not look at."""

    findings: tuple[DoctorFinding, ...]
    unavailable: tuple[Unavailable, ...]


Look = tuple[DoctorFinding, ...] | Unavailable


def look(detector: Detector, cluster: Cluster, now: datetime) -> Look:
    """What one detector finds, or why it cannot tell."""
    why = dict.fromkeys(cluster.unseen[kind] for kind in detector.needs if kind in cluster.unseen)
    if why:
        return Unavailable(detector, " ".join(why))
    return tuple(detector.find(cluster, now))


def gathered(looks: Iterable[Look]) -> Examination:
    """The results of several detectors as one."""
    results = list(looks)
    findings = (found for each in results if isinstance(each, tuple) for found in each)
    return Examination(
        tuple(sorted(findings, key=urgency)),
        tuple(each for each in results if isinstance(each, Unavailable)),
    )
