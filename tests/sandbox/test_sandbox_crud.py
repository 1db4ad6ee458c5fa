"""Creating, reading, replacing and deleting objects, as on any API server."""

import re
from typing import Any

import pytest

from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    CONFIG_MAP,
    INFERENCE_SERVICE,
    NAMESPACE,
)
from ome_backend.resources.manifest import Manifest
from tests.support.cluster import ClusterUnderTest, manifest, service
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster


def _create(cluster: ClusterUnderTest, body: Manifest) -> Manifest:
    made = cluster.request("POST", cluster.path(INFERENCE_SERVICE), body)
    assert made.status == 201, made.body
    created: Manifest = made.body
    return created


def test_a_created_object_carries_what_the_server_adds(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    metadata = made["metadata"]
    assert made["apiVersion"] == "ome.io/v1beta1"
    assert metadata["namespace"] == cluster.namespace
    assert metadata["generation"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata["creationTimestamp"])
    assert len(metadata["uid"]) == 36
    assert int(metadata["resourceVersion"]) > 0


def test_what_was_created_can_be_read(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    read = cluster.request("GET", cluster.path(INFERENCE_SERVICE, "a"))
    assert (read.status, read.body) == (200, made)


def test_the_api_server_sets_what_a_writer_cannot(cluster: ClusterUnderTest) -> None:
    body = service("a", uid="mine", generation=7, creationTimestamp="2001-01-01T00:00:00Z")
    metadata = _create(cluster, body)["metadata"]
    assert metadata["uid"] != "mine"
    assert metadata["generation"] == 1
    assert not metadata["creationTimestamp"].startswith("2001")


def test_a_second_object_of_the_same_name_is_refused(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    again = cluster.request("POST", cluster.path(INFERENCE_SERVICE), service("a"))
    assert again.status == 409
    assert again.body["reason"] == "AlreadyExists"
    assert again.message == 'inferenceservices.ome.io "a" already exists'
    assert again.body["details"]["kind"] == "inferenceservices"


def test_a_missing_object_is_not_found(cluster: ClusterUnderTest) -> None:
    missing = cluster.request("GET", cluster.path(INFERENCE_SERVICE, "nope"))
    assert missing.status == 404
    assert missing.body["kind"] == "Status"
    assert missing.body["reason"] == "NotFound"
    assert missing.message == 'inferenceservices.ome.io "nope" not found'


def test_nothing_is_created_in_a_namespace_that_does_not_exist(cluster: ClusterUnderTest) -> None:
    nowhere = cluster.unique("nowhere")
    refused = cluster.request("POST", INFERENCE_SERVICE.path(nowhere), service("a"))
    assert refused.status == 404
    assert refused.message == f'namespaces "{nowhere}" not found'


def test_a_namespace_that_does_not_exist_lists_empty(cluster: ClusterUnderTest) -> None:
    listed = cluster.request("GET", INFERENCE_SERVICE.path(cluster.unique("nowhere")))
    assert (listed.status, listed.body["items"]) == (200, [])


def test_a_generated_name_starts_as_asked_for(cluster: ClusterUnderTest) -> None:
    body = service("x", generateName="svc-")
    del body["metadata"]["name"]
    names = {_create(cluster, body)["metadata"]["name"] for _ in range(2)}
    assert len(names) == 2
    assert all(re.fullmatch(r"svc-[a-z0-9]{5}", name) for name in names)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Big", "a lowercase RFC 1123 subdomain must consist of", id="capital"),
        pytest.param("under_score", "a lowercase RFC 1123 subdomain", id="underscore"),
        pytest.param("-x", "a lowercase RFC 1123 subdomain", id="leading dash"),
        pytest.param("x" * 254, "must be no more than 253", id="too long"),
    ],
)
def test_a_bad_name_is_invalid(cluster: ClusterUnderTest, name: str, words: str) -> None:
    refused = cluster.request("POST", cluster.path(INFERENCE_SERVICE), service(name))
    assert refused.status == 422
    assert refused.body["reason"] == "Invalid"
    assert f'InferenceService.ome.io "{name}" is invalid: metadata.name: ' in refused.message
    assert words in refused.message


def test_a_bad_label_is_invalid(cluster: ClusterUnderTest) -> None:
    body = service("a", labels={"x": "no blanks"})
    refused = cluster.request("POST", cluster.path(INFERENCE_SERVICE), body)
    assert refused.status == 422
    assert 'metadata.labels: Invalid value: "no blanks": a valid label must be' in refused.message


def test_an_object_without_a_name_is_invalid(cluster: ClusterUnderTest) -> None:
    refused = cluster.request("POST", cluster.path(INFERENCE_SERVICE), service(""))
    assert refused.status == 422
    assert "name or generateName is required" in refused.message


def test_a_namespace_that_contradicts_the_path_is_refused(cluster: ClusterUnderTest) -> None:
    body = service("a", namespace="other")
    refused = cluster.request("POST", cluster.path(INFERENCE_SERVICE), body)
    assert refused.status == 400
    assert refused.message == (
        "the namespace of the provided object does not match the namespace sent on the request"
    )


def test_a_replacement_of_the_latest_version_is_taken(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    made["spec"]["model"]["name"] = "n"
    replaced = cluster.request("PUT", cluster.path(INFERENCE_SERVICE, "a"), made)
    assert replaced.status == 200
    assert replaced.body["spec"]["model"]["name"] == "n"
    assert replaced.body["metadata"]["generation"] == 2
    assert replaced.body["metadata"]["resourceVersion"] != made["metadata"]["resourceVersion"]


def test_a_replacement_of_an_older_version_is_a_conflict(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE, "a")
    assert cluster.request("PATCH", path, {"metadata": {"labels": {"x": "y"}}}).status == 200
    made["spec"]["model"]["name"] = "n"
    refused = cluster.request("PUT", path, made)
    assert refused.status == 409
    assert refused.body["reason"] == "Conflict"
    assert refused.message == (
        'Operation cannot be fulfilled on inferenceservices.ome.io "a": the object has been '
        "modified; please apply your changes to the latest version and try again"
    )


def test_a_replacement_without_a_version_is_invalid(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    refused = cluster.request("PUT", cluster.path(INFERENCE_SERVICE, "a"), service("a"))
    assert refused.status == 422
    assert refused.message == (
        'inferenceservices.ome.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must '
        "be specified for an update"
    )


def test_a_replacement_without_a_name_is_refused(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    del made["metadata"]["name"]
    refused = cluster.request("PUT", cluster.path(INFERENCE_SERVICE, "a"), made)
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")
    assert "(a based on URL) was undeterminable: name must be provided" in refused.message


def test_a_new_object_brings_no_version(cluster: ClusterUnderTest) -> None:
    path, body = cluster.path(INFERENCE_SERVICE), service("a", resourceVersion="5")
    assert cluster.request("POST", path, body, params={"dryRun": "All"}).status == 201
    refused = cluster.request("POST", path, body)
    assert refused.status == 500
    assert refused.message == "resourceVersion should not be set on objects to be created"


def test_a_replacement_under_another_name_is_refused(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    made["metadata"]["name"] = "b"
    refused = cluster.request("PUT", cluster.path(INFERENCE_SERVICE, "a"), made)
    assert refused.status == 400
    assert refused.message == ("the name of the object (b) does not match the name on the URL (a)")


def test_a_replacement_that_changes_nothing_keeps_the_version(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    replaced = cluster.request("PUT", cluster.path(INFERENCE_SERVICE, "a"), made)
    assert replaced.body["metadata"]["resourceVersion"] == made["metadata"]["resourceVersion"]


def test_labels_do_not_count_as_a_new_generation(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    patch = {"metadata": {"labels": {"x": "y"}}}
    patched = cluster.request("PATCH", cluster.path(INFERENCE_SERVICE, "a"), patch)
    assert patched.body["metadata"]["generation"] == 1


def test_a_deleted_object_is_gone(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    deleted = cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a"))
    assert deleted.status == 200
    assert deleted.body["status"] == "Success"
    assert deleted.body["details"]["uid"] == made["metadata"]["uid"]
    assert cluster.request("GET", cluster.path(INFERENCE_SERVICE, "a")).status == 404
    assert cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a")).status == 404


@pytest.mark.parametrize("part", ["uid", "resourceVersion"])
def test_a_failed_precondition_keeps_the_object(cluster: ClusterUnderTest, part: str) -> None:
    made = _create(cluster, service("a"))
    right = made["metadata"][part]
    path = cluster.path(INFERENCE_SERVICE, "a")
    options: dict[str, Any] = {"kind": "DeleteOptions", "apiVersion": "v1"}
    refused = cluster.request("DELETE", path, options | {"preconditions": {part: "1"}})
    assert (refused.status, refused.body["reason"]) == (409, "Conflict")
    assert "in the precondition (1) does not match" in refused.message
    accepted = cluster.request("DELETE", path, options | {"preconditions": {part: right}})
    assert accepted.status == 200


def test_options_in_the_query_count_for_nothing_beside_a_body(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE, "a")
    body = {"kind": "DeleteOptions", "apiVersion": "v1"}
    assert cluster.request("DELETE", path, body | {"dryRun": ["All"]}).status == 200
    assert cluster.request("GET", path).status == 200
    assert cluster.request("DELETE", path, body, params={"dryRun": "All"}).status == 200
    assert cluster.request("GET", path).status == 404


def test_an_unknown_way_of_deleting_is_invalid(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE, "a")
    refused = cluster.request("DELETE", path, params={"propagationPolicy": "Slow"})
    assert refused.status == 422
    assert refused.message == (
        'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Slow": '
        'supported values: "Foreground", "Background", "Orphan", "nil"'
    )


def test_a_status_cannot_be_deleted(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    refused = cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "a", "status"))
    assert (refused.status, refused.body["reason"]) == (405, "MethodNotAllowed")
    assert cluster.request("GET", cluster.path(INFERENCE_SERVICE, "a")).status == 200


def test_a_finalizer_holds_a_deleted_object(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a", finalizers=["example.com/hold"]))
    path = cluster.path(INFERENCE_SERVICE, "a")
    deleted = cluster.request("DELETE", path)
    assert deleted.status == 200
    assert deleted.body["metadata"]["deletionTimestamp"]
    assert cluster.request("GET", path).status == 200
    released = cluster.request("PATCH", path, {"metadata": {"finalizers": None}})
    assert released.status == 200
    assert cluster.request("GET", path).status == 404


def test_a_terminating_object_takes_changes_but_no_new_finalizer(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a", finalizers=["example.com/hold"]))
    path = cluster.path(INFERENCE_SERVICE, "a")
    cluster.request("DELETE", path)
    assert cluster.request("PATCH", path, {"metadata": {"labels": {"x": "y"}}}).status == 200
    more = {"metadata": {"finalizers": ["example.com/hold", "example.com/more"]}}
    refused = cluster.request("PATCH", path, more)
    assert refused.status == 422
    assert "no new finalizers can be added if the object is being deleted" in refused.message
    cluster.request("PATCH", path, {"metadata": {"finalizers": None}})


def test_what_an_object_owned_is_collected_after_it(cluster: ClusterUnderTest) -> None:
    owner = _create(cluster, service("owner"))
    reference = {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "name": "owner",
        "uid": owner["metadata"]["uid"],
    }
    owned = manifest(CONFIG_MAP, "owned", ownerReferences=[reference])
    assert cluster.request("POST", cluster.path(CONFIG_MAP), owned).status == 201
    cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "owner"))
    path = cluster.path(CONFIG_MAP, "owned")
    eventually(lambda: cluster.request("GET", path).status == 404, timeout=60)


def test_a_namespace_takes_its_content_with_it(cluster: ClusterUnderTest) -> None:
    name = cluster.unique("team")
    cluster.request("POST", NAMESPACE.path(), manifest(NAMESPACE, name))
    cluster.request("POST", INFERENCE_SERVICE.path(name), service("a"))
    assert cluster.request("DELETE", NAMESPACE.path(None, name)).status == 200
    path = INFERENCE_SERVICE.path(name, "a")
    eventually(lambda: cluster.request("GET", path).status == 404, timeout=60)
    eventually(lambda: cluster.request("GET", NAMESPACE.path(None, name)).status == 404, 60)


def test_a_cluster_wide_kind_has_no_namespace(cluster: ClusterUnderTest) -> None:
    name = cluster.unique("gpu")
    spec = {"vendor": "nvidia", "discovery": {}, "capabilities": {}}
    made = cluster.request(
        "POST", ACCELERATOR_CLASS.path(), manifest(ACCELERATOR_CLASS, name, spec=spec)
    )
    assert made.status == 201, made.body
    assert "namespace" not in made.body["metadata"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_dry_run_answers_and_stores_nothing(cluster: ClusterUnderTest, method: str) -> None:
    made = _create(cluster, service("a"))
    body = {
        "POST": service("b"),
        "PUT": made | {"spec": {"model": {"name": "n"}}},
        "PATCH": {"spec": {"model": {"name": "n"}}},
        "DELETE": None,
    }[method]
    path = cluster.path(INFERENCE_SERVICE, None if method == "POST" else "a")
    answer = cluster.request(method, path, body, params={"dryRun": "All"})
    assert answer.status in (200, 201), answer.body
    assert cluster.request("GET", cluster.path(INFERENCE_SERVICE, "b")).status == 404
    assert cluster.request("GET", cluster.path(INFERENCE_SERVICE, "a")).body == made


def test_a_dry_run_finds_what_the_real_one_would(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE)
    assert cluster.request("POST", path, service("a"), params={"dryRun": "All"}).status == 409


def test_malformed_json_is_a_bad_request(cluster: ClusterUnderTest) -> None:
    refused = cluster.request("POST", cluster.path(INFERENCE_SERVICE), "{oops")
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")


def test_an_unknown_format_is_unsupported(cluster: ClusterUnderTest) -> None:
    path = cluster.path(INFERENCE_SERVICE)
    refused = cluster.request("POST", path, "x", content_type="text/plain")
    assert (refused.status, refused.body["reason"]) == (415, "UnsupportedMediaType")
    assert "accepted media types include: application/json" in refused.message


def test_yaml_is_read_as_well(cluster: ClusterUnderTest) -> None:
    text = "apiVersion: ome.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\n"
    text += "spec: {model: {name: m}}\n"
    path = cluster.path(INFERENCE_SERVICE)
    made = cluster.request("POST", path, text, content_type="application/yaml")
    assert (made.status, made.body["spec"]["model"]["name"]) == (201, "m")
