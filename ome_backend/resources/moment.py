"""Timestamps as the API server writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ome_backend.resources.manifest import text


def moment(raw: Mapping[str, Any], *path: str) -> datetime | None:
    """The RFC 3339 timestamp at `path` as an aware UTC datetime, or None where it is absent or malformed."""
    try:
        parsed = datetime.fromisoformat(text(raw, *path))
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the year 1 of another time zone is before all time
        return None


def created(raw: Mapping[str, Any]) -> datetime | None:
    """When the object was created."""
    return moment(raw, "metadata", "creationTimestamp")


def age(since: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: `5s`, `12m`, `3h`, `9d`; the future reads as `0s`."""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
