"""A form may change a manifest without taking anything else from it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_changes import same
from ome_backend.schema.yaml_dump import block, dump
from ome_backend.schema.yaml_edit import edit

TEXT = """# the chat of the search team
metadata:
  name: chat   # also in the runbook
  labels: {team: 'on'}
spec:
  engine:
    # as measured in March
    maxReplicas: 3
  args:
    - --tp   # two GPUs
    - "8"
  # the end
"""


def changed(path: str, value: Any) -> str:
    """TEXT with one value at a dotted path, taken away where it is ... (an ellipsis)."""

    def change(document: Manifest) -> Manifest:
        *around, last = (int(step) if step.isdigit() else step for step in path.split("."))
        inner: Any = document
        for step in around:
            inner = inner[step]
        if value is ...:
            del inner[last]
        elif isinstance(inner, list) and last == len(inner):
            inner.append(value)
        else:
            inner[last] = value
        return document

    return edit(TEXT, change)


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        ("metadata.name", "talk", "name: chat ", "name: talk "),
        ("metadata.name", "on", "name: chat ", "name: 'on' "),
        ("metadata.labels.team", "off", "'on'", '"off"'),
        ("metadata.labels.app", "x", "{team: 'on'}", "{team: 'on', app: \"x\"}"),
        ("metadata.labels", ..., "  labels: {team: 'on'}\n", ""),
        ("metadata.labels.team", ..., "{team: 'on'}", "{}"),
        ("spec.engine.maxReplicas", ..., "  engine:\n", "  engine: {}\n"),
        ("spec.engine.maxReplicas", 4, "maxReplicas: 3", "maxReplicas: 4"),
        ("spec.engine.minReplicas", 1, "Replicas: 3\n", "Replicas: 3\n    minReplicas: 1\n"),
        ("spec.args.1", "16", '"8"', '"16"'),
        ("spec.args.0", ..., "    - --tp   # two GPUs\n", ""),
        ("spec.args.2", "--x", '- "8"\n', '- "8"\n    - --x\n'),
        ("spec.args.0", {"a": 1, "b": [2]}, "- --tp ", "- a: 1\n      b:\n      - 2 "),
        ("spec.router", {}, '- "8"\n', '- "8"\n  router: {}\n'),
        ("spec.engine", 7, "engine:\n    # as measured in March\n    maxReplicas: 3", None),
        ("spec.note", "a\nb\n", '- "8"\n', '- "8"\n  note: |\n    a\n    b\n'),
    ],
)
def test_only_what_changes_changes(path: str, value: Any, before: str, after: str | None) -> None:
    if path == "spec.args.0" and isinstance(value, dict):
        assert "# two GPUs" in changed(path, value)
    elif path == "spec.engine.maxReplicas" and value is ...:
        assert changed(path, value) == TEXT.replace(
            "engine:\n    # as measured in March\n    maxReplicas: 3",
            "engine: {}\n    # as measured in March",
        )
    elif after is None:
        assert "engine: 7" in changed(path, value)
        assert "# as measured in March" in changed(path, value)
    else:
        assert changed(path, value) == TEXT.replace(before, after)


def test_an_empty_text_begins_a_document() -> None:
    assert edit("", lambda _: {"kind": "X"}) == "kind: X\n"


def test_a_text_of_comments_alone_keeps_them() -> None:
    assert edit("# to do\n", lambda _: {"kind": "X"}) == "# to do\nkind: X\n"


def test_another_document_is_left_alone() -> None:
    text = "a: 1 # one\n---\n# two\na:   1\n"
    assert edit(text, lambda _: {"a": 2}, document=1) == "a: 1 # one\n---\n# two\na:   2\n"


def test_json_stays_json() -> None:
    text = '{"kind": "X", "spec": {"a": [1, 2]}}\n'
    assert edit(text, lambda it: it | {"spec": {"a": [1, 3], "b": "y"}}) == (
        '{"kind": "X", "spec": {"a": [1, 3], b: "y"}}\n'
    )


def test_what_an_alias_stands_for_changes_only_where_it_was_meant() -> None:
    text = "a: &x {b: 1}  # first\nc: *x\n"

    def change(document: Manifest) -> Manifest:
        document["a"]["b"] = 2
        return document

    result = edit(text, change)
    assert yaml_text.parse(result).documents[0].value == {"a": {"b": 2}, "c": {"b": 1}}
    assert "# first" in result


def test_a_merged_key_is_overridden_beside_it() -> None:
    text = "base: &x\n  b: 1\nown:\n  <<: *x  # as above\n"

    def change(document: Manifest) -> Manifest:
        document["own"]["b"] = 2
        return document

    assert edit(text, change) == text + "  b: 2\n"


@pytest.mark.parametrize(
    "name", ["on", "1e3", "null", "0x10", "2026-01-01", "a: b", "- x", "#", ""]
)
def test_a_text_that_reads_as_something_else_is_quoted(name: str) -> None:
    (document,) = yaml_text.parse(changed("metadata.name", name)).documents
    assert document.value["metadata"]["name"] == name


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t"),
    max_size=8,
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), words)
names = st.text("abcdefgh-./xy1", min_size=1, max_size=4)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=10,
)
manifests = st.dictionaries(names, values, min_size=1, max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A manifest in one of the styles people use, with a comment on every line that can bear one."""
    text = block(draw(manifests), indent_lists=draw(st.booleans()))
    lines = [
        f"{line}  # note {number}" if line.endswith(":") else line
        for number, line in enumerate(text.split("\n"))
    ]
    commented = "\n".join(lines)
    return commented if not yaml_text.parse(commented).problems else text


@settings(max_examples=400, deadline=None)
@given(texts(), manifests)
def test_the_text_always_says_what_was_wanted(text: str, wanted: Manifest) -> None:
    (document,) = yaml_text.parse(edit(text, lambda _: wanted)).documents
    assert same(document.value, wanted)


@settings(max_examples=400, deadline=None)
@given(texts(), st.data())
def test_a_changed_leaf_changes_its_own_line_alone(text: str, data: st.DataObject) -> None:
    (document,) = yaml_text.parse(text).documents
    keys = [key for key, value in document.value.items() if isinstance(value, int)]
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    result = edit(text, lambda it: it | {key: 987654321})
    pairs = list(zip(text.split("\n"), result.split("\n"), strict=True))
    assert sum(one != other for one, other in pairs) == 1


@settings(max_examples=200, deadline=None)
@given(manifests, manifests)
def test_a_new_key_leaves_every_line_as_it_was(held: Manifest, more: Manifest) -> None:
    text = dump(held)
    added = {key: value for key, value in more.items() if key not in held}
    result = edit(text, lambda it: it | added)
    assert result.startswith(text.rstrip("\n"))
