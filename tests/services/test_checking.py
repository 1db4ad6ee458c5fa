"""Where a problem is said to be: the line, and where in it the field begins."""

import pytest

from ome_backend.errors import FieldProblem
from tests.services.conftest import Connect

MODEL = """apiVersion: ome.io/v1beta1
kind: BaseModel
metadata: {name: Wrong!, namespace: demo}
spec:
  vendr: x
  storage:
    storageUri: hf://org/a
    nodeSelector: {pool: 3}
  modelCapabilities:
    - 7
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("metadata.name", (3, 12)),
        ("spec.vendr", (5, 3)),
        ("spec.storage.nodeSelector.pool", (8, 20)),
        ("spec.modelCapabilities[0]", (10, 7)),
    ],
)
def test_a_problem_has_its_line_and_column(
    path: str, place: tuple[int, int], connect: Connect
) -> None:
    found = {each.path: (each.line, each.column) for each in problems(connect, MODEL)}
    assert found[path] == place


def test_what_is_missing_is_placed_where_it_belongs(connect: Connect) -> None:
    text = MODEL.replace("  storage:\n", "  storge:\n")
    found = {each.path: (each.line, each.column) for each in problems(connect, text)}
    assert found["spec.storage"] == (4, 1)


def problems(connect: Connect, text: str) -> tuple[FieldProblem, ...]:
    return connect().editing.check(text).all_problems


def test_a_break_of_syntax_has_the_parsers_place(connect: Connect) -> None:
    (found,) = problems(connect, "a: 1\nb: [1, 2\nc: }\n")[:1]
    assert found.line
    assert found.column


def test_every_document_counts_its_own_lines(connect: Connect) -> None:
    text = MODEL.replace("Wrong!", "one") + "---\n" + MODEL.replace("Wrong!", "two")
    places = [
        (each.line, each.column) for each in problems(connect, text) if each.path == "spec.vendr"
    ]
    assert places == [(5, 3), (16, 3)]
