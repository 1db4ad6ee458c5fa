"""What new objects begin with."""

import pytest

from ome_backend.editing.beginnings import beginning
from ome_backend.schema import structural, yaml_text
from ome_backend.schema.crds import Crd
from ome_backend.schema.schemas import BUNDLED


@pytest.mark.parametrize("crd", BUNDLED, ids=lambda crd: crd.kind.name)
def test_a_beginning_lacks_only_what_a_person_must_say(crd: Crd) -> None:
    (document,) = yaml_text.parse(beginning(crd, "demo")).documents
    assert BUNDLED.of(document.value) == crd
    assert not structural.unknown_fields(crd.schema, document.value)
    found = structural.problems(crd.schema, document.value)
    assert {each.message for each in found} <= {"Required value"}


@pytest.mark.parametrize("crd", BUNDLED, ids=lambda crd: crd.kind.name)
def test_a_namespace_is_named_only_where_there_is_one(crd: Crd) -> None:
    (document,) = yaml_text.parse(beginning(crd, "demo")).documents
    assert ("namespace" in document.value["metadata"]) is crd.kind.namespaced
