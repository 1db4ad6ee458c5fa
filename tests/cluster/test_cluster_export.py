"""OME's whole catalogue, exported and taken in again: nothing would change."""

import pytest

from ome_backend.backend import Backend
from ome_backend.editing.export import archive, yaml_of
from ome_backend.editing.intake import text_of
from ome_backend.editing.kustomize import base
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import key_of
from tests.cluster.catalogue import Catalogue

pytestmark = pytest.mark.cluster


def test_taking_in_what_was_exported_changes_nothing(
    backend: Backend, installed: Catalogue
) -> None:
    refs = list(dict.fromkeys(Ref(kind, key_of(each)) for kind, each in installed.objects))
    found = backend.export.objects(refs)
    assert found.left_out == ()
    plan = backend.editing.propose(found.yaml())
    assert len(plan.proposals) == len(refs)
    changed = {
        str(each.ref): (each.action, [one.path for one in each.differences], each.error)
        for each in plan.proposals
        if each.action != "nothing" or each.problems
    }
    assert changed == {}


def test_a_zip_says_the_same_as_the_text(backend: Backend, installed: Catalogue) -> None:
    refs = list(dict.fromkeys(Ref(kind, key_of(each)) for kind, each in installed.objects))
    found = backend.export.objects(refs)
    packed = text_of("all.zip", archive(base(found.objects)))
    plan = backend.editing.propose(packed)
    assert {each.action for each in plan.proposals} == {"nothing"}
    assert found.yaml() == yaml_of(reversed(found.objects))
