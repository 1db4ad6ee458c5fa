"""Server-side apply: who owns which field, as on any API server."""

from typing import Any

import pytest

from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest
from tests.support.cluster import ClusterUnderTest, Response, service

pytestmark = pytest.mark.cluster

APPLY = "application/apply-patch+yaml"


def _apply(cluster: ClusterUnderTest, engine: Any, *, by: str = "one", **params: str) -> Response:
    body = service("a", spec={"engine": engine})
    return _send(cluster, body, fieldManager=by, **params)


def _send(cluster: ClusterUnderTest, body: Any, **params: str) -> Response:
    path = cluster.path(INFERENCE_SERVICE, "a")
    return cluster.request("PATCH", path, body, params=params, content_type=APPLY)


def _owned(response: Response) -> dict[tuple[str, str], Manifest]:
    entries = response.body["metadata"]["managedFields"]
    return {(entry["manager"], entry["operation"]): entry["fieldsV1"] for entry in entries}


def test_an_apply_creates(cluster: ClusterUnderTest) -> None:
    made = _apply(cluster, {"minReplicas": 1})
    assert made.status == 201
    engine = _owned(made)["one", "Apply"]["f:spec"]["f:engine"]
    assert engine == {"f:minReplicas": {}}


def test_an_apply_may_come_as_yaml(cluster: ClusterUnderTest) -> None:
    text = "apiVersion: ome.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\n"
    made = _send(cluster, text + "spec: {model: {name: m}}\n", fieldManager="one")
    assert (made.status, made.body["spec"]["model"]["name"]) == (201, "m")


def test_the_same_apply_again_changes_nothing(cluster: ClusterUnderTest) -> None:
    made = _apply(cluster, {"minReplicas": 1})
    again = _apply(cluster, {"minReplicas": 1})
    assert (again.status, again.body) == (200, made.body)


def test_what_is_no_longer_applied_goes(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1, "maxReplicas": 2})
    less = _apply(cluster, {"minReplicas": 1})
    assert less.body["spec"]["engine"] == {"minReplicas": 1}


def test_what_another_manager_set_stays(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1})
    both = _apply(cluster, {"maxReplicas": 2}, by="two")
    assert both.body["spec"]["engine"] == {"minReplicas": 1, "maxReplicas": 2}
    first = _apply(cluster, {})
    assert first.body["spec"]["engine"] == {"maxReplicas": 2}


def test_managers_of_one_value_share_it(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1})
    shared = _apply(cluster, {"minReplicas": 1}, by="two")
    assert shared.status == 200
    assert {manager for manager, _ in _owned(shared)} == {"one", "two"}
    assert _apply(cluster, {}).body["spec"]["engine"] == {"minReplicas": 1}


def test_a_field_of_another_manager_is_a_conflict(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1})
    refused = _apply(cluster, {"minReplicas": 2}, by="two")
    assert (refused.status, refused.body["reason"]) == (409, "Conflict")
    assert refused.message == (
        'Apply failed with 1 conflict: conflict with "one": .spec.engine.minReplicas'
    )
    assert refused.body["details"]["causes"] == [
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "one"',
            "field": ".spec.engine.minReplicas",
        }
    ]


def test_several_conflicts_are_all_named(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1, "maxReplicas": 3})
    refused = _apply(cluster, {"minReplicas": 2, "maxReplicas": 4}, by="two")
    assert refused.message == (
        'Apply failed with 2 conflicts: conflicts with "one":\n'
        "- .spec.engine.maxReplicas\n- .spec.engine.minReplicas"
    )


def test_force_takes_a_field_over(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1})
    forced = _apply(cluster, {"minReplicas": 2}, by="two", force="true")
    assert (forced.status, forced.body["spec"]["engine"]["minReplicas"]) == (200, 2)
    assert "f:engine" not in _owned(forced)["one", "Apply"]["f:spec"]


def test_an_update_owns_what_it_changes(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {"minReplicas": 1, "maxReplicas": 3})
    path = cluster.path(INFERENCE_SERVICE, "a")
    patch = {"spec": {"engine": {"minReplicas": 2}}}
    patched = cluster.request("PATCH", path, patch, params={"fieldManager": "kubectl-edit"})
    owned = _owned(patched)
    assert owned["kubectl-edit", "Update"]["f:spec"]["f:engine"] == {"f:minReplicas": {}}
    assert owned["one", "Apply"]["f:spec"]["f:engine"] == {"f:maxReplicas": {}}
    refused = _apply(cluster, {"minReplicas": 3, "maxReplicas": 3})
    assert refused.message == (
        'Apply failed with 1 conflict: conflict with "kubectl-edit" using ome.io/v1beta1: '
        ".spec.engine.minReplicas"
    )


def test_the_status_door_is_named_in_managed_fields(cluster: ClusterUnderTest) -> None:
    _apply(cluster, {})
    path = cluster.path(INFERENCE_SERVICE, "a", "status")
    patch = {"status": {"url": "http://a"}}
    patched = cluster.request("PATCH", path, patch, params={"fieldManager": "controller"})
    entries = patched.body["metadata"]["managedFields"]
    entry = next(entry for entry in entries if entry["manager"] == "controller")
    assert entry["subresource"] == "status"
    assert "f:url" in entry["fieldsV1"]["f:status"]


def test_items_of_keyed_lists_are_merged(cluster: ClusterUnderTest) -> None:
    def containers(*items: Manifest) -> Manifest:
        return service("a", spec={"engine": {"runner": {"name": "r", "env": list(items)}}})

    _send(cluster, containers({"name": "A", "value": "1"}), fieldManager="one")
    merged = _send(cluster, containers({"name": "B", "value": "2"}), fieldManager="two")
    names = [item["name"] for item in merged.body["spec"]["engine"]["runner"]["env"]]
    assert names == ["A", "B"]
    refused = _send(cluster, containers({"name": "A", "value": "2"}), fieldManager="two")
    assert refused.body["details"]["causes"][0]["field"] == (
        '.spec.engine.runner.env[name="A"].value'
    )
    less = _send(cluster, containers(), fieldManager="two")
    assert [item["name"] for item in less.body["spec"]["engine"]["runner"]["env"]] == ["A"]


def test_a_dry_run_shows_the_result_and_keeps_none(cluster: ClusterUnderTest) -> None:
    made = _apply(cluster, {"minReplicas": 1})
    dry = _apply(cluster, {"minReplicas": 2}, by="two", force="true", dryRun="All")
    assert dry.body["spec"]["engine"]["minReplicas"] == 2
    assert cluster.request("GET", cluster.path(INFERENCE_SERVICE, "a")).body == made.body


def test_an_apply_names_its_manager(cluster: ClusterUnderTest) -> None:
    refused = _send(cluster, service("a"))
    assert refused.status == 422
    assert "fieldManager: Required value: is required for apply patch" in refused.message


def test_an_apply_brings_no_managed_fields(cluster: ClusterUnderTest) -> None:
    body = service("a", managedFields=[{"manager": "x", "operation": "Apply"}])
    refused = _send(cluster, body, fieldManager="one")
    assert (refused.status, refused.message) == (400, "metadata.managedFields must be nil")


def test_a_field_nobody_declared_cannot_be_applied(cluster: ClusterUnderTest) -> None:
    refused = _send(cluster, service("a", spec={"oops": 1}), fieldManager="one")
    assert refused.status == 500
    assert refused.message == (
        "failed to create typed patch object (/a; ome.io/v1beta1, Kind=InferenceService): "
        ".spec.oops: field not declared in schema"
    )


def test_an_older_version_cannot_be_applied(cluster: ClusterUnderTest) -> None:
    made = _apply(cluster, {"minReplicas": 1}).body
    _apply(cluster, {"minReplicas": 2})
    body = service("a", resourceVersion=made["metadata"]["resourceVersion"])
    assert _send(cluster, body, fieldManager="one").status == 409
