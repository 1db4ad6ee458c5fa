"""A form may change a manifest without taking anything else from it."""

import pytest

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_edit import edit

TEXT = """# the chat of the search team
metadata:
  name: chat   # also in the runbook
  labels: {team: 'on'}
spec:
  engine:
    # as measured in March
    maxReplicas: 3
"""


def renamed(document: Manifest) -> Manifest:
    document["metadata"]["name"] = "talk"
    return document


def test_only_what_changes_changes() -> None:
    assert edit(TEXT, renamed) == TEXT.replace("name: chat", "name: talk")


def test_what_is_added_comes_after_what_was_there() -> None:
    def routed(document: Manifest) -> Manifest:
        return {**document, "kind": "X"} if not document else _with(document, "router", {})

    assert edit(TEXT, routed) == TEXT + "  router: {}\n"


def _with(document: Manifest, name: str, value: object) -> Manifest:
    document["spec"][name] = value
    return document


@pytest.mark.parametrize("name", ["on", "1e3", "null", "0x10", "2026-01-01"])
def test_a_name_that_reads_as_something_else_is_quoted(name: str) -> None:
    def named(document: Manifest) -> Manifest:
        document["metadata"]["name"] = name
        return document

    (document,) = yaml_text.parse(edit(TEXT, named)).documents
    assert document.value["metadata"]["name"] == name


def test_an_empty_text_begins_a_document() -> None:
    assert edit("", lambda _: {"kind": "X"}) == "kind: X\n"
