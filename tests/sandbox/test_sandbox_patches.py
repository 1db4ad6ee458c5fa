"""Merge patches, JSON patches and the status subresource, as on any API server."""

from typing import Any

import pytest

from ome_backend.resources.kinds import CONFIG_MAP, INFERENCE_SERVICE, POD, SERVING_RUNTIME
from ome_backend.resources.manifest import Manifest
from tests.support.cluster import ClusterUnderTest, Response, manifest, service

pytestmark = pytest.mark.cluster

JSON_PATCH = "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"


@pytest.fixture
def made(cluster: ClusterUnderTest) -> Manifest:
    """An InferenceService named `a`."""
    body = service("a", spec={"engine": {"minReplicas": 1, "maxReplicas": 2}}, labels={"x": "y"})
    created = cluster.request("POST", cluster.path(INFERENCE_SERVICE), body)
    assert created.status == 201, created.body
    answer: Manifest = created.body
    return answer


def _patch(
    cluster: ClusterUnderTest, body: Any, subresource: str | None = None, **rest: Any
) -> Response:
    return cluster.request("PATCH", cluster.path(INFERENCE_SERVICE, "a", subresource), body, **rest)


@pytest.mark.parametrize(
    ("patch", "engine"),
    [
        pytest.param({"maxReplicas": 3}, {"minReplicas": 1, "maxReplicas": 3}, id="replaces"),
        pytest.param({"minReplicas": None}, {"maxReplicas": 2}, id="null takes away"),
        pytest.param({}, {"minReplicas": 1, "maxReplicas": 2}, id="empty keeps"),
    ],
)
@pytest.mark.usefixtures("made")
def test_a_merge_patch_merges(cluster: ClusterUnderTest, patch: Any, engine: Any) -> None:
    patched = _patch(cluster, {"spec": {"engine": patch}})
    assert (patched.status, patched.body["spec"]["engine"]) == (200, engine)


def test_a_merge_patch_of_the_latest_version_is_taken(
    cluster: ClusterUnderTest, made: Manifest
) -> None:
    revision = made["metadata"]["resourceVersion"]
    patch = {"metadata": {"resourceVersion": revision, "labels": {"x": "z"}}}
    assert _patch(cluster, patch).status == 200
    refused = _patch(cluster, patch | {"spec": {"engine": {"maxReplicas": 9}}})
    assert (refused.status, refused.body["reason"]) == (409, "Conflict")
    assert "the object has been modified" in refused.message


def test_a_json_patch_works_through_its_operations(
    cluster: ClusterUnderTest, made: Manifest
) -> None:
    operations = [
        {"op": "test", "path": "/metadata/uid", "value": made["metadata"]["uid"]},
        {"op": "replace", "path": "/spec/engine/maxReplicas", "value": 5},
        {"op": "remove", "path": "/metadata/labels/x"},
    ]
    patched = _patch(cluster, operations, content_type=JSON_PATCH)
    assert patched.status == 200
    assert patched.body["spec"]["engine"]["maxReplicas"] == 5
    assert "labels" not in patched.body["metadata"]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param({"op": "test", "path": "/kind", "value": "Other"}, id="test fails"),
        pytest.param({"op": "remove", "path": "/spec/nothing"}, id="nothing to remove"),
    ],
)
@pytest.mark.usefixtures("made")
def test_a_json_patch_that_does_not_apply_is_invalid(
    cluster: ClusterUnderTest, operation: Manifest
) -> None:
    refused = _patch(cluster, [operation], content_type=JSON_PATCH)
    assert (refused.status, refused.body["reason"]) == (422, "Invalid")
    assert refused.message == ("the server rejected our request due to an error in our request")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("format_", ["application/merge-patch+json", JSON_PATCH])
def test_a_malformed_patch_is_a_bad_request(cluster: ClusterUnderTest, format_: str) -> None:
    assert _patch(cluster, "{oops", content_type=format_).status == 400


@pytest.mark.usefixtures("made")
def test_custom_resources_take_no_strategic_patch(cluster: ClusterUnderTest) -> None:
    refused = _patch(cluster, {"spec": {}}, content_type=STRATEGIC)
    assert (refused.status, refused.body["reason"]) == (415, "UnsupportedMediaType")
    assert refused.message.startswith(
        "the body of the request was in an unknown format - accepted media types include: "
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
    )


def test_built_in_kinds_take_a_strategic_patch(cluster: ClusterUnderTest) -> None:
    cluster.request("POST", cluster.path(CONFIG_MAP), manifest(CONFIG_MAP, "c"))
    path = cluster.path(CONFIG_MAP, "c")
    patched = cluster.request("PATCH", path, {"data": {"a": "b"}}, content_type=STRATEGIC)
    assert (patched.status, patched.body["data"]) == (200, {"a": "b"})


def test_a_strategic_patch_changes_one_of_several_containers(cluster: ClusterUnderTest) -> None:
    containers = [{"name": "a", "image": "one"}, {"name": "b", "image": "two"}]
    pod = manifest(POD, "p", spec={"containers": containers})
    assert cluster.request("POST", cluster.path(POD), pod).status == 201
    patch = {
        "metadata": {"labels": {"x": "y"}, "finalizers": ["example.com/a"]},
        "spec": {"containers": [{"name": "a", "image": "three"}]},
    }
    patched = cluster.request("PATCH", cluster.path(POD, "p"), patch, content_type=STRATEGIC)
    assert patched.status == 200, patched.body
    found = {item["name"]: item["image"] for item in patched.body["spec"]["containers"]}
    assert found == {"a": "three", "b": "two"}
    gone = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a"]}}
    freed = cluster.request("PATCH", cluster.path(POD, "p"), gone, content_type=STRATEGIC)
    assert not freed.body["metadata"].get("finalizers")


def test_a_strategic_patch_deletes_and_replaces_as_told(cluster: ClusterUnderTest) -> None:
    variables = [{"name": "x", "value": "1"}, {"name": "y", "value": "2"}]
    container = {"name": "a", "image": "one", "env": variables}
    cluster.request("POST", cluster.path(POD), manifest(POD, "p", spec={"containers": [container]}))
    path = cluster.path(POD, "p")
    env = [{"name": "x", "$patch": "delete"}, {"name": "z", "value": "3"}]
    patch: Manifest = {"spec": {"containers": [{"name": "a", "env": env}]}}
    params = {"dryRun": "All"}
    patched = cluster.request("PATCH", path, patch, content_type=STRATEGIC, params=params)
    left = patched.body["spec"]["containers"][0]["env"]
    assert {item["name"] for item in left} == {"y", "z"}
    patch = {"spec": {"containers": [{"name": "a", "env": [{"$patch": "replace"}, env[1]]}]}}
    patched = cluster.request("PATCH", path, patch, content_type=STRATEGIC, params=params)
    assert patched.body["spec"]["containers"][0]["env"] == [{"name": "z", "value": "3"}]


def test_what_does_not_exist_cannot_be_patched(cluster: ClusterUnderTest) -> None:
    assert _patch(cluster, {"spec": {}}).status == 404


@pytest.mark.usefixtures("made")
def test_the_name_cannot_be_patched(cluster: ClusterUnderTest) -> None:
    assert _patch(cluster, {"metadata": {"name": "b"}}).status in (400, 422)


def test_the_main_door_drops_the_status(cluster: ClusterUnderTest, made: Manifest) -> None:
    body = service("b") | {"status": {"url": "http://b"}}
    created = cluster.request("POST", cluster.path(INFERENCE_SERVICE), body)
    assert "url" not in created.body.get("status", {})
    patched = _patch(cluster, {"status": {"url": "http://a"}})
    assert patched.status == 200
    assert patched.body == made


def test_the_status_door_changes_nothing_else(cluster: ClusterUnderTest, made: Manifest) -> None:
    patch = {
        "status": {"url": "http://a"},
        "spec": {"engine": {"maxReplicas": 9}},
        "metadata": {"labels": {"x": "z"}},
    }
    patched = _patch(cluster, patch, "status")
    assert patched.status == 200
    assert patched.body["status"]["url"] == "http://a"
    assert patched.body["spec"] == made["spec"]
    assert patched.body["metadata"]["labels"] == made["metadata"]["labels"]
    assert patched.body["metadata"]["generation"] == 1


def test_the_status_can_be_replaced(cluster: ClusterUnderTest, made: Manifest) -> None:
    path = cluster.path(INFERENCE_SERVICE, "a", "status")
    replaced = cluster.request("PUT", path, made | {"status": {"url": "http://b"}})
    assert (replaced.status, replaced.body["status"]["url"]) == (200, "http://b")
    kept = _patch(cluster, {"spec": {"engine": {"maxReplicas": 3}}})
    assert kept.body["status"]["url"] == "http://b"


def test_runtimes_have_no_status_door(cluster: ClusterUnderTest) -> None:
    body = manifest(SERVING_RUNTIME, "r", spec={})
    created = cluster.request("POST", cluster.path(SERVING_RUNTIME), body)
    assert created.status == 201, created.body
    refused = cluster.request("PATCH", cluster.path(SERVING_RUNTIME, "r", "status"), {"status": {}})
    assert refused.status == 404
