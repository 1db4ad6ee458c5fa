"""Earlier versions of objects, kept in bounds: Kubernetes itself keeps none of OME's kinds."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from ome_backend.editing.cleaning import clean
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest, mapping, text

MOST_VERSIONS = 10  # of one object
MOST_BYTES = 16 * 1024 * 1024  # of all together, counted as JSON


@dataclass(frozen=True, slots=True)
class Version:
    """An object as it was until `until`, without its status. `gone` says that it was deleted then.

    `size` is what it counts for, in bytes.
    """

    manifest: Manifest
    resource_version: str
    generation: int
    until: datetime
    size: int
    gone: bool = False


def another(before: Manifest, now: Manifest) -> bool:
    """Whether an object became another version: its spec, or the whole object made anew.

    Labels, annotations and the status may change without. What has no spec counts as a whole.
    """
    if text(before, "metadata", "uid") != text(now, "metadata", "uid"):
        return True
    return _content(before) != _content(now)


def version(raw: Manifest, until: datetime, *, gone: bool = False) -> Version:
    """What is kept of an object that is no longer so."""
    kept = clean(raw)
    generation = mapping(raw, "metadata").get("generation") or 0
    held = text(raw, "metadata", "resourceVersion")
    return Version(kept, held, generation, until, len(json.dumps(kept)), gone)


@dataclass(slots=True)
class Versions:
    """The newest `most` versions of each object; the oldest of all go when they outgrow `most_bytes`.

    One thread adds; any may read meanwhile, because what is read is replaced as a whole.
    """

    most: int = MOST_VERSIONS
    most_bytes: int = MOST_BYTES
    bytes: int = 0
    _held: dict[Ref, tuple[Version, ...]] = field(default_factory=dict)
    _order: deque[Ref] = field(default_factory=deque)

    def of(self, ref: Ref) -> tuple[Version, ...]:
        """Those of one object, the newest first."""
        return self._held.get(ref, ())

    def add(self, ref: Ref, new: Version) -> None:
        """Keep one more, the newest of its object."""
        self._held[ref] = (new, *self.of(ref))
        self._order.append(ref)
        self.bytes += new.size
        if len(self.of(ref)) > self.most:
            self._drop_oldest(ref)
        while self.bytes > self.most_bytes:
            self._drop_oldest(self._order[0])

    def _drop_oldest(self, ref: Ref) -> None:
        *kept, oldest = self._held.pop(ref)
        self._order.remove(ref)
        self.bytes -= oldest.size
        if kept:
            self._held[ref] = tuple(kept)


def _content(raw: Manifest) -> Manifest:
    """What a version is about."""
    if "spec" in raw:
        return mapping(raw, "spec")
    return {name: value for name, value in raw.items() if name not in ("metadata", "status")}
