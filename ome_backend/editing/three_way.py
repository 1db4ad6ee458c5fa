"""Two people changed the same object: what both did, and where they cannot both be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ome_backend.editing.differences import ABSENT
from ome_backend.editing.lists import NO_SCHEMA, Identity, child, identities
from ome_backend.editing.paths import Path, written
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_changes import same


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both sides changed, each to something else; ABSENT where a side has it no more."""

    steps: Path
    base: Any
    mine: Any
    theirs: Any

    @property
    def path(self) -> str:
        return written(self.steps)


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides' changes in one object; where they clash it has what `mine` says."""

    value: Manifest
    clashes: tuple[Clash, ...]


def merge(
    base: Manifest, mine: Manifest, theirs: Manifest, schema: Mapping[str, Any] = NO_SCHEMA
) -> Merged:
    """A field that only one side changed is as that side has it; so are entries of lists with identities."""
    merger = _Merger()
    value = merger.merge(base, mine, theirs, schema, ())
    return Merged(value, tuple(merger.clashes))


@dataclass
class _Merger:
    clashes: list[Clash] = field(default_factory=list)

    def merge(
        self, base: Any, mine: Any, theirs: Any, schema: Mapping[str, Any], path: Path
    ) -> Any:
        if same(mine, theirs) or same(base, theirs):
            return mine
        if same(base, mine):
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict):
            return self._maps(base if isinstance(base, dict) else {}, mine, theirs, schema, path)
        if isinstance(mine, list) and isinstance(theirs, list):
            return self._lists(base if isinstance(base, list) else [], mine, theirs, schema, path)
        self.clashes.append(Clash(path, base, mine, theirs))
        return mine

    def _maps(
        self,
        base: Manifest,
        mine: Manifest,
        theirs: Manifest,
        schema: Mapping[str, Any],
        path: Path,
    ) -> Manifest:
        """In the order of `mine`, what only `theirs` has after that."""
        merged = {}
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            old, own, other = (side.get(key, ABSENT) for side in (base, mine, theirs))
            value = self.merge(old, own, other, child(schema, key), (*path, key))
            if value is not ABSENT:
                merged[key] = value
        return merged

    def _lists(
        self,
        base: list[Any],
        mine: list[Any],
        theirs: list[Any],
        schema: Mapping[str, Any],
        path: Path,
    ) -> list[Any]:
        found = identities(schema, base, mine, theirs)
        if found is None:
            self.clashes.append(Clash(path, base, mine, theirs))
            return mine
        sides = [
            dict(zip(ids, entries, strict=True))
            for ids, entries in zip(found, (base, mine, theirs), strict=True)
        ]
        return self._entries(found, sides, schema, path)

    def _entries(
        self,
        found: list[list[Identity]],
        sides: list[dict[Identity, Any]],
        schema: Mapping[str, Any],
        path: Path,
    ) -> list[Any]:
        order = [*found[1], *(each for each in found[2] if each not in sides[1])]
        merged: list[Any] = []
        for identity in order:
            old, own, other = (side.get(identity, ABSENT) for side in sides)
            value = self.merge(old, own, other, child(schema, 0), (*path, len(merged)))
            if value is not ABSENT:
                merged.append(value)
        return merged
