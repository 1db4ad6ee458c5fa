"""What is wrong with a document, and where."""

import pytest

from ome_backend.errors import FieldProblem
from ome_backend.schema import document_check, yaml_text
from ome_backend.schema.crds import CRDS

SERVICE = """\
apiVersion: ome.io/v1beta1
kind: InferenceService
metadata:
  name: chat
spec:
  model:
    name: llama
  engine:
    minReplicas: 1
"""
Told = list[tuple[int | None, str, str]]

CASES: dict[str, tuple[str, str, Told]] = {
    "nothing": ("", "", []),
    "unknown field": (
        "    name: llama",
        "    name: llama\n    nmae: x",
        [(8, "spec.model.nmae", 'unknown field "spec.model.nmae"')],
    ),
    "unknown field of metadata": (
        "  name: chat",
        "  name: chat\n  lables: {}",
        [(5, "metadata.lables", 'unknown field "metadata.lables"')],
    ),
    "missing field, on the line around it": (
        "    name: llama",
        "    kind: BaseModel",
        [(6, "spec.model.name", "Required value")],
    ),
    "label that is not text": (
        "  name: chat",
        "  name: chat\n  labels:\n    on-call: yes",
        [
            (
                6,
                "metadata.labels.on-call",
                'Invalid value: "boolean": metadata.labels.on-call in body must be of type string: '
                '"boolean"',
            )
        ],
    ),
    "no name": (
        "  name: chat",
        "  namespace: demo",
        [(3, "metadata.name", "Required value: name or generateName is required")],
    ),
    "a generated name": ("  name: chat", "  generateName: chat-", []),
    "no kind": ("kind: InferenceService\n", "", [(1, "kind", "Required value")]),
    "another version": (
        "v1beta1",
        "v1",
        [(1, "apiVersion", 'no matches for kind "InferenceService" in version "ome.io/v1"')],
    ),
    "no metadata": (
        "metadata:\n  name: chat\n",
        "",
        [(1, "metadata.name", "Required value: name or generateName is required")],
    ),
}


def check(text: str) -> tuple[FieldProblem, ...]:
    (document,) = yaml_text.parse(text).documents
    return document_check.problems(document, CRDS["InferenceService"])


@pytest.mark.parametrize("name", CASES)
def test_each_problem_has_its_text_and_line(name: str) -> None:
    old, new, expected = CASES[name]
    told = check(SERVICE.replace(old, new))
    assert [(one.line, one.path, one.message) for one in told] == expected


def test_a_name_follows_the_rules_of_host_names() -> None:
    (problem,) = check(SERVICE.replace("chat", "Chat_1"))
    assert problem.message.startswith('Invalid value: "Chat_1": a lowercase RFC 1123 subdomain')
    assert problem.line == 4


def test_all_problems_are_told_at_once_in_the_order_of_the_text() -> None:
    broken = SERVICE.replace("    name: llama", "    x: 1").replace("minReplicas: 1", "y: 2")
    assert [one.line for one in check(broken)] == [6, 7, 9]


def test_without_a_definition_only_the_identity_is_checked() -> None:
    (document,) = yaml_text.parse("kind: Pod\nmetadata: {name: a}\nspec: {x: 1}\n").documents
    told = document_check.problems(document, None)
    assert [(one.path, one.message) for one in told] == [("apiVersion", "Required value")]
