"""Where every value of a YAML text stands, so that it can be changed in place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from ome_backend.schema import go_text, yaml_scalar

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK_SCALARS = ("|", ">")

Form = Literal["scalar", "map", "list", "alias"]


@dataclass(slots=True)
class Node:
    """A value at `[start, end)` of the text; what follows its last character is not part of it.

    `style` is the quote or block mark of a scalar. `flow` collections stand in brackets. `column`
    is where the entries of a block collection begin. An empty value starts and ends after its colon.
    """

    form: Form
    start: int
    end: int
    column: int
    style: str = ""
    flow: bool = False
    entries: list["Entry"] = field(default_factory=list)

    @property
    def block(self) -> bool:
        """A collection without brackets."""
        return self.form in ("map", "list") and not self.flow

    def entry(self, step: str | int) -> "Entry | None":
        """The entry under a key or at an index; None where the text has none, as for merged keys."""
        if isinstance(step, int):
            return self.entries[step] if 0 <= step < len(self.entries) else None
        return next((each for each in self.entries if each.key == step), None)


@dataclass(slots=True)
class Entry:
    """A key or a dash at `start`, what ends it (its colon or dash) at `mark`, and its value."""

    key: str
    start: int
    mark: int
    value: Node


def roots(text: str) -> list[Node]:
    """The mappings that the documents of a text are, in order. `text` must be valid YAML."""
    reader = _Reader(text, yaml.parse(text, Loader=_Loader))
    return [node for node in reader.documents() if node.form == "map"]


@dataclass
class _Reader:
    text: str
    events: Iterator[Any]

    def documents(self) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._node(next(self.events))

    def _node(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        column = event.start_mark.column
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start, end, column)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, start, column)
        form: Form = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
        node = Node(form, start, start, column, flow=bool(event.flow_style))
        ended = self._map(node) if form == "map" else self._list(node)
        node.end = ended.end_mark.index if node.flow else node.entries[-1].value.end
        if not node.flow:
            node.column = self._column(node.entries[0].start)
        return node

    def _scalar(self, event: Any, start: int, column: int) -> Node:
        end, style = event.end_mark.index, event.style or ""
        if style in _BLOCK_SCALARS:
            end = start + len(self.text[start:end].rstrip())
        return Node("scalar", start, end, column, style)

    def _map(self, node: Node) -> Any:
        """Fill in the entries; returns the event that ends the mapping."""
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event)
            value = self._node(next(self.events))
            colon = self.text.find(":", key.end)
            node.entries.append(Entry(_key(event), key.start, colon + 1, value))
        return event

    def _list(self, node: Node) -> Any:
        """Fill in the items; returns the event that ends the list."""
        after = node.start
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value = self._node(event)
            start = value.start if node.flow else self._dash(after, value.start, node.column)
            node.entries.append(Entry("", start, start + (not node.flow), value))
            after = value.end
        return event

    def _dash(self, after: int, before: int, column: int) -> int:
        """The dash of an item that starts at `before`: the last one in the list's column."""
        line = self.text.rfind("\n", 0, before) + 1
        while line > after and not self._is_dash(line + column, before):
            line = self.text.rfind("\n", 0, line - 1) + 1
        return line + column

    def _is_dash(self, at: int, before: int) -> bool:
        line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        return at < before and self.text[at] == "-" and "#" not in line

    def _column(self, at: int) -> int:
        return at - (self.text.rfind("\n", 0, at) + 1)


def _key(event: Any) -> str:
    """The key as the values of the text have it."""
    if not isinstance(event, yaml.ScalarEvent):
        return ""
    text: str = event.value
    if not event.implicit[0]:
        return text
    value = yaml_scalar.resolve(text)
    return value if isinstance(value, str) else go_text.plain(value)
