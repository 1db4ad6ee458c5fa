"""The model agents' reports as they come, kept for as long as the console runs."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ome_backend.downloads.track import Track, begun, followed
from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Change
from ome_backend.resources import kinds
from ome_backend.resources.download import downloads
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest

Tracks = Mapping[str, Mapping[str, Track]]


def _now() -> datetime:
    return datetime.now(UTC)


class DownloadHistory:
    """Follows the config maps of the agents. One for all sessions; safe in any thread.

    What it gives is never changed afterwards. A node or model that is no longer reported is forgotten.
    """

    def __init__(self, cache: Cache, clock: Callable[[], datetime] = _now) -> None:
        self._cache = cache
        self._clock = clock
        self._seen: dict[Key, Manifest] = {}
        self._tracks: dict[str, Mapping[str, Track]] = {}
        self._catching_up = threading.Lock()
        cache.subscribe(self._changed)

    def tracks(self) -> Tracks:
        """By node and entry, including whatever the cache has by now."""
        self._catch_up(None)
        return self._tracks

    def _changed(self, change: Change) -> None:
        if change.kind == kinds.CONFIG_MAP:
            self._catch_up(change.key)

    def _catch_up(self, only: Key | None) -> None:
        """Take in the reports that are new; of one node, or of all."""
        with self._catching_up:
            found = self._cache.snapshot(kinds.CONFIG_MAP).objects
            keys = [only] if only is not None else [*{*found, *self._seen}]
            changed = [key for key in keys if found.get(key) is not self._seen.get(key)]
            if not changed:
                return
            tracks, at = dict(self._tracks), self._clock()
            for key in changed:
                self._take(tracks, key, found.get(key), at)
            self._tracks = tracks

    def _take(
        self, tracks: dict[str, Mapping[str, Track]], key: Key, now: Manifest | None, at: datetime
    ) -> None:
        if now is None:
            self._seen.pop(key, None)
            tracks.pop(key.name, None)
            return
        self._seen[key] = now
        before = tracks.get(key.name, {})
        tracks[key.name] = {
            said.entry: followed(before[said.entry], said, at)
            if said.entry in before
            else begun(said, at)
            for said in downloads(now)
        }
