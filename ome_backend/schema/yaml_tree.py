"""From YAML events to values, with the line of every field and bounds on what a text can cost.

Events instead of PyYAML's own constructor: that one recurses without limit, expands aliases
without limit, and forgets where things stood.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from ome_backend.errors import FieldProblem, Invalid
from ome_backend.schema import go_text, yaml_scalar

MOST_LEVELS: Final = 100
MOST_NODES: Final = 500_000
MOST_ALIASED_NODES: Final = 1_000

_TAG: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = (None, "!")
_SCALAR_TYPES: Final[dict[str, tuple[type, ...]]] = {
    f"{_TAG}int": (int,),
    f"{_TAG}float": (int, float),
    f"{_TAG}bool": (bool,),
    f"{_TAG}null": (type(None),),
}


@dataclass
class Tree:
    """One document as it is read: fills `lines` by dotted path, and `problems` as it meets them."""

    events: Iterator[Any]
    first_line: int
    problems: list[FieldProblem]
    lines: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    nodes: int = 0
    aliased: int = 0

    def read(self, event: Any, path: str = "", level: int = 0) -> Any:
        """The value that begins with `event`. Raises Invalid where going on would cost too much."""
        if level > MOST_LEVELS:
            self._give_up(event, "", f"nested more than {MOST_LEVELS} levels deep")
        if self.nodes >= MOST_NODES:
            self._give_up(event, "", f"more than {MOST_NODES:,} values in one document")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        before = self.nodes
        self.nodes += 1
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(event, path, level)
        else:
            value = self._mapping(event, path, level)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.nodes - before)
        return value

    def _list(self, event: Any, path: str, level: int) -> list[Any]:
        self._check_tag(event, path, "seq")
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = f"{path}[{len(values)}]"
            self.lines[here] = self._line(event)
            values.append(self.read(event, here, level + 1))
        return values

    def _mapping(self, event: Any, path: str, level: int) -> dict[str, Any]:
        self._check_tag(event, path, "map")
        values: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path, level)
            here = f"{path}.{key}" if path else str(key)
            repeated = key in values
            if repeated:
                self._problem(
                    event, here, f'the key "{key}" is given twice, first {self._at(here)}'
                )
            elif key is not None:
                self.lines[here] = self._line(event)
            merge = _is_merge(event)
            value = self.read(next(self.events), here, level + 1)
            if merge:
                merged = self._merged(event, path, value) | merged
            elif key is not None and not repeated:
                values[key] = value
        return values | {key: value for key, value in merged.items() if key not in values}

    def _merged(self, event: Any, path: str, value: Any) -> dict[str, Any]:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            self._problem(event, path, "<< takes a mapping or a list of mappings")
            return {}
        return {key: part[key] for part in reversed(parts) for key in part}

    def _key(self, event: Any, path: str, level: int) -> str | None:
        """The key as text, as in JSON; None, with a problem noted, for what cannot be a key."""
        key = self.read(event, f"{path}.?", level + 1)
        if isinstance(key, str):
            return key
        if isinstance(key, int | float):
            return go_text.plain(key)
        self._problem(event, path, "a key must be text")
        return None

    def _scalar(self, event: Any, path: str) -> yaml_scalar.Scalar:
        text: str = event.value
        if event.tag == f"{_TAG}str" or (event.tag in _PLAIN_TAGS and not event.implicit[0]):
            return text
        try:
            value = yaml_scalar.resolve(text)
        except ValueError as exc:
            self._problem(event, path, str(exc))
            return text
        if event.tag and not _is_of_type(value, event.tag):
            self._problem(event, path, f"the tag {_short(event.tag)} does not fit here")
        return value

    def _alias(self, event: Any, path: str) -> Any:
        if event.anchor not in self.anchors:
            self._problem(event, path, f"the alias *{event.anchor} names nothing above it")
            return None
        value, nodes = self.anchors[event.anchor]
        self.nodes += nodes
        self.aliased += nodes
        if self.aliased > MOST_ALIASED_NODES:
            most = f"{MOST_ALIASED_NODES:,}"
            self._give_up(
                event, path, f"aliases that stand for more than {most} values are refused"
            )
        return deepcopy(value)

    def _check_tag(self, event: Any, path: str, name: str) -> None:
        if event.tag not in (*_PLAIN_TAGS, _TAG + name):
            self._problem(event, path, f"the tag {_short(event.tag)} does not fit here")

    def _line(self, event: Any) -> int:
        line: int = event.start_mark.line
        return self.first_line + line

    def _at(self, path: str) -> str:
        return f"on line {self.lines[path]}"

    def _problem(self, event: Any, path: str, message: str) -> None:
        self.problems.append(FieldProblem(path, message, self._line(event)))

    def _give_up(self, event: Any, path: str, message: str) -> None:
        raise Invalid(message, problems=(FieldProblem(path, message, self._line(event)),))


def _is_merge(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]


def _is_of_type(value: yaml_scalar.Scalar, tag: str) -> bool:
    return type(value) in _SCALAR_TYPES.get(tag, ())


def _short(tag: str) -> str:
    return tag.replace(_TAG, "!!")
