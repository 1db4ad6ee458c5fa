"""Reading fields whose absence means something: None is absent (or mistyped), `""` is present."""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest, dig


def optional_text(raw: Mapping[str, Any], *path: str) -> str | None:
    """The string at `path`; None where it is absent or something else than a string."""
    value = _at(raw, path)
    return value if isinstance(value, str) else None


def optional_number(raw: Mapping[str, Any], *path: str) -> int | None:
    """The whole number at `path`; None where it is absent or something else (a boolean, too)."""
    value = _at(raw, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def optional_flag(raw: Mapping[str, Any], *path: str) -> bool | None:
    """The boolean at `path`; None where it is absent or something else."""
    value = _at(raw, path)
    return value if isinstance(value, bool) else None


def optional_mapping(raw: Mapping[str, Any], *path: str) -> Manifest | None:
    """The mapping at `path` (possibly empty); None where it is absent or something else."""
    value = _at(raw, path)
    return value if isinstance(value, dict) else None


def texts(raw: Mapping[str, Any], *path: str) -> tuple[str, ...]:
    """The strings of the list at `path`; everything else in it is left out."""
    value = _at(raw, path)
    if not isinstance(value, list):
        return ()
    return tuple(entry for entry in value if isinstance(entry, str))


def _at(raw: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """One step is what matching needs ten thousand times: it does without the general walk."""
    return raw.get(path[0]) if len(path) == 1 else dig(raw, *path)
