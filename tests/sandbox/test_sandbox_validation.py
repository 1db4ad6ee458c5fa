"""Unknown and invalid fields: the words of the API server."""

from typing import Any

import pytest

from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest
from tests.support.cluster import ClusterUnderTest, Response, manifest, service

pytestmark = pytest.mark.cluster

STRANGE = {"deployment": 1, "model": {"name": "m", "modelName": "n"}}


def _create(cluster: ClusterUnderTest, body: Manifest, validation: str = "") -> Response:
    params = {"fieldValidation": validation} if validation else {}
    return cluster.request("POST", cluster.path(INFERENCE_SERVICE), body, params=params)


def test_strict_validation_names_every_unknown_field(cluster: ClusterUnderTest) -> None:
    refused = _create(cluster, service("a", spec=STRANGE), "Strict")
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")
    assert refused.message == (
        'InferenceService in version "v1beta1" cannot be handled as a InferenceService: strict '
        'decoding error: unknown field "spec.deployment", unknown field "spec.model.modelName"'
    )


@pytest.mark.parametrize("validation", ["", "Warn"])
def test_unknown_fields_are_dropped_with_a_warning(
    cluster: ClusterUnderTest, validation: str
) -> None:
    made = _create(cluster, service("a", spec=STRANGE), validation)
    assert made.status == 201
    assert sorted(made.warnings) == [
        '299 - "unknown field \\"spec.deployment\\""',
        '299 - "unknown field \\"spec.model.modelName\\""',
    ]
    assert "deployment" not in made.body["spec"]
    assert "modelName" not in made.body["spec"]["model"]


def test_unknown_fields_can_be_ignored(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a", spec=STRANGE), "Ignore")
    assert (made.status, made.warnings) == (201, [])
    assert "deployment" not in made.body["spec"]


def test_unknown_metadata_is_unknown_as_well(cluster: ClusterUnderTest) -> None:
    refused = _create(cluster, service("a", nickname="x"), "Strict")
    assert refused.status == 400
    assert 'unknown field "metadata.nickname"' in refused.message


def test_a_strict_patch_is_invalid_with_an_unknown_field(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE, "a")
    strict = {"fieldValidation": "Strict"}
    refused = cluster.request("PATCH", path, {"spec": {"oops": 1}}, params=strict)
    assert refused.status == 422
    assert 'strict decoding error: unknown field "spec.oops"' in refused.message


def test_a_way_to_validate_that_does_not_exist_is_invalid(cluster: ClusterUnderTest) -> None:
    refused = _create(cluster, service("a"), "Harsh")
    assert refused.status == 422
    assert 'fieldValidation: Unsupported value: "Harsh": supported values: ' in refused.message


@pytest.mark.parametrize(
    ("spec", "field", "reason", "words"),
    [
        pytest.param(
            {"model": {}}, "spec.model.name", "FieldValueRequired", "Required value", id="required"
        ),
        pytest.param(
            {"engine": {"minReplicas": "two"}},
            "spec.engine.minReplicas",
            "FieldValueTypeInvalid",
            "must be of type integer",
            id="type",
        ),
        pytest.param(
            {"acceleratorSelector": {"policy": "Luckiest"}},
            "spec.acceleratorSelector.policy",
            "FieldValueNotSupported",
            'Unsupported value: "Luckiest": supported values: ',
            id="choice",
        ),
    ],
)
def test_what_breaks_the_schema_is_invalid(
    cluster: ClusterUnderTest, spec: Any, field: str, reason: str, words: str
) -> None:
    refused = _create(cluster, manifest(INFERENCE_SERVICE, "a", spec=spec))
    assert (refused.status, refused.body["reason"]) == (422, "Invalid")
    assert refused.message.startswith(f'InferenceService.ome.io "a" is invalid: {field}: ')
    assert words in refused.message
    cause = refused.body["details"]["causes"][0]
    assert (cause["field"], cause["reason"]) == (field, reason)


def test_several_problems_are_listed_together(cluster: ClusterUnderTest) -> None:
    spec = {"model": {}, "acceleratorSelector": {"policy": "Luckiest"}}
    refused = _create(cluster, manifest(INFERENCE_SERVICE, "a", spec=spec))
    assert 'InferenceService.ome.io "a" is invalid: [' in refused.message
    assert len(refused.body["details"]["causes"]) == 2


def test_defaults_of_the_schema_are_filled_in(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a"))
    assert made.body["spec"]["model"]["kind"] == "ClusterBaseModel"


def test_a_null_is_no_value(cluster: ClusterUnderTest) -> None:
    made = _create(cluster, service("a", spec={"runtime": None}))
    assert (made.status, "runtime" in made.body["spec"]) == (201, False)


def test_an_empty_spec_is_accepted(cluster: ClusterUnderTest) -> None:
    assert _create(cluster, manifest(INFERENCE_SERVICE, "a", spec={})).status == 201


def test_a_status_is_checked_as_well(cluster: ClusterUnderTest) -> None:
    _create(cluster, service("a"))
    path = cluster.path(INFERENCE_SERVICE, "a", "status")
    patch = {"status": {"modelStatus": {"lastFailureInfo": {"reason": "BaseModelDisabled"}}}}
    refused = cluster.request("PATCH", path, patch)
    assert refused.status == 422
    assert (
        'status.modelStatus.lastFailureInfo.reason: Unsupported value: "BaseModelDisabled": '
        "supported values: "
    ) in refused.message


def test_another_api_version_is_refused(cluster: ClusterUnderTest) -> None:
    refused = _create(cluster, service("a") | {"apiVersion": "ome.io/v9"})
    assert refused.status == 400
    assert "does not match the expected API version (ome.io/v1beta1)" in refused.message


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"labels": {"x": 1}}, "number into Go struct field ObjectMeta.labels of type string"),
        ({"labels": []}, "array into Go struct field ObjectMeta.labels of type map[string]string"),
        ({"name": 5}, "number into Go struct field ObjectMeta.name of type string"),
        ({"generation": "x"}, "string into Go struct field ObjectMeta.generation of type int64"),
    ],
)
def test_metadata_of_another_type_is_refused(
    cluster: ClusterUnderTest, metadata: Manifest, words: str
) -> None:
    refused = _create(cluster, service("a") | {"metadata": {"name": "a"} | metadata})
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")
    assert f"cannot be handled as a InferenceService: json: cannot unmarshal {words}" in (
        refused.message
    )


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"finalizers": ["a b"]}, "metadata.finalizers"),
        ({"ownerReferences": [{"name": "x"}]}, "metadata.ownerReferences.uid"),
    ],
)
def test_unusable_metadata_is_invalid(
    cluster: ClusterUnderTest, metadata: Manifest, field: str
) -> None:
    refused = _create(cluster, service("a", **metadata))
    assert refused.status == 422
    assert field in [cause["field"] for cause in refused.body["details"]["causes"]]


def test_a_label_of_nothing_is_empty(cluster: ClusterUnderTest) -> None:
    assert _create(cluster, service("a", labels={"x": None})).body["metadata"]["labels"] == {
        "x": ""
    }


def test_an_object_of_no_kind_is_refused(cluster: ClusterUnderTest) -> None:
    refused = _create(cluster, {"metadata": {"name": "a"}})
    assert refused.status == 400
    assert "Object 'Kind' is missing in" in refused.message


PORT = "spec.engine.runner.ports[0].containerPort"
CPU = "spec.engine.runner.resources.limits.cpu"


@pytest.mark.parametrize(
    ("runner", "causes"),
    [
        pytest.param(
            {"ports": [{"containerPort": 99999999999}]},
            [("<nil>", f"Checked value must be of type integer with format int32 in {PORT}")],
            id="too large",
        ),
        pytest.param(
            {"ports": [{"containerPort": 1.5}]},
            [
                (PORT, f'{PORT} in body must be of type int32: "float64"'),
                ("<nil>", f"Checked value must be of type integer with format int32 in {PORT}"),
            ],
            id="no whole number",
        ),
        pytest.param(
            {"resources": {"limits": {"cpu": True}}},
            [
                (CPU, f'{CPU} in body must be of type integer,string: "boolean"'),
                ("<nil>", f'"{CPU}" must validate at least one schema (anyOf)'),
                (CPU, f'{CPU} in body must be of type integer: "boolean"'),
            ],
            id="no quantity",
        ),
    ],
)
def test_some_values_are_refused_in_several_ways(
    cluster: ClusterUnderTest, runner: Manifest, causes: list[tuple[str, str]]
) -> None:
    body = service("a", spec={"engine": {"runner": {"name": "c"} | runner}})
    found = _create(cluster, body).body["details"]["causes"]
    told = [(cause["field"], cause["message"].split(": ", 2)[-1]) for cause in found]
    assert told == causes


def test_entries_with_the_same_key_are_duplicates(cluster: ClusterUnderTest) -> None:
    env = [{"name": "x", "value": "1"}, {"name": "x", "value": "2"}]
    body = service("a", spec={"engine": {"runner": {"name": "c", "env": env}}})
    assert _create(cluster, body).message == (
        'InferenceService.ome.io "a" is invalid: spec.engine.runner.env[1]: Duplicate value: '
        '{"name":"x"}'
    )
