"""What objects were before, as far as this console has seen it since it started."""

from collections.abc import Callable
from datetime import UTC, datetime

from ome_backend.editing.versions import Version, Versions, another, version
from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Change
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import OME_KINDS
from ome_backend.resources.manifest import Manifest


class History:
    """Follows OME's kinds, never secrets. Changes that came faster than the cache published count as one.

    What an object is now is shared with the cache; memory goes to what it was, within bounds.
    """

    def __init__(
        self,
        cache: Cache,
        versions: Versions | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """To be made before the cache starts."""
        self._cache = cache
        self._versions = versions or Versions()
        self._now = now
        self._seen: dict[Kind, dict[Key, Manifest]] = {kind: {} for kind in OME_KINDS}
        self.since = now()
        cache.subscribe(self._take)

    def of(self, ref: Ref) -> tuple[Version, ...]:
        """Earlier versions of an object, the newest first."""
        return self._versions.of(ref)

    def _take(self, change: Change) -> None:
        """Called by the cache's one publishing thread. A kind that cannot be read says nothing."""
        if change.kind not in self._seen:
            return
        snapshot = self._cache.snapshot(change.kind)
        if snapshot.state != "live":
            return
        seen, objects = self._seen[change.kind], snapshot.objects
        keys = [change.key] if change.key is not None else list({**seen, **objects})
        for key in keys:
            self._compare(Ref(change.kind, key), seen.pop(key, None), objects.get(key))
            if key in objects:
                seen[key] = objects[key]

    def _compare(self, ref: Ref, before: Manifest | None, now: Manifest | None) -> None:
        if before is None or before is now:
            return
        if now is None:
            self._versions.add(ref, version(before, self._now(), gone=True))
        elif another(before, now):
            self._versions.add(ref, version(before, self._now()))
