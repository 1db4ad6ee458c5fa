"""YAML as a person types it: values, lines, and every mistake with its line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.errors import FieldProblem
from ome_backend.schema import yaml_text

VALUES: dict[str, Any] = {
    "yes": True,
    "Off": False,
    "y": True,
    "true": True,
    "~": None,
    "": None,
    "12": 12,
    "-1_000": -1000,
    "0777": 511,
    "0o17": 15,
    "0x1F": 31,
    "08": 8,
    "1.5": 1.5,
    "1.0": 1,
    "1e3": 1000,
    "1e20": 1e20,
    "9223372036854775807": 2**63 - 1,
    "-0x8000000000000000": -(2**63),
    "2024-01-01": "2024-01-01",
    "2024-01-01T10:00:00Z": "2024-01-01T10:00:00Z",
    "12:30:45": "12:30:45",
    "1.2.3": "1.2.3",
    "'12'": "12",
    "!!str 12": "12",
    "!!float 1.5": 1.5,
}
MISTAKES: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "unclosed list": ("a: 1\nb: [1, 2\n", [(2, "did not find expected ',' or ']'")]),
    "two colons": ("a: 1\nb: c: d\n", [(2, "mapping values are not allowed")]),
    "tabs": ("a:\n\tb: 1\n\tc: 2\n", [(2, "not with tabs"), (3, "not with tabs")]),
    "duplicate keys": (
        "a: 1\nb:\n  c: 1\n  c: 2\na: 2\n",
        [(4, '"c" is given twice, first on line 3'), (5, '"a" is given twice, first on line 1')],
    ),
    "not a mapping": ("a: 1\n---\n- b\n", [(3, "must be a mapping")]),
    "not a number": ("a: .nan\nb: -.inf\n", [(1, ".nan is not a number"), (2, "-.inf is not")]),
    "infinite by size": ("a: 1e999\n", [(1, "1e999 is not a number")]),
    "more than 64 bits": (
        "a: 100000000000000000000\nb: -9223372036854775809\nc: 0x8000000000000000\nd: 1_0"
        + "0" * 100,
        [(line, "does not fit in 64 bits") for line in (1, 2, 3, 4)],
    ),
    "unknown alias": ("a: *b\n", [(1, "*b names nothing")]),
    "alias of itself": ("a: &b [*b]\n", [(1, "*b names nothing")]),
    "unknown tag": ("a: !secret x\n", [(1, "the tag !secret does not fit")]),
    "tag that lies": ("a: !!int x\n", [(1, "the tag !!int does not fit")]),
    "a list as a key": ("a: 1\n? [b]\n: c\n", [(2, "a key must be text")]),
    "control character": ("a: é\nb: \x00\n", [(2, "does not allow")]),
    "half a character": ("a: 1\nb: \ud800\n", [(2, "not Unicode")]),
    "too deep": ("a: " + "[" * 100_000, [(1, "more than 100 levels deep")]),
    "too many values": ("a: [" + "1," * 500_000, [(1, "more than 500,000 values")]),
    "every document": ("a: [\n---\nb: 1\n---\nc: [\n", [(1, "expected"), (5, "expected")]),
    "merge of text": ("a:\n  <<: b\n", [(2, "<< takes a mapping")]),
}
LINES = """\
# comment
kind: X
metadata:
  annotations:
    ome.io/x: a
spec:
  items:
  - x: 1

    z: 2
  - {x: 1}
"""


def only(text: str) -> yaml_text.Document:
    parsed = yaml_text.parse(text)
    assert parsed.problems == ()
    (document,) = parsed.documents
    return document


@pytest.mark.parametrize("text", VALUES)
def test_words_mean_what_they_mean_to_kubernetes(text: str) -> None:
    value = only(f"a: {text}\n").value["a"]
    assert (value, type(value)) == (VALUES[text], type(VALUES[text]))


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_has_its_line(name: str) -> None:
    text, expected = MISTAKES[name]
    problems = yaml_text.parse(text).problems
    assert [one.line for one in problems] == [line for line, _ in expected]
    assert all(part in one.message for one, (_, part) in zip(problems, expected, strict=True))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kind", 2),
        ("metadata.annotations[ome.io/x]", 5),
        ("metadata.annotations.ome.io/x", 5),
        ("metadata.annotations[ome.io/y]", 4),
        ("spec.items[0].z", 10),
        ("spec.items[1].x", 11),
        ("spec.items[1].missing.deeper", 11),
        ("spec.items[7]", 7),
        ("status.x", None),
    ],
)
def test_a_path_leads_to_its_line_or_its_parents(path: str, line: int | None) -> None:
    assert only(LINES).line_of(path) == line


def test_a_number_too_large_for_kubernetes_is_told_at_its_field() -> None:
    parsed = yaml_text.parse("spec:\n  engine:\n    minReplicas: 100000000000000000000\n")
    message = "100000000000000000000 does not fit in 64 bits; text needs quotes"
    assert parsed.problems == (FieldProblem("spec.engine.minReplicas", message, 3),)


def test_lines_go_on_counting_in_later_documents() -> None:
    parsed = yaml_text.parse("a: 1\n---\n# empty\n---\nb:\n  c: 1\n")
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"b": {"c": 1}}]
    assert parsed.documents[1].line_of("b.c") == 6


def test_a_bad_document_leaves_the_others_readable() -> None:
    parsed = yaml_text.parse("a: 1\n---\nb: [\n---\nc: 1\n")
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"c": 1}]


def test_a_version_line_belongs_to_the_document_after_it() -> None:
    assert only("%YAML 1.1\n---\na: 1\n").line_of("a") == 3


def test_keys_become_text_as_in_json() -> None:
    assert only("1: a\ntrue: b\n0.5: c\n").value == {"1": "a", "true": "b", "0.5": "c"}


def test_a_merge_adds_what_is_not_given() -> None:
    value = only("base: &b {x: 1, z: 2}\nother:\n  <<: *b\n  z: 3\n").value
    assert value["other"] == {"x": 1, "z": 3}


def test_an_alias_is_a_copy() -> None:
    value = only("a: &x [1]\nb: *x\n").value
    value["a"].append(2)
    assert value["b"] == [1]


def test_a_few_aliases_that_stand_for_a_million_values_are_refused() -> None:
    levels = "".join(
        f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" if n else "l0: &l0 [1]\n"
        for n in range(7)
    )
    (problem,) = yaml_text.parse(levels).problems
    assert "more than 1,000 values" in problem.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#" * (yaml_text.LARGEST + 1), "the text is larger than 10 MB"),
        ("é" * (yaml_text.LARGEST // 2 + 1), "the text is larger than 10 MB"),
        ("---\n" * (yaml_text.MOST_DOCUMENTS + 1), "the text has more than 5,000 documents"),
    ],
    ids=["characters", "bytes", "documents"],
)
def test_too_much_text_is_refused_at_once(text: str, message: str) -> None:
    assert [one.message for one in yaml_text.parse(text).problems] == [message]


def test_of_endless_mistakes_the_first_thousand_are_told() -> None:
    problems = yaml_text.parse("a:\n" + "\tb: 1\n" * 2_000).problems
    assert [one.line for one in problems] == list(range(2, 1_002))


@given(st.text())
def test_no_text_makes_the_reader_fail(text: str) -> None:
    parsed = yaml_text.parse(text)
    assert all(isinstance(document.value, dict) for document in parsed.documents)


def test_usual_fields_come_first_and_long_texts_stay_readable() -> None:
    manifest = {
        "extra": None,
        "status": {},
        "spec": {"script": "a\nb\n", "items": [{"x": 1}]},
        "metadata": {"name": "on", "labels": {"no": "1"}},
        "kind": "X",
        "apiVersion": "v1",
    }
    assert yaml_text.dump(manifest) == (
        "apiVersion: v1\nkind: X\nmetadata:\n  name: 'on'\n  labels:\n    'no': '1'\n"
        "spec:\n  script: |\n    a\n    b\n  items:\n  - x: 1\nstatus: {}\nextra: null\n"
    )


def test_shared_parts_are_written_out() -> None:
    shared = {"x": 1}
    assert "&" not in yaml_text.dump({"a": shared, "b": shared})


_keys = st.text() | st.sampled_from(["y", "<<", "=", "null", "1.0", "a.b/c", "- x"])
_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        [*VALUES, "<<", "=", "*a", "&a", "a: b", " a\nb", "\n", "a\n\n", "---", "1_0"]
    )
)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner) | st.dictionaries(_keys, inner), max_leaves=20
)


@given(st.dictionaries(_keys, _values))
def test_what_is_written_reads_back_the_same(manifest: dict[str, Any]) -> None:
    parsed = yaml_text.parse(yaml_text.dump(manifest))
    assert parsed.problems == ()
    assert [document.value for document in parsed.documents] == [manifest]
