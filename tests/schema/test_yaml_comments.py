"""Comments that do not belong to what is taken away survive an edit, byte for byte."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_changes import same
from ome_backend.schema.yaml_dump import block
from ome_backend.schema.yaml_edit import edit

Path = tuple[str | int, ...]
COMMENT = re.compile(r"#\S+")
GONE = ...


def changed(text: str, path: Path, value: Any) -> str:
    """The text with one value at a path; GONE takes it away."""

    def change(document: Manifest) -> Manifest:
        inner: Any = document
        for step in path[:-1]:
            inner = inner[step]
        if value is GONE:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
        return document

    return edit(text, change)


CASES: dict[str, tuple[str, Path, Any, str]] = {
    "first field of an item": (
        "l:\n# of the item\n- a: 1 # of a\n  # of b\n\n  # too\n  b: 2\n",
        ("l", 0, "a"),
        GONE,
        "l:\n# of the item\n- # of b\n\n  # too\n  b: 2\n",
    ),
    "first field of an item, with parts": (
        "l:\n  - a: # of a\n      # of x\n      x: 1\n    # of b\n    b: 2\n",
        ("l", 0, "a"),
        GONE,
        "l:\n  - # of b\n    b: 2\n",
    ),
    "first item of an item": (
        "l:\n- - a # 1\n  # 2\n  - b\n",
        ("l", 0, 0),
        GONE,
        "l:\n- # 2\n  - b\n",
    ),
    "only field": (
        "s:\n  e: # of e\n    # above\n    m: 3 # of m\n    # below\n  n: 1\n",
        ("s", "e", "m"),
        GONE,
        "s:\n  e: {} # of e\n    # above\n    # below\n  n: 1\n",
    ),
    "only field of an item": ("l:\n- a: 1 # of a\n- b\n", ("l", 0, "a"), GONE, "l:\n- {}\n- b\n"),
    "only item": ("l: # of l\n- a # of a\nb: 1\n", ("l", 0), GONE, "l: [] # of l\nb: 1\n"),
    "only field of all": ("# top\na: 1 # of a\n# end\n", ("a",), GONE, "# top\n{}\n# end\n"),
    "first in braces": (
        "s: {a: 1, # of a\n # of b\n b: 2}\n",
        ("s", "a"),
        GONE,
        "s: { # of b\n b: 2}\n",
    ),
    "last in braces": (
        "s: {a: 1, # of a\n # of b\n b: 2\n}\n",
        ("s", "b"),
        GONE,
        "s: {a: 1, # of a\n # of b\n\n}\n",
    ),
    "a block by a word": (
        "s: # of s\n  # of x\n  x: 1 # gone\nz: 1\n",
        ("s",),
        7,
        "s: 7 # of s\n  # of x\nz: 1\n",
    ),
    "a block by a text of lines": (
        "s: # of s\n  # of x\n  x: 1 # gone\n",
        ("s",),
        "a\nb",
        's: "a\\nb" # of s\n  # of x\n',
    ),
    "a text of lines by a word": (
        "a: |  # why\n  x\n  y\nb: 1\n",
        ("a",),
        "z",
        "a: z  # why\nb: 1\n",
    ),
    "a text of lines by another": (
        "a: |  # why\n  x\n  y\nb: 1\n",
        ("a",),
        "z\ny\n",
        "a: |  # why\n  z\n  y\nb: 1\n",
    ),
    "a word below its key by a text of lines": (
        "a: # of a\n  # why\n  x # of x\n",
        ("a",),
        "z\ny",
        'a: # of a\n  # why\n  "z\\ny" # of x\n',
    ),
    "a dash in a comment": (
        "l:\n  -\n# - odd\n    a: 1 # x\n    b: 2\n  - c\n",
        ("l", 1),
        GONE,
        "l:\n  -\n# - odd\n    a: 1 # x\n    b: 2\n",
    ),
    "a merged key": (
        "x: &x {b: 1, c: 2} # one\nown: # o\n  # m\n  <<: *x\n  d: 1\n# end\n",
        ("own", "b"),
        GONE,
        "x: &x {b: 1, c: 2} # one\nown: # o\n  # m\n  d: 1\n  c: 2\n# end\n",
    ),
    "after kept empty lines": (
        "b: 1 # b\na: |+\n  x\n\n",
        ("c",),
        2,
        "b: 1 # b\na: |+\n  x\n\nc: 2\n",
    ),
    "lines from Windows": ("a: 1 # a\r\n# b\r\n", ("b",), [1], "a: 1 # a\r\nb:\r\n- 1\r\n# b\r\n"),
    "a byte order mark": ("\ufeffa: 1 # a\nb: 2\n", ("b",), 7, "\ufeffa: 1 # a\nb: 7\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_comment_stays_with_what_it_belongs_to(name: str) -> None:
    text, path, value, expected = CASES[name]
    assert changed(text, path, value) == expected


# --- for all texts

scalars = st.one_of(st.none(), st.booleans(), st.integers(0, 99), st.text("ab -'\"", max_size=5))
names = st.text("abcxyz", min_size=1, max_size=3)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(
            inner, max_size=3, unique_by=repr
        )  # which of two equal items went, no one can tell
        | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=12,
)
manifests = st.dictionaries(names, values, min_size=1, max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> tuple[Manifest, str]:
    """A manifest in block style, with comments of their own beside and between its lines."""
    manifest = draw(manifests)
    lines: list[str] = []
    for line in block(manifest, indent_lists=draw(st.booleans())).splitlines():
        indent = " " * draw(st.integers(0, len(line) - len(line.lstrip(" -"))))
        lines += [f"{indent}#{len(lines)}-above"] * draw(st.integers(0, 1))
        lines.append(line + draw(st.sampled_from(["", f"  #{len(lines)}-beside"])))
    return manifest, "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n#end\n"]))


def paths(value: Any, around: Path = ()) -> Iterator[Path]:
    steps = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for step in steps:
        yield (*around, step)
        yield from paths(value[step], (*around, step))


def dotted(path: Path) -> str:
    steps = (f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return "".join(steps).removeprefix(".")


def comments_of(text: str) -> list[str]:
    return COMMENT.findall(text)


def belonging(manifest: Manifest, text: str, gone: Path) -> list[str]:
    """The comments between the first and the last line of a value, and the one beside each."""
    (document,) = yaml_text.parse(text).documents
    under = [each for each in paths(manifest) if each[: len(gone)] == gone]
    numbers = [document.lines[dotted(each)] for each in under]
    return comments_of("\n".join(text.splitlines()[min(numbers) - 1 : max(numbers)]))


@settings(max_examples=300, deadline=None)
@given(texts(), st.data())
def test_what_is_taken_away_takes_its_own_comments_only(
    drawn: tuple[Manifest, str], data: st.DataObject
) -> None:
    manifest, text = drawn
    gone = data.draw(st.sampled_from(list(paths(manifest))))
    result = changed(text, gone, GONE)
    lost = belonging(manifest, text, gone)
    assert comments_of(result) == [each for each in comments_of(text) if each not in lost]


@settings(max_examples=300, deadline=None)
@given(texts(), st.data(), values)
def test_a_plain_value_changes_without_losing_a_comment(
    drawn: tuple[Manifest, str], data: st.DataObject, value: Any
) -> None:
    manifest, text = drawn
    leaves = {each: at(manifest, each) for each in paths(manifest)}
    plain = [each for each, held in leaves.items() if not isinstance(held, dict | list)]
    assume(plain)
    path = data.draw(st.sampled_from(plain))
    assert comments_of(changed(text, path, value)) == comments_of(text)


@settings(max_examples=300, deadline=None)
@given(texts(), st.data(), names, values)
def test_a_new_field_anywhere_leaves_every_comment(
    drawn: tuple[Manifest, str], data: st.DataObject, name: str, value: Any
) -> None:
    manifest, text = drawn
    maps = [(), *(each for each in paths(manifest) if isinstance(at(manifest, each), dict))]
    around = data.draw(st.sampled_from(maps))
    assume(name not in at(manifest, around))
    result = changed(text, (*around, name), value)
    assert sorted(comments_of(result)) == sorted(comments_of(text))


@settings(max_examples=200, deadline=None)
@given(texts(), texts())
def test_a_comment_of_another_document_stays(
    one: tuple[Manifest, str], other: tuple[Manifest, str]
) -> None:
    assume(not same(one[0], {"k": 1}))
    before = f"{one[1].rstrip()}\n---\n"
    assert edit(before + other[1], lambda _: {"k": 1}).endswith(f"---\n{other[1]}")
    assert edit(before + other[1], lambda _: {"k": 1}, document=1).startswith(before)


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value
