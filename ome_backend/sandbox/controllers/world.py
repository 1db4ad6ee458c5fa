"""What the controllers see and how they write: a copy of the store kept fresh by its own changes, and the time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ome_backend.errors import AlreadyExists
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs

_START = datetime(1970, 1, 1, tzinfo=UTC)


class World:
    """The cluster as of `now`. What `get` and `list` return is shared and must not be changed.

    `speed` is how much faster than the clock simulated time runs: durations are divided by it.
    """

    def __init__(self, objects: Objects, logs: PodLogs, speed: float) -> None:
        self._objects = objects
        self._seen: dict[Kind, dict[Key, Manifest]] = defaultdict(dict)
        self.logs = logs
        self.speed = speed
        self.now = _START
        self.versions: Counter[Kind] = Counter()
        self.leave = objects.subscribe(self._changed)
        for kind in kinds.BY_NAME.values():
            for manifest in objects.list(kind):
                self._changed("ADDED", kind, manifest)

    def _changed(self, change: str, kind: Kind, manifest: Manifest) -> None:
        if change == "DELETED":
            self._seen[kind].pop(key_of(manifest), None)
        else:
            self._seen[kind][key_of(manifest)] = manifest
        self.versions[kind] += 1

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        """The object, or None."""
        return self._seen[kind].get(key)

    def list(
        self, kind: Kind, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]:
        """The objects of a kind, ordered by name."""
        wanted = (labels or {}).items()
        found = sorted(self._seen[kind].copy().items(), key=lambda item: item[0])
        return [
            manifest
            for key, manifest in found
            if namespace in (None, key.namespace)
            and (not wanted or wanted <= mapping(manifest, "metadata", "labels").items())
        ]

    def create(self, kind: Kind, manifest: Manifest) -> None:
        """Creates an object as of `now`; one that is there already stays as it is."""
        metadata = {"creationTimestamp": self.stamp()} | mapping(manifest, "metadata")
        try:
            self._objects.create(kind, manifest | {"metadata": metadata})
        except AlreadyExists:
            return

    def change(
        self, kind: Kind, key: Key, edit: Callable[[Manifest], None], *, status: bool = False
    ) -> None:
        """Edits an object if it still exists; an edit that changes nothing writes nothing."""
        self._objects.change(kind, key, edit, status=status)

    def remove(self, kind: Kind, key: Key) -> None:
        """Deletes an object; gone already is fine."""
        self._objects.remove(kind, key)

    def set_status(self, kind: Kind, manifest: Manifest, status: Manifest) -> None:
        """Replaces the status of an object when it differs."""
        if mapping(manifest, "status") != status:
            self.change(kind, key_of(manifest), lambda raw: raw.update(status=status), status=True)

    def stamp(self, moment: datetime | None = None) -> str:
        """A moment (default: now) as Kubernetes writes it; finer when simulated time runs faster."""
        precision = "seconds" if self.speed <= 1 else "milliseconds"
        written = (moment or self.now).astimezone(UTC).isoformat(timespec=precision)
        return written.replace("+00:00", "Z")

    def after(self, since: datetime, seconds: float) -> datetime:
        """The moment that many simulated seconds after `since`."""
        return since + timedelta(seconds=seconds / self.speed)

    def elapsed(self, since: datetime, until: datetime | None = None) -> float:
        """Simulated seconds from `since` until a moment (default: now)."""
        return ((until or self.now) - since).total_seconds() * self.speed

    def moment(self, raw: Mapping[str, object], *path: str) -> datetime:
        """The timestamp at `path`; now where there is none."""
        written = text(raw, *path)
        return datetime.fromisoformat(written) if written else self.now
