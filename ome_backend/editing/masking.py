"""Secret values never reach a page: what is shown of a Secret says only that there is a value."""

from ome_backend.editing.cleaning import LAST_APPLIED, without_last_applied
from ome_backend.resources.kinds import SECRET
from ome_backend.resources.manifest import Manifest, mapping, text

HIDDEN = "(hidden)"
CHANGED = "(hidden, changed)"

_FIELDS = ("data", "stringData")


def secret(raw: Manifest) -> bool:
    """Whether the object has values that must not be shown."""
    return text(raw, "kind") == SECRET.name and text(raw, "apiVersion") == SECRET.api_version


def masked(raw: Manifest, before: Manifest | None = None) -> Manifest:
    """The object with its secret values hidden; where `before` has another value, that much is said.

    What `kubectl apply` noted in an annotation has the values, too, and is left out.
    """
    if not secret(raw):
        return raw
    if LAST_APPLIED in mapping(raw, "metadata", "annotations"):
        raw = without_last_applied(raw)
    hidden = {
        name: {key: _hidden(value, before, name, key) for key, value in raw[name].items()}
        for name in _FIELDS
        if isinstance(raw.get(name), dict)
    }
    return raw | hidden


def _hidden(value: object, before: Manifest | None, name: str, key: str) -> str:
    if value == CHANGED:  # hidden already, and compared
        return CHANGED
    held = mapping(before or {}, name)
    return CHANGED if before is not None and held.get(key, value) != value else HIDDEN


def restored(mine: Manifest, live: Manifest) -> Manifest:
    """The object with every value that still reads as hidden put back to what it is on the cluster."""
    if not secret(mine):
        return mine
    held = {
        name: _unhidden(mine[name], live, name)
        for name in _FIELDS
        if isinstance(mine.get(name), dict)
    }
    return mine | held


def still_hidden(raw: Manifest) -> list[str]:
    """The paths of secret values that say only that they are hidden: written so, the value would be lost."""
    if not secret(raw):
        return []
    return [
        f"{name}.{key}"
        for name in _FIELDS
        for key, value in mapping(raw, name).items()
        if value in (HIDDEN, CHANGED)
    ]


def _unhidden(values: Manifest, live: Manifest, name: str) -> Manifest:
    kept = mapping(live, name)
    return {
        key: kept.get(key, value) if value in (HIDDEN, CHANGED) else value
        for key, value in values.items()
    }
