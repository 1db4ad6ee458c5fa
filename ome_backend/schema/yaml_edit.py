"""Changing a YAML text where its value changes: every other character stays as it was.

The value is compared with what it is to become, and each difference is spliced into the text.
What results is read again; where it does not say what it should (shared anchors, exotic keys), the
aliases of the document are first written out, and at the very last the document is written anew.
"""

from collections.abc import Callable
from copy import deepcopy

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_nodes, yaml_text
from ome_backend.schema.yaml_changes import Change, changes, same
from ome_backend.schema.yaml_dump import dump
from ome_backend.schema.yaml_splice import splice, unshared

_MOST_SPLICES = 200


def edit(text: str, change: Callable[[Manifest], Manifest], document: int = 0) -> str:
    """The text after `change` of one of its documents; a text without documents begins a new one.

    `change` gets a copy it may alter. `text` must be YAML that `yaml_text.parse` takes without a
    problem. Raises IndexError when the text has documents, but not this one.
    """
    documents = yaml_text.parse(text).documents
    if not documents:
        return text + dump(change({}))
    before = documents[document].value
    wanted = change(deepcopy(before))
    return text if same(before, wanted) else _edited(text, document, before, wanted)


def _edited(text: str, document: int, before: Manifest, wanted: Manifest) -> str:
    found = list(changes(before, wanted))
    if len(found) <= _MOST_SPLICES:
        for start in (text, unshared(text, document)):
            result = _spliced(start, document, found)
            if _says(result, text, document, wanted):
                return result
    return _rewritten(text, document, wanted)


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
        + dump(wanted).rstrip("\n")
        + text[root.end :]
    )
