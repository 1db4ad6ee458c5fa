"""Events: what controllers and kubelets said about an object."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, key_of, text
from ome_backend.resources.moment import created, moment


@dataclass(frozen=True)
class Event:
    """A read-only view of an event."""

    raw: Manifest

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def warning(self) -> bool:
        return text(self.raw, "type") == "Warning"

    @property
    def reason(self) -> str:
        return text(self.raw, "reason")

    @property
    def message(self) -> str:
        return text(self.raw, "message")

    @property
    def about_kind(self) -> str:
        return text(self.raw, "involvedObject", "kind")

    @property
    def about(self) -> Key:
        involved = "involvedObject"
        return Key(text(self.raw, involved, "namespace"), text(self.raw, involved, "name"))

    @property
    def source(self) -> str:
        return text(self.raw, "source", "component") or text(self.raw, "reportingComponent")

    @property
    def count(self) -> int:
        times = dig(self.raw, "count") or dig(self.raw, "series", "count")
        return times if isinstance(times, int) else 1

    @cached_property
    def at(self) -> datetime | None:
        """When it last happened."""
        return (
            moment(self.raw, "series", "lastObservedTime")
            or moment(self.raw, "lastTimestamp")
            or moment(self.raw, "eventTime")
            or created(self.raw)
        )
