"""Which lists have entries with an identity: those are compared entry by entry, all others as a whole."""

from collections.abc import Mapping
from typing import Any

NO_SCHEMA: Mapping[str, Any] = {}

Identity = tuple[Any, ...]


def child(schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
    """The schema below a key or an item; an empty one where nothing is known."""
    if isinstance(step, int):
        found = schema.get("items")
    else:
        found = schema.get("properties", NO_SCHEMA).get(step) or schema.get("additionalProperties")
    return found if isinstance(found, dict) else NO_SCHEMA


def identities(schema: Mapping[str, Any], *lists: list[Any]) -> list[list[Identity]] | None:
    """What identifies each entry of each list; None where they have no identities, or not unique ones.

    The keys are those of a list of type `map`; without a schema that says so, `name`.
    """
    keys = schema.get("x-kubernetes-list-map-keys") or ["name"]
    found = []
    for entries in lists:
        if not all(isinstance(each, dict) and any(key in each for key in keys) for each in entries):
            return None
        own = [tuple(repr(each.get(key)) for key in keys) for each in entries]
        if len(set(own)) != len(own):
            return None
        found.append(own)
    return found
