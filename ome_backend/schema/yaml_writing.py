"""How one value is written into a YAML text: in its columns, its quotes, or on one line."""

import json
from collections.abc import Iterator
from typing import Any

from ome_backend.schema.yaml_dump import block
from ome_backend.schema.yaml_nodes import Entry, Node


def rendered(value: Any, entry: Entry, parent: Node, root: Node, quotes: str) -> str:
    """The value as it follows a colon or dash: a space and one line, or lines in their columns."""
    if quotes:
        return f" {_quoted(str(value), quotes)}"
    if parent.form == "list":
        lines = block([value]).rstrip("\n")[1:]
    else:
        lines = block({"k": value}, indent_lists=indents_lists(root)).rstrip("\n")[2:]
    return lines.replace("\n", "\n" + " " * parent.column)


def quote(old: Node, value: Any) -> str:
    """The quotes that stay around a text; none for other values and for texts of several lines."""
    fits = isinstance(value, str) and value.isprintable() and old.form == "scalar"
    return old.style if fits and old.style in ("'", '"') else ""


def _quoted(text: str, quotes: str) -> str:
    if quotes == "'":
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def flow(value: Any) -> str:
    """JSON is YAML's flow style."""
    return json.dumps(value, ensure_ascii=False)


def flow_key(key: str) -> str:
    plain = key.isidentifier() and block(key).strip() == key
    return key if plain else json.dumps(key, ensure_ascii=False)


def indents_lists(node: Node) -> bool:
    """Whether the text writes lists deeper than the key they belong to; the first one decides."""
    return next(_list_habits(node), False)


def _list_habits(node: Node) -> Iterator[bool]:
    for entry in node.entries:
        if node.form == "map" and entry.value.form == "list" and entry.value.block:
            yield entry.value.column > node.column
        yield from _list_habits(entry.value)
