"""What people lost with OME's own console: fields on edit, an object of another namespace, the server's reason."""

from collections.abc import Iterator

import pytest

from ome_backend.backend import Backend
from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import differences
from ome_backend.editing.placing import placed
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import dump
from ome_backend.schema.yaml_edit import edit
from pages.components.desk import Desk
from tests.cluster.conftest import Open
from tests.support.cluster import ClusterUnderTest, manifest
from tests.support.samples import SPECS

pytestmark = pytest.mark.cluster

# Fields that no form and no view of the console has a place of its own for.
RARE = {
    "additionalMetadata": {"ticket": "42"},
    "compartmentID": "c1",
    "modelConfiguration": {"anything": [1, {"at": "all"}]},
    "storage": SPECS[kinds.BASE_MODEL]["storage"]
    | {
        "nodeSelector": {"disk": "nvme"},
        "parameters": {"retries": "3"},
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]}
                ]
            }
        },
    },
}


@pytest.fixture
def elsewhere(cluster: ClusterUnderTest, backend: Backend) -> Iterator[str]:
    """Another namespace than the test's own."""
    name = cluster.unique("elsewhere")
    backend.client.create(kinds.NAMESPACE, manifest(kinds.NAMESPACE, name))
    yield name
    backend.client.delete(kinds.NAMESPACE, Key("", name))


def model(namespace: str, name: str, **spec: object) -> Manifest:
    whole = SPECS[kinds.BASE_MODEL] | spec
    annotations = {"team.example.com/note": "kept: yes"}
    return manifest(
        kinds.BASE_MODEL, name, spec=whole, namespace=namespace, annotations=annotations
    )


def test_an_edit_loses_no_field(backend: Backend, cluster: ClusterUnderTest) -> None:
    ref = Ref(kinds.BASE_MODEL, Key(cluster.namespace, "full"))
    made = backend.client.create(ref.kind, model(*ref.key, **RARE)).object
    text = backend.editing.text_of(made)
    after = edit(text, lambda it: placed(it, ("spec", "vendor"), "us"))
    (result,) = backend.editing.write(backend.editing.propose(after, {ref: made}))
    assert result.written is not None, result.error
    found = differences(clean(made), clean(result.written))
    assert [each.path for each in found] == ["spec.vendor"]


def test_only_the_object_of_the_named_namespace_is_deleted(
    backend: Backend, cluster: ClusterUnderTest, elsewhere: str
) -> None:
    mine, other = (
        Ref(kinds.BASE_MODEL, Key(each, "same")) for each in (cluster.namespace, elsewhere)
    )
    for ref in (mine, other):
        backend.client.create(ref.kind, model(*ref.key))
    results = backend.removals.delete(backend.removals.plan([mine]))
    assert [each.error for each in results] == [None]
    assert backend.client.get(mine.kind, mine.key) is None
    assert backend.client.get(other.kind, other.key) is not None


def test_what_the_server_says_is_what_the_person_reads(
    console: Open, backend: Backend, cluster: ClusterUnderTest
) -> None:
    nowhere = cluster.unique("nowhere")
    text = dump(model(nowhere, "lost"))
    (proposal,) = backend.editing.propose(text).proposals
    assert proposal.error is not None
    said = f'namespaces "{nowhere}" not found'
    assert said in proposal.error.reason
    page = console("new", kind=kinds.BASE_MODEL.name)
    page.session_state["new_desk"] = Desk(text, round=9)
    page.run()
    assert not page.exception
    read = " ".join(each.value for each in (*page.error, *page.code, *page.caption, *page.markdown))
    assert said in read.replace("\\", "")
