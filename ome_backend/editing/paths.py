"""Paths of fields: steps as Python has them, and the text that Kubernetes writes."""

from collections.abc import Sequence
from typing import Any

Step = str | int
Path = tuple[Step, ...]


def written(path: Sequence[Step]) -> str:
    """`spec.containers[0].image`; a key with a dot or slash stands in brackets: `labels[ome.io/x]`."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int) or "." in step or "/" in step or not step:
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)


def at(value: Any, path: Sequence[Step]) -> Any:
    """What stands at the path; None where a step does not exist."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
            value = value[step]
        else:
            return None
    return value
