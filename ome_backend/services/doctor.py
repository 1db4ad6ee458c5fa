"""Doctor: what is silently wrong on the cluster, worked out anew only where something changed."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
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
from ome_backend.services.monitoring import Monitoring

# What the watch cache does not follow is looked up by itself: nothing on a page causes a request.
_LOOKED_UP = (kinds.CUSTOM_RESOURCE_DEFINITION, kinds.POD_MONITOR)
WATCHED = tuple(kind for kind in LOOKED_AT if kind not in _LOOKED_UP)
_UNASKED = Monitoring(unseen=dict.fromkeys(_LOOKED_UP, "this console does not look for it."))
LOOK_AGAIN = 30  # seconds after which a download may have fallen silent


class Doctor:
    """Answers from the watch cache, and for PodMonitors from what `monitors` found last."""

    def __init__(
        self,
        cache: Cache,
        ome_namespace: str = "ome",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monitors: Callable[[], tuple[int, Monitoring]] = lambda: (0, _UNASKED),
    ) -> None:
        self._cache = cache
        self._ome_namespace = ome_namespace
        self._now = now
        self._monitors = monitors
        self._arriving = Memo(cache, (kinds.CONFIG_MAP,), self._downloads)
        self._cluster = Memo(cache, WATCHED, self._seen, era=self._lookup)
        self._looks = tuple(map(self._memo, DETECTORS.values()))
        self._examined = Memo(cache, WATCHED, self._examination, era=self._moment)
        self._concerned = Memo(cache, WATCHED, self._by_object, era=self._moment)
        self._held: tuple[int, tuple[DoctorFinding, ...]] | None = None

    def examination(self) -> Examination:
        """Everything found, the worst first, and what could not be looked at."""
        return self._examined.value()

    def findings(self) -> tuple[DoctorFinding, ...]:
        """Everything found, the worst first."""
        return self.examination().findings

    def count(self) -> int:
        """How many findings there are, up to LOOK_AGAIN seconds old."""
        return len(self.recent())

    def recent(self) -> tuple[DoctorFinding, ...]:
        """The findings, up to LOOK_AGAIN seconds old: Overview redraws with every change."""
        held, era = self._held, self._moment()
        if held is None or held[0] != era:
            held = (era, self.findings())
            self._held = held if self._cache.wait_synced(timeout=0) else None
        return held[1]

    def about(self, ref: Ref) -> tuple[DoctorFinding, ...]:
        """What concerns one object, the worst first."""
        return self._concerned.value().get(ref, ())

    def _memo(self, detector: Detector) -> Memo[Look]:
        watched = [kind for kind in detector.needs if kind in WATCHED]
        looks_up = any(kind in _LOOKED_UP for kind in detector.needs)
        era = self._moment if detector.timed else self._lookup if looks_up else lambda: 0
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
        _, found = self._monitors()
        seen = Cluster.seen(
            objects, {**unseen, **found.unseen}, self._arriving.value(), self._ome_namespace
        )
        return replace(seen, definitions=found.definitions, monitors=found.monitors)

    def _downloads(self) -> tuple[Download, ...]:
        return tuple(reported(self._cache.snapshot(kinds.CONFIG_MAP).objects.values()))

    def _era(self) -> int:
        return int(self._now().timestamp()) // LOOK_AGAIN

    def _lookup(self) -> int:
        return self._monitors()[0]

    def _moment(self) -> int:
        """Both: a number that differs when one of them does."""
        return hash((self._era(), self._lookup()))
