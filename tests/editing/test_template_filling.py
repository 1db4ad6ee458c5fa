"""Templates: the header is checked, every value fits into the YAML, and ours are right as they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.editing import filling, templates
from ome_backend.editing.templates import Parameter, Template
from ome_backend.errors import Invalid
from ome_backend.resources.manifest import dig
from ome_backend.schema import yaml_text
from ome_backend.schema.document_check import problems
from ome_backend.schema.schemas import BUNDLED

FOLDER = Path(templates.__file__).parents[1] / "templates"
OURS = sorted(FOLDER.glob("*.yaml"))
SECRET = 'hf_it\'s: "a" token # 1'

HEADER = """\
template: sample
title: Sample
purpose: To be filled.
use: other
parameters:
  - {name: word, default: x}
  - {name: count, type: number, default: 1}
  - {name: wanted, type: switch, default: true}
---
"""
BODY = """\
# ${word} is what it is about
kind: Sample  # ${count} of ${word}
metadata: {name: x, labels: {in: "${word}", 'flow': '${word}', bare: [1, two]}}
spec:
  whole: ${word}
  double: "${word}"
  single: '${word}'
  within: before-${word}/${count}
  literal: |
    one ${word}
    two
  folded: >-
    one
    ${word}
  over: several
    lines ${word}
  count: ${count}
  counted: "${count}"
  wanted: ${wanted}
  list:
  - ${word}
  -   ${word}   # kept
  after: end
"""
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


def read(body: str = BODY, header: str = HEADER) -> Template:
    return templates.read(header + body, "a test")


def fill(template: Template) -> dict[str, str]:
    """The defaults, and something for what has none."""
    return {name: value or SECRET for name, value in template.defaults().items()}


@given(word=WORDS, count=st.integers(-999, 999), wanted=st.booleans())
def test_no_value_breaks_the_yaml_or_becomes_something_else(
    word: str, count: int, wanted: bool
) -> None:
    values = {"word": word, "count": str(count), "wanted": str(wanted).lower()}
    parsed = yaml_text.parse(filling.filled(read(), values))
    assert parsed.problems == ()
    assert [each.value for each in parsed.documents] == [
        {
            "kind": "Sample",
            "metadata": {
                "name": "x",
                "labels": {"in": word, "flow": word, "bare": [1, "two"]},
            },
            "spec": {
                "whole": word,
                "double": word,
                "single": word,
                "within": f"before-{word}/{count}",
                "literal": f"one {word}\ntwo\n",
                "folded": f"one {word}",
                "over": f"several lines {word}",
                "count": count,
                "counted": str(count),
                "wanted": wanted,
                "list": [word, word],
                "after": "end",
            },
        }
    ]


@given(word=WORDS)
def test_what_leads_back_to_the_template_survives_any_value(word: str) -> None:
    template = read()
    values = {"word": word, "count": "1", "wanted": "true"}
    made = filling.marked(filling.filled(template, values), template, values)
    (document,) = yaml_text.parse(made).documents
    assert filling.origin(document.value) == ("sample", template.version, values)
    plain = yaml_text.parse(filling.filled(template, values)).documents[0].value
    assert filling.unmarked(document.value) == plain


def test_comments_and_layout_stay() -> None:
    made = filling.filled(read(), {"word": "it", "count": "2", "wanted": "false"})
    assert made.startswith("# it is what it is about\nkind: Sample  # 2 of it\n")
    assert "  -   it   # kept\n" in made
    assert "  wanted: false\n" in made


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        (Parameter("a", "A"), " ", "A value is needed."),
        (Parameter("a", "A", choices=("x", "y")), "z", "It must be one of x, y."),
        (Parameter("a", "A", "switch"), "yes", "It must be true or false."),
        (Parameter("a", "A", "number"), "1.5", "It must be a whole number."),
        (Parameter("a", "A", "number", minimum=1), "0", "It must be 1 or more."),
        (Parameter("a", "A", "number", maximum=8), "9", "It must be 8 or less."),
        (
            Parameter("a", "A", "name"),
            "My Model",
            "It must be lower-case letters, digits, - and ..",
        ),
        (Parameter("a", "A", "namespace"), "a.b", "It must be lower-case letters, digits and -."),
        (Parameter("a", "A", "quantity"), "80 GB", "It must be a quantity such as 80Gi."),
        (Parameter("a", "A", "uri"), "x", "It must be an address such as hf://organisation/model."),
        (Parameter("a", "A", "number", minimum=1, maximum=8), "8", ""),
        (Parameter("a", "A", "quantity"), "1.5Gi", ""),
    ],
)
def test_a_value_is_judged_by_its_parameter(parameter: Parameter, value: str, said: str) -> None:
    assert parameter.objection(value) == said


def test_values_that_are_not_accepted_are_all_named() -> None:
    with pytest.raises(Invalid) as refused:
        filling.filled(read(), {"word": "", "count": "x", "wanted": "true"})
    assert [each.path for each in refused.value.problems] == ["word", "count"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: X\n---\nkind: Y\n", "the header is missing"),
        (HEADER, "there is nothing after the header"),
        (HEADER + "a: ${other}\n", "the header has no parameter other"),
        (HEADER + "a: ${word} ${count}\n", "wanted is used nowhere"),
        (HEADER + BODY + "${word}: x\n", "a place cannot stand in the name of a field"),
        (HEADER + BODY + "x: !${word} y\n", "while scanning a tag"),
        (HEADER.replace("use: other", "use: magic") + BODY, "it must be one of model"),
        (HEADER.replace("title:", "titel:") + BODY, "a template's header has no such field"),
        (HEADER.replace("type: switch", "type: bool") + BODY, "it must be one of text, name"),
        (HEADER.replace("default: 1}", "default: one}") + BODY, "It must be a whole number."),
        (HEADER.replace("default: 1}", "minimum: x}") + BODY, "must be whole numbers"),
        (HEADER + BODY + "\t- x: [\n", "indent with spaces"),
        (HEADER + BODY + "#" * templates.LARGEST, "characters"),
    ],
)
def test_a_text_that_is_no_template_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        templates.read(text, "a test")
    assert any(said in each.message for each in refused.value.problems)


def test_the_version_changes_with_the_text() -> None:
    assert read().version == read().version
    assert read().version != read(BODY + "# more\n").version


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_each_of_ours_is_valid_with_its_defaults(path: Path) -> None:
    template = templates.read(path.read_text("utf-8"), path.name)
    assert template.name == path.stem
    values = fill(template)
    parsed = yaml_text.parse(filling.marked(filling.filled(template, values), template, values))
    assert parsed.problems == ()
    for document in parsed.documents:
        crd = BUNDLED.of(document.value)
        assert crd is not None
        assert problems(document, crd) == ()
        assert SECRET not in str(dig(document.value, "metadata"))


def test_each_kind_has_a_template() -> None:
    found = {kind for path in OURS for kind in templates.read(path.read_text(), "").kinds}
    assert {crd.kind.name for crd in BUNDLED} - found == {"ServingRuntime"}
