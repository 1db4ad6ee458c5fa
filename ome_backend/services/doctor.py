"""Doctor: what is silently wrong on the cluster, worked out anew only where something changed."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from ome_backend.kube.cache import Cache
from ome_backend.resources import kinds
from ome_backend.resources.download import Download
from ome_backend.resources.kind import Kind, Ref
from ome_backend.services.detectors.cluster import LOOKED_AT, Cluster, reported
from ome_backend.services.detectors.examination import Detector, Examination, Look, gathered, look
from ome_backend.services.detectors.finding import DoctorFinding
from ome_backend.services.detectors.registry import DETECTORS
from ome_backend.services.listing import Memo, hidden

# What the watch cache does not follow is never known: nothing on a page causes a request.
WATCHED = tuple(kind for kind in LOOKED_AT if kind != kinds.CUSTOM_RESOURCE_DEFINITION)
_UNWATCHED = {
    kinds.CUSTOM_RESOURCE_DEFINITION: "this console does not watch customresourcedefinitions."
}
LOOK_AGAIN = 30  # seconds after which a download may have fallen silent


class Doctor:
    """Answers from the watch cache."""

    def __init__(
        self,
        cache: Cache,
        ome_namespace: str = "ome",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cache = cache
        self._ome_namespace = ome_namespace
        self._now = now
        self._arriving = Memo(cache, (kinds.CONFIG_MAP,), self._downloads)
        self._cluster = Memo(cache, WATCHED, self._seen)
        self._looks = tuple(map(self._memo, DETECTORS.values()))
        self._examined = Memo(cache, WATCHED, self._examination, era=self._era)
        self._concerned = Memo(cache, WATCHED, self._by_object, era=self._era)
        self._counted: tuple[int, int] | None = None

    def examination(self) -> Examination:
        """Everything found, the worst first, and what could not be looked at."""
        return self._examined.value()

    def findings(self) -> tuple[DoctorFinding, ...]:
        """Everything found, the worst first."""
        return self.examination().findings

    def count(self) -> int:
        """How many findings there are, up to LOOK_AGAIN seconds old: Overview redraws with every change."""
        held, era = self._counted, self._era()
        if held is None or held[0] != era:
            held = (era, len(self.findings()))
            self._counted = held if self._cache.wait_synced(timeout=0) else None
        return held[1]

    def about(self, ref: Ref) -> tuple[DoctorFinding, ...]:
        """What concerns one object, the worst first."""
        return self._concerned.value().get(ref, ())

    def _memo(self, detector: Detector) -> Memo[Look]:
        watched = [kind for kind in detector.needs if kind in WATCHED]
        era = self._era if detector.timed else lambda: 0
        return Memo(self._cache, watched, partial(self._look, detector), era)

    def _look(self, detector: Detector) -> Look:
        return look(detector, self._cluster.value(), self._now())

    def _examination(self) -> Examination:
        return gathered(each.value() for each in self._looks)

    def _by_object(self) -> Mapping[Ref, tuple[DoctorFinding, ...]]:
        found: dict[Ref, list[DoctorFinding]] = defaultdict(list)
        for finding in self.findings():
            for ref in finding.concerns:
                found[ref].append(finding)
        return {ref: tuple(findings) for ref, findings in found.items()}

    def _seen(self) -> Cluster:
        snapshots = {kind: self._cache.snapshot(kind) for kind in WATCHED}
        unseen: dict[Kind, str] = {
            kind: sentence for kind, seen in snapshots.items() if (sentence := hidden(seen))
        }
        objects = {kind: seen.objects.values() for kind, seen in snapshots.items()}
        return Cluster.seen(
            objects, unseen | _UNWATCHED, self._arriving.value(), self._ome_namespace
        )

    def _downloads(self) -> tuple[Download, ...]:
        return tuple(reported(self._cache.snapshot(kinds.CONFIG_MAP).objects.values()))

    def _era(self) -> int:
        return int(self._now().timestamp()) // LOOK_AGAIN
