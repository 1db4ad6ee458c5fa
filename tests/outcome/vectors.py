"""The recorded answers of OME's controllers, and what Go writes where nothing was given."""

from collections.abc import Callable
from typing import Any

from tests.admission.vectors import ABSENT, FOLDER, Case, Cluster, cases

__all__ = ["ABSENT", "FOLDER", "Case", "Cluster", "Replay", "cases", "settled"]

Replay = Callable[[Case], Any]
_EMPTY: dict[str, Any] = {
    "resources": {},
    "predictor": {},
    "metadata": {},
    "creationTimestamp": None,
    "containers": None,
}
_NOT_MADE_HERE = ("lastTransitionTime", "resourceVersion", "creationTimestamp", "lastUpdateTime")


def settled(value: Any) -> Any:
    """Without the marks of Go, the times, and what only the API server writes."""
    if isinstance(value, list):
        return [settled(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: settled(each)
        for name, each in value.items()
        if name not in _NOT_MADE_HERE and each is not None and _EMPTY.get(name, _EMPTY) != each
    }
