"""One change of a value, made in its text."""

import json
from collections.abc import Iterator
from typing import Any

from ome_backend.schema import yaml_nodes, yaml_text
from ome_backend.schema.yaml_changes import Change, Path
from ome_backend.schema.yaml_dump import block
from ome_backend.schema.yaml_nodes import Entry, Node


def splice(text: str, root: Node, change: Change) -> str:
    """The text after the change; where it cannot be made in place, the nearest value around it is untouched.

    The caller reads the result again: an edit that could not be made leaves the text as it is.
    """
    *around, step = change.path
    parent = _at(root, tuple(around))
    entry = parent.entry(step) if parent is not None else None
    if parent is None:
        return text
    if change.action == "remove":
        return _without(text, root, parent, entry, tuple(around)) if entry else text
    if change.action == "set" and entry is not None:
        return _with_value(text, root, parent, entry, change.value)
    return _with_entry(text, root, parent, change, tuple(around))


def unshared(text: str, document: int) -> str:
    """The text with every alias of a document written out as what it stands for; merged keys stay."""
    value = yaml_text.parse(text).documents[document].value
    for path, entry, parent in reversed(list(_aliases(yaml_nodes.roots(text)[document], ()))):
        if entry.key == "<<":
            continue
        root = yaml_nodes.roots(text)[document]
        text = _with_value(text, root, parent, entry, _value_at(value, path))
    return text


def _aliases(node: Node, path: Path) -> Iterator[tuple[Path, Entry, Node]]:
    for index, entry in enumerate(node.entries):
        here = (*path, entry.key if node.form == "map" else index)
        if entry.value.form == "alias":
            yield here, entry, node
        yield from _aliases(entry.value, here)


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _at(node: Node, path: Path) -> Node | None:
    for step in path:
        entry = node.entry(step)
        if entry is None:
            return None
        node = entry.value
    return node


# --- a value in place of another


def _with_value(text: str, root: Node, parent: Node, entry: Entry, value: Any) -> str:
    old = entry.value
    if parent.flow:
        return text[: old.start] + _space(old) + _flow(value) + text[old.end :]
    new = _rendered(value, entry, parent, root, _quote(old, value))
    if "\n" not in new and not old.block and old.style not in ("|", ">"):
        return text[: old.start] + (new if old.start == entry.mark else new[1:]) + text[old.end :]
    return _across_lines(text, entry, new)


def _across_lines(text: str, entry: Entry, new: str) -> str:
    """The new value begins right after the colon or dash; comments beside the old one stay there."""
    old = entry.value
    first, _, rest = new.partition("\n")
    line_end = _line_end(text, old.end)
    if old.block:
        beside = text[entry.mark : old.start].rstrip()
        after = text[old.end :]
    else:
        beside = text[old.end : line_end].rstrip()
        after = text[line_end:]
    if not rest:
        return text[: entry.mark] + first + beside + after
    return text[: entry.mark] + first + beside + "\n" + rest + after


def _space(old: Node) -> str:
    """An empty value starts right after its colon, where a space is needed."""
    return " " if old.form == "scalar" and old.start == old.end else ""


# --- a new entry


def _with_entry(text: str, root: Node, parent: Node, change: Change, around: Path) -> str:
    if parent.flow and parent.entries:
        return _into_flow(text, parent, change)
    if not parent.entries:
        return _first_entry(text, root, parent, change, around)
    step = change.path[-1]
    if step == 0:
        first = parent.entries[0]
        line = _line(change, parent, root)
        return f"{text[: first.start]}{line}\n{' ' * parent.column}{text[first.start :]}"
    before = _predecessor(parent, change)
    at = _line_end(text, before.value.end)
    line = _line(change, parent, root)
    return f"{text[:at]}\n{' ' * parent.column}{line}{text[at:]}"


def _predecessor(parent: Node, change: Change) -> Entry:
    step = change.path[-1]
    if isinstance(step, int):
        return parent.entries[min(step, len(parent.entries)) - 1]
    named = parent.entry(change.after) if change.after is not None else None
    return named or parent.entries[-1]


def _line(change: Change, parent: Node, root: Node) -> str:
    """The entry as it stands in its parent's column, without its first indentation."""
    step = change.path[-1]
    if isinstance(step, int):
        return block([change.value]).rstrip("\n").replace("\n", "\n" + " " * parent.column)
    text = block({step: change.value}, indent_lists=_indents_lists(root)).rstrip("\n")
    return text.replace("\n", "\n" + " " * parent.column)


def _first_entry(text: str, root: Node, parent: Node, change: Change, around: Path) -> str:
    """Into an empty collection, or where nothing is: the collection is written as a whole."""
    step = change.path[-1]
    value = [change.value] if isinstance(step, int) else {step: change.value}
    if not around:
        return text[: parent.start] + block(value).rstrip("\n") + text[parent.end :]
    holder = _at(root, around[:-1])
    entry = holder.entry(around[-1]) if holder is not None else None
    if holder is None or entry is None:
        return text
    return _with_value(text, root, holder, entry, value)


def _into_flow(text: str, parent: Node, change: Change) -> str:
    step = change.path[-1]
    key = "" if isinstance(step, int) else f"{_flow_key(step)}: "
    new = key + _flow(change.value)
    if step == 0:
        at = parent.entries[0].start
        return f"{text[:at]}{new}, {text[at:]}"
    at = _predecessor(parent, change).value.end
    return f"{text[:at]}, {new}{text[at:]}"


# --- taking an entry away


def _without(text: str, root: Node, parent: Node, entry: Entry, around: Path) -> str:
    if len(parent.entries) == 1:
        return _emptied(text, root, parent, around)
    at = parent.entries.index(entry)
    following = parent.entries[at + 1] if at + 1 < len(parent.entries) else None
    if parent.flow:
        if following is not None:
            return text[: entry.start] + text[following.start :]
        return text[: parent.entries[at - 1].value.end] + text[entry.value.end :]
    line = text.rfind("\n", 0, entry.start) + 1
    if text[line : entry.start].strip() and following is not None:
        return text[: entry.start] + text[following.start :]
    end = _line_end(text, entry.value.end)
    if end < len(text):
        return text[:line] + text[end + 1 :]
    return text[: max(line - 1, 0)]


def _emptied(text: str, root: Node, parent: Node, around: Path) -> str:
    """A collection that loses its last entry stays, empty."""
    empty: Any = {} if parent.form == "map" else []
    if not around:
        return text[: parent.start] + _flow(empty) + text[parent.end :]
    holder = _at(root, around[:-1])
    entry = holder.entry(around[-1]) if holder is not None else None
    if holder is None or entry is None:
        return text
    return _with_value(text, root, holder, entry, empty)


# --- how values are written


def _rendered(value: Any, entry: Entry, parent: Node, root: Node, quote: str) -> str:
    """The value as it follows a colon or dash: a space and one line, or lines in their columns."""
    if quote:
        return f" {_quoted(str(value), quote)}"
    if parent.form == "list":
        lines = block([value]).rstrip("\n")[1:]
    else:
        lines = block({"k": value}, indent_lists=_indents_lists(root)).rstrip("\n")[2:]
    return lines.replace("\n", "\n" + " " * parent.column)


def _quote(old: Node, value: Any) -> str:
    """The quotes that stay around a text; none for other values and for texts of several lines."""
    fits = isinstance(value, str) and value.isprintable() and old.form == "scalar"
    return old.style if fits and old.style in ("'", '"') else ""


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def _flow(value: Any) -> str:
    """JSON is YAML's flow style."""
    return json.dumps(value, ensure_ascii=False)


def _flow_key(key: str) -> str:
    plain = key.isidentifier() and block(key).strip() == key
    return key if plain else json.dumps(key, ensure_ascii=False)


def _indents_lists(node: Node) -> bool:
    """Whether the text writes lists deeper than the key they belong to; the first one decides."""
    return next(_list_habits(node), False)


def _list_habits(node: Node) -> Iterator[bool]:
    for entry in node.entries:
        if node.form == "map" and entry.value.form == "list" and entry.value.block:
            yield entry.value.column > node.column
        yield from _list_habits(entry.value)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
