"""Reading raw objects without surprises: a missing or mistyped branch reads as absent."""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.kind import Key

Manifest = dict[str, Any]


def dig(raw: Mapping[str, Any], *path: str) -> Any:
    """The value at `path`, or None where a step is absent or not a mapping."""
    value: Any = raw
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text(raw: Mapping[str, Any], *path: str) -> str:
    """The string at `path`, or the empty string."""
    value = dig(raw, *path)
    return value if isinstance(value, str) else ""


def mapping(raw: Mapping[str, Any], *path: str) -> Manifest:
    """The mapping at `path`, or an empty one."""
    value = dig(raw, *path)
    return value if isinstance(value, dict) else {}


def items(raw: Mapping[str, Any], *path: str) -> list[Any]:
    """The list at `path`, or an empty one."""
    value = dig(raw, *path)
    return value if isinstance(value, list) else []


def key_of(raw: Mapping[str, Any]) -> Key:
    """The identity of an object within its kind."""
    return Key(text(raw, "metadata", "namespace"), text(raw, "metadata", "name"))
