"""Every kind through its whole life: created, changed, changed by two, and none of it lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import Conflict, Invalid
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.schema.yaml_edit import edit
from ome_backend.schema.yaml_text import dump
from ome_backend.services.editing import Editing
from ome_backend.services.proposal import Proposal
from tests.support.cluster import ClusterUnderTest, manifest
from tests.support.samples import CHANGES, SPECS

pytestmark = pytest.mark.cluster

Place = tuple[tuple[str, ...], Any]


@pytest.fixture
def editing(backend: Backend) -> Editing:
    return backend.editing


@pytest.fixture
def fresh(cluster: ClusterUnderTest, backend: Backend) -> Iterator[Any]:
    """A manifest of a kind under a new name, as text; what was made of it is removed."""
    made: list[Ref] = []

    def text(kind: Kind, **spec: Any) -> str:
        key = Key(cluster.namespace if kind.namespaced else "", cluster.unique("own"))
        made.append(Ref(kind, key))
        placed = {"namespace": key.namespace} if key.namespace else {}
        return dump(manifest(kind, key.name, spec=SPECS[kind] | spec, **placed))

    yield text
    for ref in made:
        backend.client.delete(ref.kind, ref.key)


def only(editing: Editing, text: str, base: Manifest | None = None) -> Proposal:
    """The one proposal of a text."""
    checks = editing.check(text)
    assert checks.problems == ()
    ref = checks.documents[0].ref
    assert ref is not None
    (proposal,) = editing.propose(text, {ref: base} if base else {}).proposals
    return proposal


def write(editing: Editing, text: str, base: Manifest | None = None) -> Manifest:
    """Write the text's one object and return it as it was stored."""
    ref = editing.check(text).documents[0].ref
    assert ref is not None
    plan = editing.propose(text, {ref: base} if base else {})
    assert plan.ready, plan
    (result,) = editing.write(plan)
    assert result.written is not None, result.error
    return result.written


def put(text: str, place: Place) -> str:
    """The text with a value at a path."""
    path, value = place

    def change(document: Manifest) -> Manifest:
        inner = document
        for step in path[:-1]:
            inner = inner.setdefault(step, {})
        inner[path[-1]] = value
        return document

    return edit(text, change)


@pytest.mark.parametrize("kind", SPECS, ids=lambda kind: kind.name)
def test_created_changed_and_joined_with_a_colleagues_change(
    kind: Kind, editing: Editing, fresh: Any
) -> None:
    mine, theirs = CHANGES[kind]
    text = fresh(kind)
    assert only(editing, text).action == "create"
    opened = write(editing, text)
    edited = put(editing.text_of(opened), mine)
    proposal = only(editing, edited, opened)
    assert [each.path for each in proposal.differences] == [".".join(mine[0])]
    write(editing, put(editing.text_of(opened), theirs), opened)
    behind = only(editing, edited, opened)
    assert behind.behind
    assert not behind.ready
    assert [each.difference.path for each in behind.theirs] == [".".join(theirs[0])]
    assert behind.merged is not None
    assert behind.merged.clashes == ()
    now = behind.live
    assert now is not None
    both = write(editing, edit(edited, lambda _: behind.merged.value), now)  # type: ignore[union-attr]
    assert dig(both, *mine[0]) == mine[1]
    assert dig(both, *theirs[0]) == theirs[1]


def test_nothing_to_change_is_said_to_be_nothing(editing: Editing, fresh: Any) -> None:
    opened = write(editing, fresh(kinds.BASE_MODEL))
    proposal = only(editing, editing.text_of(opened), opened)
    assert proposal.action == "nothing"
    assert proposal.differences == ()


def test_a_change_between_review_and_writing_is_refused(editing: Editing, fresh: Any) -> None:
    text = fresh(kinds.BASE_MODEL)
    opened = write(editing, text)
    ref = Ref(kinds.BASE_MODEL, Key(opened["metadata"]["namespace"], opened["metadata"]["name"]))
    plan = editing.propose(put(editing.text_of(opened), (("spec", "vendor"), "a")), {ref: opened})
    write(editing, put(editing.text_of(opened), (("spec", "vendor"), "b")), opened)
    (result,) = editing.write(plan)
    assert isinstance(result.error, Conflict)
    now = editing.opened(ref)
    assert now is not None
    assert now["spec"]["vendor"] == "b"


def test_what_the_server_would_store_shows_its_defaults(editing: Editing, fresh: Any) -> None:
    text = fresh(kinds.BASE_MODEL, modelFormat={"name": "safetensors"})
    proposal = only(editing, text)
    assert proposal.stored is not None
    assert proposal.stored["spec"]["modelFormat"]["weight"] == 1


def test_a_field_that_is_taken_away_goes_and_all_others_stay(editing: Editing, fresh: Any) -> None:
    text = fresh(kinds.BASE_MODEL, vendor="us", additionalMetadata={"a": "b"})
    opened = write(editing, text)
    shorter = editing.text_of(opened).replace("  vendor: us\n", "")
    stored = write(editing, shorter, opened)
    assert "vendor" not in stored["spec"]
    assert stored["spec"]["additionalMetadata"] == {"a": "b"}


def test_several_objects_are_written_in_the_order_they_need(
    editing: Editing, cluster: ClusterUnderTest, backend: Backend
) -> None:
    home = cluster.unique("home")
    model = manifest(kinds.BASE_MODEL, "own", spec=SPECS[kinds.BASE_MODEL], namespace=home)
    space = manifest(kinds.NAMESPACE, home)
    plan = editing.propose(f"{dump(model)}---\n{dump(space)}")
    assert [each.key.name for each in plan.proposals] == [home, "own"]
    assert plan.proposals[1].waiting
    try:
        results = editing.write(plan)
        assert all(each.written is not None for each in results), results
    finally:
        backend.client.delete(kinds.BASE_MODEL, Key(home, "own"))
        backend.client.delete(kinds.NAMESPACE, Key("", home))


def test_a_misspelt_field_is_named_at_its_line_before_anything_is_written(
    editing: Editing, fresh: Any
) -> None:
    text = fresh(kinds.BASE_MODEL).replace("storageUri", "storageUrl")
    proposal = only(editing, text)
    assert any("storageUrl" in each.message and each.line for each in proposal.problems)
    with pytest.raises(Invalid):
        editing.write(editing.propose(text))


def test_fields_that_another_manager_declares_are_named(
    editing: Editing, fresh: Any, cluster: ClusterUnderTest
) -> None:
    opened = write(editing, fresh(kinds.BASE_MODEL))
    name = opened["metadata"]["name"]
    declared = manifest(kinds.BASE_MODEL, name, spec=SPECS[kinds.BASE_MODEL] | {"vendor": "them"})
    answer = cluster.request(
        "PATCH",
        cluster.path(kinds.BASE_MODEL, name),
        declared,
        params={"fieldManager": "argocd-controller", "force": "true"},
        content_type="application/apply-patch+yaml",
    )
    assert answer.status == 200, answer.body
    proposal = only(editing, put(editing.text_of(answer.body), (("spec", "vendor"), "us")))
    assert [each.difference.path for each in proposal.taken] == ["spec.vendor"]
    assert proposal.taken[0].owners[0].manager == "argocd-controller"


def test_a_secret_keeps_the_values_it_does_not_show(
    editing: Editing, cluster: ClusterUnderTest, backend: Backend
) -> None:
    key = Key(cluster.namespace, "hub-token")
    made = manifest(kinds.SECRET, key.name, namespace=key.namespace) | {
        "stringData": {"token": "hf_abc"}
    }
    write(editing, dump(made))
    live = editing.opened(Ref(kinds.SECRET, key))
    assert live is not None
    text = editing.text_of(live)
    assert "hf_abc" not in text
    assert live["data"]["token"] not in text
    stored = write(editing, put(text, (("metadata", "labels"), {"team": "chat"})), live)
    assert stored["data"] == live["data"]
    assert stored["metadata"]["labels"] == {"team": "chat"}


def test_a_status_written_meanwhile_is_no_conflict(
    editing: Editing, fresh: Any, cluster: ClusterUnderTest
) -> None:
    opened = write(editing, fresh(kinds.BASE_MODEL))
    name = opened["metadata"]["name"]
    ref = Ref(kinds.BASE_MODEL, Key(cluster.namespace, name))
    plan = editing.propose(put(editing.text_of(opened), (("spec", "vendor"), "us")), {ref: opened})
    status = cluster.path(kinds.BASE_MODEL, name, "status")
    answer = cluster.request("PATCH", status, {"status": {"state": "Ready"}})
    assert answer.status == 200, answer.body
    (result,) = editing.write(plan)
    assert result.written is not None, result.error
    assert result.written["status"]["state"] == "Ready"


def test_several_objects_get_the_same_change(
    editing: Editing, fresh: Any, cluster: ClusterUnderTest
) -> None:
    names = [write(editing, fresh(kinds.BASE_MODEL))["metadata"]["name"] for _ in range(2)]
    refs = [Ref(kinds.BASE_MODEL, Key(cluster.namespace, name)) for name in names]

    def disabled(document: Manifest) -> Manifest:
        document["spec"]["disabled"] = True
        return document

    text, bases = editing.drafted(refs, disabled)
    results = editing.write(editing.propose(text, bases))
    assert [dig(each.written or {}, "spec", "disabled") for each in results] == [True, True]
