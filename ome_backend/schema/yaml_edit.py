"""Changing a YAML text where its value changes: every other character stays as it was.

The value is compared with what it is to become, and each difference is spliced into the text.
What results is read again; where it does not say what it should (shared anchors, merged or exotic
keys), the aliases of the document are first written out, then what is around each difference is
written anew, and at the very last the document.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_nodes, yaml_text
from ome_backend.schema.yaml_changes import Change, changes, same
from ome_backend.schema.yaml_dump import dump
from ome_backend.schema.yaml_splice import splice, unshared

_MOST_SPLICES = 200
_FURTHEST_OUT = 3
_BYTE_ORDER_MARK = "\ufeff"


def edit(text: str, change: Callable[[Manifest], Manifest], document: int = 0) -> str:
    """The text after `change` of one of its documents; a text without documents begins a new one.

    `change` gets a copy it may alter. `text` must be YAML that `yaml_text.parse` takes without a
    problem. Raises IndexError when the text has documents, but not this one.
    """
    bare = text.removeprefix(_BYTE_ORDER_MARK)
    documents = yaml_text.parse(bare).documents
    if not documents:
        return text + dump(change({}))
    before = documents[document].value
    wanted = change(deepcopy(before))
    if same(before, wanted):
        return text
    mark = text[: len(text) - len(bare)]
    return mark + _with_line_ends_of(bare, _edited(bare, document, before, wanted))


def _with_line_ends_of(text: str, edited: str) -> str:
    """New lines end as those of a text do that comes from Windows throughout."""
    windows = "\r\n" in text and text.count("\n") == text.count("\r\n")
    return edited.replace("\r\n", "\n").replace("\n", "\r\n") if windows else edited


def _edited(text: str, document: int, before: Manifest, wanted: Manifest) -> str:
    found = list(changes(before, wanted))
    if len(found) <= _MOST_SPLICES:
        for start, made in _attempts(text, document, found, wanted):
            result = _spliced(start, document, made)
            if _says(result, text, document, wanted):
                return result
    return _rewritten(text, document, wanted)


def _attempts(
    text: str, document: int, found: list[Change], wanted: Manifest
) -> Iterator[tuple[str, list[Change]]]:
    yield text, found
    plain = unshared(text, document)
    yield plain, found
    for levels in range(1, _FURTHEST_OUT + 1):
        if all(len(each.path) > levels for each in found):
            yield plain, list(_further_out(found, levels, wanted))


def _further_out(found: list[Change], levels: int, wanted: Manifest) -> Iterator[Change]:
    """What is that many levels around each change, set as a whole, each once."""
    for path in dict.fromkeys(each.path[:-levels] for each in found):
        value: Any = wanted
        for step in path:
            value = value[step]
        yield Change("set", path, value)


def _spliced(text: str, document: int, found: list[Change]) -> str:
    for each in found:
        root = yaml_nodes.roots(text)[document]
        text = splice(text, root, each)
    return text


def _says(result: str, text: str, document: int, wanted: Manifest) -> bool:
    """The edited document says what is wanted, and all others what they said."""
    now, before = yaml_text.parse(result), yaml_text.parse(text)
    expected = [each.value for each in before.documents]
    expected[document] = wanted
    return not now.problems and same([each.value for each in now.documents], expected)


def _rewritten(text: str, document: int, wanted: Manifest) -> str:
    root = yaml_nodes.roots(text)[document]
    before = text[: root.start]
    return (
        before
        + ("\n" if before[-1:] not in ("", "\n") else "")
        + dump(wanted)
        + text[root.end :].lstrip("\r\n")
    )
