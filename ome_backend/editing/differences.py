"""What differs between two objects: field by field, and as texts beside each other."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

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


Mark = Literal["same", "changed", "added", "removed", "folded"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of two texts beside each other; a side without a line has the number None."""

    mark: Mark
    left: str
    right: str
    left_line: int | None
    right_line: int | None


def unified(before: str, after: str, left: str = "live", right: str = "new") -> str:
    """A unified diff with three lines of context; empty when the texts are the same."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), left, right
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def side_by_side(before: str, after: str, context: int = 3) -> tuple[Row, ...]:
    """Both texts line by line; of what is the same only `context` lines beside a change, the rest folded."""
    left, right = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    groups = list(matcher.get_grouped_opcodes(context))
    rows: list[Row] = []
    reached = 0
    for group in groups:
        if group[0][1] > reached:
            rows.append(_fold(group[0][1] - reached))
        for tag, i1, i2, j1, j2 in group:
            rows += _rows(tag, left[i1:i2], right[j1:j2], i1, j1)
        reached = group[-1][2]
    if groups and reached < len(left):
        rows.append(_fold(len(left) - reached))
    return tuple(rows)


def _fold(lines: int) -> Row:
    words = f"{lines} unchanged line{'' if lines == 1 else 's'}"
    return Row("folded", words, words, None, None)


def _rows(tag: str, left: list[str], right: list[str], i: int, j: int) -> Iterator[Row]:
    for n in range(max(len(left), len(right))):
        has_left, has_right = n < len(left), n < len(right)
        mark: Mark = "added" if not has_left else "removed" if not has_right else "changed"
        yield Row(
            "same" if tag == "equal" else mark,
            left[n] if has_left else "",
            right[n] if has_right else "",
            i + n + 1 if has_left else None,
            j + n + 1 if has_right else None,
        )
