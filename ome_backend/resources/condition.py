"""Status conditions, the shape all Kubernetes kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ome_backend.resources.manifest import items, text
from ome_backend.resources.moment import moment


@dataclass(frozen=True, slots=True)
class Condition:
    """One entry of `status.conditions`; `status` is `True`, `False` or `Unknown`."""

    type: str
    status: str
    reason: str
    message: str
    since: datetime | None

    @property
    def true(self) -> bool:
        return self.status == "True"

    @property
    def false(self) -> bool:
        return self.status == "False"


def conditions(raw: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions an object reports, in its own order."""
    return tuple(
        Condition(
            text(entry, "type"),
            text(entry, "status"),
            text(entry, "reason"),
            text(entry, "message"),
            moment(entry, "lastTransitionTime"),
        )
        for entry in items(raw, "status", "conditions")
        if isinstance(entry, dict)
    )


def condition(raw: Mapping[str, Any], type_: str) -> Condition | None:
    """The condition of that type, or None while nothing reports it."""
    return next((each for each in conditions(raw) if each.type == type_), None)
