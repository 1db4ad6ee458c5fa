"""The model agents' reports as they come, kept for as long as the console runs."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ome_backend.downloads.track import Track, begun, followed
from ome_backend.kube.cache import Cache
from ome_backend.kube.snapshot import Change
from ome_backend.resources import kinds
from ome_backend.resources.download import Download, read
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, mapping

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
        said, before = mapping(now, "data"), mapping(self._seen.get(key, {}), "data")
        held = tracks.get(key.name, {})
        self._seen[key] = now
        tracks[key.name] = {
            entry: held[entry]
            if entry in held and before.get(entry) == value
            else _told(held.get(entry), read(key.name, entry, value), at)
            for entry, value in said.items()
        }


def _told(track: Track | None, said: Download, at: datetime) -> Track:
    return begun(said, at) if track is None else followed(track, said, at)
