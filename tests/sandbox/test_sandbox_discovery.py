"""What a client can find out about the API server."""

import pytest

from ome_backend.resources.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    INFERENCE_SERVICE,
    OME_KINDS,
    POD,
    SERVING_RUNTIME,
)
from tests.support.cluster import ClusterUnderTest

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_the_server_is_healthy(cluster: ClusterUnderTest, path: str) -> None:
    health = cluster.request("GET", path)
    assert (health.status, health.body) == (200, "ok")


@pytest.mark.parametrize("path", ["/version", "/version/"])
def test_the_version_is_complete(cluster: ClusterUnderTest, path: str) -> None:
    version = cluster.request("GET", path).body
    assert version["gitVersion"].startswith("v1.")
    parts = {"major", "minor", "gitCommit", "gitTreeState", "buildDate", "goVersion", "compiler"}
    assert parts | {"platform"} <= version.keys()


def test_ome_is_among_the_groups(cluster: ClusterUnderTest) -> None:
    groups = cluster.request("GET", "/apis").body
    assert groups["kind"] == "APIGroupList"
    group = next(group for group in groups["groups"] if group["name"] == "ome.io")
    assert group["preferredVersion"] == {"groupVersion": "ome.io/v1beta1", "version": "v1beta1"}
    assert cluster.request("GET", "/apis/ome.io").body["versions"] == group["versions"]


def test_the_core_api_has_its_version(cluster: ClusterUnderTest) -> None:
    assert cluster.request("GET", "/api").body["versions"] == ["v1"]


def test_every_kind_of_ome_is_a_resource(cluster: ClusterUnderTest) -> None:
    listed = cluster.request("GET", "/apis/ome.io/v1beta1").body
    assert (listed["kind"], listed["groupVersion"]) == ("APIResourceList", "ome.io/v1beta1")
    found = {entry["name"]: entry for entry in listed["resources"]}
    for kind in OME_KINDS:
        assert found[kind.plural]["kind"] == kind.name
        assert found[kind.plural]["namespaced"] == kind.namespaced
    assert found["inferenceservices"]["shortNames"] == ["isvc"]
    assert "inferenceservices/status" in found
    assert f"{SERVING_RUNTIME.plural}/status" not in found


@pytest.mark.parametrize(
    ("path", "resources"),
    [
        pytest.param("/api/v1", {"pods", "pods/log", "nodes", "namespaces", "events"}, id="core"),
        pytest.param("/apis/apps/v1", {"deployments"}, id="apps"),
        pytest.param("/apis/authorization.k8s.io/v1", {"selfsubjectaccessreviews"}, id="access"),
    ],
)
def test_built_in_resources_are_listed(
    cluster: ClusterUnderTest, path: str, resources: set[str]
) -> None:
    listed = cluster.request("GET", path).body
    assert resources <= {entry["name"] for entry in listed["resources"]}


def test_a_definition_can_be_read(cluster: ClusterUnderTest) -> None:
    path = CUSTOM_RESOURCE_DEFINITION.path(None, INFERENCE_SERVICE.resource)
    definition = cluster.request("GET", path).body
    version = definition["spec"]["versions"][0]
    assert definition["spec"]["names"]["plural"] == "inferenceservices"
    assert version["schema"]["openAPIV3Schema"]["properties"]["spec"]["type"] == "object"
    conditions = {entry["type"]: entry["status"] for entry in definition["status"]["conditions"]}
    assert conditions["Established"] == "True"


@pytest.mark.parametrize("path", ["/apis/ome.io/v1beta1/unknowns", "/apis/nobody.io/v1/things"])
def test_an_unknown_custom_resource_is_no_page(cluster: ClusterUnderTest, path: str) -> None:
    missing = cluster.request("GET", path)
    assert (missing.status, missing.body) == (404, "404 page not found\n")


def test_an_unknown_core_resource_is_not_found(cluster: ClusterUnderTest) -> None:
    missing = cluster.request("GET", "/api/v1/unknowns")
    assert (missing.status, missing.body["reason"]) == (404, "NotFound")
    assert missing.message == "the server could not find the requested resource"


def test_an_unknown_part_of_an_object_is_a_missing_object(cluster: ClusterUnderTest) -> None:
    missing = cluster.request("GET", cluster.path(SERVING_RUNTIME, "a", "status"))
    assert (missing.status, missing.message) == (404, 'servingruntimes.ome.io "a" not found')


def test_pods_are_among_all(cluster: ClusterUnderTest) -> None:
    listed = cluster.request("GET", "/api/v1").body["resources"]
    assert next(entry for entry in listed if entry["name"] == "pods")["categories"] == ["all"]


def test_the_fields_of_a_kind_are_described(cluster: ClusterUnderTest) -> None:
    described = cluster.request("GET", "/openapi/v3/apis/ome.io/v1beta1").body
    schema = described["components"]["schemas"]["io.ome.v1beta1.InferenceService"]
    assert "engine" in schema["properties"]["spec"]["properties"]
    meaning = {"group": "ome.io", "version": "v1beta1", "kind": "InferenceService"}
    assert schema["x-kubernetes-group-version-kind"] == [meaning]


def test_a_method_a_resource_does_not_have_is_refused(cluster: ClusterUnderTest) -> None:
    refused = cluster.request("PUT", cluster.path(POD), {})
    assert (refused.status, refused.body["reason"]) == (405, "MethodNotAllowed")


def test_an_access_review_answers(cluster: ClusterUnderTest) -> None:
    asked = {"verb": "list", "group": "ome.io", "resource": "inferenceservices"}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": asked},
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    answer = cluster.request("POST", path, review)
    assert answer.status == 201
    assert answer.body["status"]["allowed"] is True
    assert answer.body["spec"]["resourceAttributes"] == asked


def test_a_client_can_ask_who_it_is(cluster: ClusterUnderTest) -> None:
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    answer = cluster.request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review)
    assert answer.status == 201
    assert answer.body["status"]["userInfo"]["username"]
