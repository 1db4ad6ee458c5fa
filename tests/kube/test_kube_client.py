"""The verbs, against the sandbox and, where one is given, against a real API server."""

from collections.abc import Callable
from typing import Any

import pytest

from ome_backend.config import Settings
from ome_backend.errors import (
    AlreadyExists,
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    NotInstalled,
)
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import (
    CONFIG_MAP,
    INFERENCE_SERVICE,
    NODE,
    POD,
    SERVING_RUNTIME,
)
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.support.cluster import ClusterUnderTest

pytestmark = pytest.mark.cluster
Build = Callable[..., Client]


@pytest.fixture
def client(cluster: ClusterUnderTest, client_of: Build) -> Client:
    """A client with the console's own time limits."""
    return client_of(cluster.kubeconfig, Settings())


@pytest.fixture
def key(cluster: ClusterUnderTest, request: pytest.FixtureRequest) -> Key:
    """The identity of an object that only this test uses."""
    name: str = request.node.name.removeprefix("test_").replace("_", "-")
    return Key(cluster.namespace, name[:60].strip("-"))


def config_map(key: Key, labels: dict[str, str] | None = None, **data: str) -> Manifest:
    metadata = {"namespace": key.namespace, "name": key.name, "labels": labels or {}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def service(key: Key, **spec: Any) -> Manifest:
    return {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"namespace": key.namespace, "name": key.name},
        "spec": spec,
    }


def test_the_version_is_the_servers(client: Client) -> None:
    assert client.version().startswith("v1.")


def test_what_is_created_can_be_read_and_deleted(client: Client, key: Key) -> None:
    assert client.get(CONFIG_MAP, key) is None
    created = client.create(CONFIG_MAP, config_map(key, colour="red")).object
    assert client.get(CONFIG_MAP, key) == created
    client.delete(CONFIG_MAP, key)
    assert client.get(CONFIG_MAP, key) is None


def test_deleting_what_is_gone_succeeds(client: Client, key: Key) -> None:
    client.delete(CONFIG_MAP, key)


def test_a_dry_run_writes_nothing(client: Client, key: Key) -> None:
    rehearsed = client.create(CONFIG_MAP, config_map(key, a="b"), dry_run=True)
    assert rehearsed.object["data"] == {"a": "b"}
    assert client.get(CONFIG_MAP, key) is None


def test_a_dry_delete_deletes_nothing(client: Client, key: Key) -> None:
    client.create(CONFIG_MAP, config_map(key))
    client.delete(CONFIG_MAP, key, dry_run=True)
    assert client.get(CONFIG_MAP, key)


def test_creating_twice_says_that_it_exists(client: Client, key: Key) -> None:
    client.create(CONFIG_MAP, config_map(key))
    with pytest.raises(AlreadyExists, match="exists already") as caught:
        client.create(CONFIG_MAP, config_map(key))
    assert caught.value.reason == f'configmaps "{key.name}" already exists'


def test_a_namespace_that_is_not_there_is_named(client: Client) -> None:
    with pytest.raises(NotFound, match="no namespace nowhere") as caught:
        client.create(CONFIG_MAP, config_map(Key("nowhere", "a")))
    assert "Create the namespace nowhere" in caught.value.hint


def test_unknown_fields_are_refused_and_named(client: Client, key: Key) -> None:
    wrong = service(key, deployment="x", model={"name": "m", "modelName": "m"})
    with pytest.raises(Invalid, match="refused") as caught:
        client.create(INFERENCE_SERVICE, wrong)
    assert caught.value.problems == (
        FieldProblem("spec.deployment", "unknown field"),
        FieldProblem("spec.model.modelName", "unknown field"),
    )
    assert "strict decoding error" in caught.value.reason


def test_an_unknown_field_is_named_when_applied(client: Client, key: Key) -> None:
    with pytest.raises(Invalid) as caught:
        client.apply(INFERENCE_SERVICE, service(key, deployment="x"), dry_run=True)
    assert [problem.path for problem in caught.value.problems] == ["spec.deployment"]


def test_a_missing_field_is_named(client: Client, key: Key) -> None:
    with pytest.raises(Invalid) as caught:
        client.create(INFERENCE_SERVICE, service(key, model={"kind": "BaseModel"}))
    (problem,) = caught.value.problems
    assert (problem.path, problem.message) == ("spec.model.name", "Required value")


def test_a_merge_patch_replaces_and_removes(client: Client, key: Key) -> None:
    client.create(CONFIG_MAP, config_map(key, a="1", b="2"))
    patched = client.merge_patch(CONFIG_MAP, key, {"data": {"a": None, "c": "3"}}).object
    assert patched["data"] == {"b": "2", "c": "3"}


def test_a_patch_of_an_older_version_is_a_conflict(client: Client, key: Key) -> None:
    seen = client.create(CONFIG_MAP, config_map(key, a="1")).object
    client.merge_patch(CONFIG_MAP, key, {"data": {"a": "2"}})
    version = seen["metadata"]["resourceVersion"]
    with pytest.raises(Conflict, match="changed in the meantime") as caught:
        client.merge_patch(CONFIG_MAP, key, {"data": {"a": "3"}}, resource_version=version)
    assert "the object has been modified" in caught.value.reason


def test_json_patches_apply_as_a_whole(client: Client, key: Key) -> None:
    client.create(CONFIG_MAP, config_map(key, a="1"))
    operations = [
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "replace", "path": "/data/a", "value": "2"},
    ]
    assert client.json_patch(CONFIG_MAP, key, operations).object["data"] == {"a": "2"}
    with pytest.raises(Invalid):
        client.json_patch(CONFIG_MAP, key, operations)


def test_a_patch_of_what_is_absent_is_not_found(client: Client, key: Key) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        client.merge_patch(CONFIG_MAP, key, {"data": {}})


def test_applying_creates_and_changes(client: Client, key: Key) -> None:
    client.apply(CONFIG_MAP, config_map(key, a="1", b="1"))
    assert client.apply(CONFIG_MAP, config_map(key, a="2")).object["data"] == {"a": "2"}


def test_applying_over_anothers_field_names_field_and_owner(
    client: Client, cluster: ClusterUnderTest, key: Key
) -> None:
    path = f"{CONFIG_MAP.path(key.namespace)}?fieldManager=colleague"
    cluster.request("POST", path, config_map(key, a="1"))
    with pytest.raises(Conflict, match="others own fields") as caught:
        client.apply(CONFIG_MAP, config_map(key, a="2"))
    (problem,) = caught.value.problems
    assert problem.path == "data.a"
    assert "colleague" in problem.message
    taken = client.apply(CONFIG_MAP, config_map(key, a="2"), force=True)
    assert taken.object["data"] == {"a": "2"}


def test_only_the_object_that_was_seen_is_deleted(client: Client, key: Key) -> None:
    uid = client.create(CONFIG_MAP, config_map(key)).object["metadata"]["uid"]
    with pytest.raises(Conflict) as caught:
        client.delete(CONFIG_MAP, key, uid="00000000-0000-0000-0000-000000000000")
    assert "UID" in caught.value.reason
    client.delete(CONFIG_MAP, key, uid=uid)


def test_a_long_list_comes_in_pages(client: Client, key: Key) -> None:
    for number in range(3):
        numbered = Key(key.namespace, f"{key.name}-{number}")
        client.create(CONFIG_MAP, config_map(numbered, {"test": "pages"}))
    first = client.list(CONFIG_MAP, key.namespace, labels="test=pages", limit=2)
    rest = client.list(CONFIG_MAP, key.namespace, labels="test=pages", limit=2, cont=first.cont)
    names = [item["metadata"]["name"] for item in (*first.items, *rest.items)]
    assert names == [f"{key.name}-{number}" for number in range(3)]
    assert rest.cont == ""


def test_a_list_can_be_narrowed_by_field(client: Client, key: Key) -> None:
    client.create(CONFIG_MAP, config_map(key))
    page = client.list(CONFIG_MAP, key.namespace, fields=f"metadata.name={key.name}")
    assert [item["metadata"]["name"] for item in page.items] == [key.name]


def test_a_runtime_has_no_status_of_its_own(client: Client, key: Key) -> None:
    with pytest.raises(NotFound):
        client.merge_patch(SERVING_RUNTIME, key, {"status": {}}, subresource="status")


def test_a_kind_that_is_not_installed_is_said(client: Client) -> None:
    unknown = Kind("Zebra", "zebras", True, "zebra")
    with pytest.raises(NotInstalled, match="does not have this kind"):
        client.list(unknown)


def test_an_administrator_may_do_everything(client: Client, cluster: ClusterUnderTest) -> None:
    assert client.allowed("create", INFERENCE_SERVICE, cluster.namespace)
    assert client.allowed("get", POD, cluster.namespace, subresource="log")


@pytest.fixture
def sandbox_client(sandbox: Sandbox, client_of: Build) -> Client:
    return client_of(sandbox.kubeconfig(), Settings())


def test_what_is_forbidden_is_known_before_it_is_tried(
    sandbox: Sandbox, sandbox_client: Client
) -> None:
    sandbox.deny = {("list", "nodes")}
    assert not sandbox_client.allowed("list", NODE)
    with pytest.raises(Forbidden, match="Listing nodes is not allowed") as caught:
        sandbox_client.list(NODE)
    assert 'cannot list resource "nodes"' in caught.value.reason


def test_a_pods_log_is_read_and_followed(sandbox: Sandbox, sandbox_client: Client) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"namespace": "default", "name": "engine"},
        "spec": {"containers": [{"name": "main", "image": "engine:1"}]},
    }
    sandbox.objects.create(POD, pod)
    for line in ("one", "two"):
        sandbox.logs.append("default", "engine", "main", line)
    assert sandbox_client.logs(Key("default", "engine"), tail=1) == ["two"]
    with sandbox_client.follow_logs(Key("default", "engine"), tail=1) as lines:
        assert next(lines) == "two"
        sandbox.logs.append("default", "engine", "main", "three")
        assert next(lines) == "three"
