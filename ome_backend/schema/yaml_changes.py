"""What has to change in one value so that it becomes another, as few and as deep changes as possible."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """`set` replaces what is at `path`, `insert` adds it there, `remove` takes it away.

    A key is inserted after the key `after`, at the end without one; an index pushes later items on.
    """

    action: Literal["set", "insert", "remove"]
    path: Path
    value: Any = None
    after: str | None = None


def same(one: Any, other: Any) -> bool:
    """Equal as JSON values: true is not 1, but 1 is 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[Change]:
    """The changes in an order in which they can be made one after the other."""
    if same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _in_map(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_list(before, after, path)
    else:
        yield Change("set", path, after)


def _in_map(before: dict[str, Any], after: dict[str, Any], path: Path) -> Iterator[Change]:
    previous: str | None = None
    for key, value in after.items():
        if key in before:
            yield from changes(before[key], value, (*path, key))
        else:
            yield Change("insert", (*path, key), value, previous)
        previous = key
    for key in before:
        if key not in after:
            yield Change("remove", (*path, key))


def _in_list(before: list[Any], after: list[Any], path: Path) -> Iterator[Change]:
    """What is alike at both ends stays; between them items are changed, then added or taken away."""
    shorter = min(len(before), len(after))
    head = _alike(before, after, shorter)
    tail = _alike(before[::-1], after[::-1], shorter - head)
    paired = shorter - tail
    for index in range(head, paired):
        yield from changes(before[index], after[index], (*path, index))
    for index in range(paired, len(after) - tail):
        yield Change("insert", (*path, index), after[index])
    for index in reversed(range(paired, len(before) - tail)):
        yield Change("remove", (*path, index))


def _alike(one: list[Any], other: list[Any], most: int) -> int:
    return next((n for n in range(most) if not same(one[n], other[n])), most)
