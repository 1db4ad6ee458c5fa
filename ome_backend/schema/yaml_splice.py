"""One change of a value, made in its text."""

import re
from collections.abc import Iterator
from typing import Any

from ome_backend.schema import yaml_nodes, yaml_text, yaml_writing
from ome_backend.schema.yaml_changes import Change, Path
from ome_backend.schema.yaml_dump import block
from ome_backend.schema.yaml_nodes import Entry, Node

_BLOCK_SCALARS = ("|", ">")
_COMMENT = re.compile(r"[ \t]+#.*")
_BLANKS = " \t\r\n"


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
        return text[: old.start] + _space(old) + yaml_writing.flow(value) + text[old.end :]
    new = yaml_writing.rendered(value, entry, parent, root, yaml_writing.quote(old, value))
    if old.block:
        return _after_a_block(text, entry, new, value)
    if "\n" in new or old.style in _BLOCK_SCALARS:
        return _across_lines(text, entry, new, value)
    return text[: old.start] + (new if old.start == entry.mark else new[1:]) + text[old.end :]


def _across_lines(text: str, entry: Entry, new: str, value: Any) -> str:
    """The new value begins right after the colon or dash; comments beside the old one stay there.

    One that stood below its key, under comments, is written there on one line.
    """
    old = entry.value
    line_end = _line_end(text, old.end)
    if "#" in text[entry.mark : old.start]:
        return text[: old.start] + yaml_writing.flow(value) + text[old.end :]
    first, *rest = new.split("\n", 1)
    beside = _header_comment(text, old) + text[old.end : line_end].rstrip()
    return text[: entry.mark] + "\n".join((first + beside, *rest)) + text[line_end:]


def _after_a_block(text: str, entry: Entry, new: str, value: Any) -> str:
    """Comments between the key and its old entries stay; the one beside the last entry goes with it."""
    beside = text[entry.mark : entry.value.start].rstrip()
    first, *rest = new.split("\n", 1)
    if first and "\n" in beside:  # lines of comments would become part of the text that begins here
        first, rest = f" {yaml_writing.flow(value)}", []
    after = text[_line_end(text, entry.value.end) :]
    return text[: entry.mark] + "\n".join((first + beside, *rest)) + after


def _header_comment(text: str, old: Node) -> str:
    """The comment behind the mark that a text of several lines begins with."""
    header = text[old.start : _line_end(text, old.start)]
    found = _COMMENT.search(header) if old.style in _BLOCK_SCALARS else None
    return found[0].rstrip() if found else ""


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
    at = _end_of(text, before)
    line = _line(change, parent, root)
    return f"{text[:at]}\n{' ' * parent.column}{line}{text[at:]}"


def _end_of(text: str, entry: Entry) -> int:
    """Where the line ends after which a new entry may begin: empty lines that `|+` keeps belong to it."""
    last, at = entry.value, _line_end(text, entry.value.end)
    while last.entries:
        last = last.entries[-1].value
    if last.style in _BLOCK_SCALARS and "+" in text[last.start : _line_end(text, last.start)]:
        while at + 1 < len(text) and not text[at + 1 : _line_end(text, at + 1)].strip():
            at = _line_end(text, at + 1)
    return at


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
    text = block({step: change.value}, indent_lists=yaml_writing.indents_lists(root)).rstrip("\n")
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
    key = "" if isinstance(step, int) else f"{yaml_writing.flow_key(step)}: "
    new = key + yaml_writing.flow(change.value)
    if step == 0:
        at = parent.entries[0].start
        return f"{text[:at]}{new}, {text[at:]}"
    at = _predecessor(parent, change).value.end
    return f"{text[:at]}, {new}{text[at:]}"


# --- taking an entry away


def _without(text: str, root: Node, parent: Node, entry: Entry, around: Path) -> str:
    """Its own lines go, and the comment beside it; comments above and below it stay."""
    if len(parent.entries) == 1:
        return _emptied(text, root, parent, around)
    if parent.flow:
        return _without_in_flow(text, parent, parent.entries.index(entry))
    line = text.rfind("\n", 0, entry.start) + 1
    end = _line_end(text, entry.value.end)
    if text[line : entry.start].strip() and entry is not parent.entries[-1]:
        return text[: entry.start] + text[end:].lstrip(
            _BLANKS
        )  # what comes next moves up to the dash
    if end < len(text):
        return text[:line] + text[end + 1 :]
    return text[: max(line - 1, 0)]


def _without_in_flow(text: str, parent: Node, at: int) -> str:
    """The entry and one comma go; where lines of comments stand between entries, these stay."""
    entry = parent.entries[at]
    if at + 1 < len(parent.entries):
        end = parent.entries[at + 1].start
        _, _, below = text[entry.value.end : end].partition("\n")
        kept = below.lstrip(_BLANKS) if "#" in below else ""
        return text[: entry.start] + (" " if kept else "") + kept + text[end:]
    before = parent.entries[at - 1].value.end
    if "#" not in text[before : entry.start]:
        return text[:before] + text[entry.value.end :]
    return text[: entry.start].rstrip(" ") + text[entry.value.end :]


def _emptied(text: str, root: Node, parent: Node, around: Path) -> str:
    """A collection that loses its last entry stays, empty."""
    empty: Any = {} if parent.form == "map" else []
    if not around:
        end = parent.end if parent.flow else _line_end(text, parent.end)
        return text[: parent.start] + yaml_writing.flow(empty) + text[end:]
    holder = _at(root, around[:-1])
    entry = holder.entry(around[-1]) if holder is not None else None
    if holder is None or entry is None:
        return text
    return _with_value(text, root, holder, entry, empty)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
