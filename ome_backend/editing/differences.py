"""What differs between two objects, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ome_backend.editing.lists import NO_SCHEMA, child, identities
from ome_backend.editing.paths import Path, written
from ome_backend.schema.yaml_changes import same


class _Absent:
    """Not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field. `before` or `after` is ABSENT where only the other side has it.

    Items of lists that have an identity are found by it; the index is that of `after`, or of
    `before` where `after` has no such item.
    """

    steps: Path
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """As Kubernetes writes it, `spec.engine.minReplicas`."""
        return written(self.steps)


def differences(
    before: Any, after: Any, schema: Mapping[str, Any] = NO_SCHEMA
) -> tuple[Difference, ...]:
    """The fields that differ, in the order of `after`, removed ones last on each level."""
    return tuple(_different(before, after, schema, ()))


def _different(
    before: Any, after: Any, schema: Mapping[str, Any], path: Path
) -> Iterator[Difference]:
    if same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            values = before.get(key, ABSENT), after.get(key, ABSENT)
            yield from _different(*values, child(schema, key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, schema, path)
    else:
        yield Difference(path, before, after)


def _in_lists(
    before: list[Any], after: list[Any], schema: Mapping[str, Any], path: Path
) -> Iterator[Difference]:
    found = identities(schema, before, after)
    if found is None:
        yield Difference(path, before, after)
        return
    old = dict(zip(found[0], enumerate(before), strict=True))
    for index, (identity, value) in enumerate(zip(found[1], after, strict=True)):
        held = old.pop(identity, (0, ABSENT))[1]
        yield from _different(held, value, child(schema, index), (*path, index))
    for index, value in old.values():
        yield Difference((*path, index), value, ABSENT)
    if [each for each in found[0] if each in found[1]] != [
        each for each in found[1] if each in found[0]
    ]:
        yield Difference(path, before, after)
