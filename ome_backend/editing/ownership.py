"""Who manages which field of an object, as `metadata.managedFields` has it.

Format: FieldsV1 of k8s.io/apimachinery, whose keys are `f:name`, `k:{...}` for entries of a list by
their identity, `v:...` for entries of a set, and `.` for the value itself.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ome_backend.editing.paths import Path
from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.moment import moment


@dataclass(frozen=True, slots=True)
class Owner:
    """Who last wrote a field: `operation` is Apply for declared intent, Update for everything else."""

    manager: str
    operation: str
    at: datetime | None


def owners(live: Manifest, path: Path) -> tuple[Owner, ...]:
    """Who holds the field or something within it, the latest first; nobody where that is not recorded."""
    found = [
        Owner(text(entry, "manager"), text(entry, "operation"), moment(entry, "time"))
        for entry in items(live, "metadata", "managedFields")
        if isinstance(entry, dict)
        and not text(entry, "subresource")
        and _holds(mapping(entry, "fieldsV1"), live, path)
    ]
    return tuple(
        sorted(found, key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)
    )


def _holds(fields: Mapping[str, Any], value: Any, path: Path) -> bool:
    """A leaf that is held holds all that is below it."""
    if not path:
        return True
    step, *rest = path
    for key, below in _matching(fields, value, step):
        inner = value.get(step) if isinstance(value, dict) and isinstance(step, str) else None
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            inner = value[step]
        if not below or key.startswith("v:"):
            return True
        if _holds(below, inner, tuple(rest)):
            return True
    return False


def _matching(
    fields: Mapping[str, Any], value: Any, step: str | int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(step, str):
        if f"f:{step}" in fields:
            yield f"f:{step}", fields[f"f:{step}"]
        return
    entry = value[step] if isinstance(value, list) and step < len(value) else None
    for key, below in fields.items():
        if key.startswith("k:") and isinstance(entry, dict):
            identity = json.loads(key[2:])
            if all(entry.get(name) == wanted for name, wanted in identity.items()):
                yield key, below
        elif key.startswith("v:") and json.loads(key[2:]) == entry:
            yield key, below
