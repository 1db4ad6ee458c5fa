"""OME's admission webhooks, case by case against what the real ones answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox import admission
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.webhooks import service_defaults

_VECTORS = Path(__file__).resolve().parents[2].parent / "shared/ome/vectors/oracle-webhook.json"
_CASES: list[dict[str, Any]] = (
    json.loads(_VECTORS.read_text())["cases"] if _VECTORS.exists() else []
)
pytestmark = pytest.mark.skipif(not _CASES, reason="the recorded answers of OME are not here")


def _defaulted(case: dict[str, Any], manifest: Manifest) -> Manifest:
    return with_defaults(manifest) if case["crdDefaults"] else manifest


def _cluster(case: dict[str, Any]) -> Objects:
    objects = Objects(None)
    for manifest in case["input"]["objects"]:
        objects.create(kinds.BY_NAME[manifest["kind"]], _defaulted(case, manifest))
    if case["input"].get("configMap"):
        config = {
            "metadata": {"name": "inferenceservice-config", "namespace": "ome"},
            "data": case["input"]["configMap"],
        }
        objects.create(kinds.CONFIG_MAP, config)
    return objects


def _answer(case: dict[str, Any]) -> tuple[str, list[str]]:
    manifest = _defaulted(case, case["input"]["object"])
    kind: Kind = kinds.BY_NAME[manifest["kind"]]
    try:
        admitted = admission.review("CREATE", kind, manifest, None, _cluster(case))
    except admission.Refused as refused:
        return refused.message, []
    return "", list(admitted.warnings)


def _expected(case: dict[str, Any]) -> tuple[str, list[str]]:
    default = case["expected"].get("default") or {}
    if "error" in default:
        return default["error"]["message"], []
    said = case["expected"]["validate"]
    if "allowed" in said:
        return ("" if said["allowed"] else said["message"]), []
    return (said["error"] or {}).get("message", ""), said["warnings"] or []


def _without_serialisation_marks(value: Any) -> Any:
    """Go writes empty structs where nothing was given; the cluster's objects do not need them."""
    if not isinstance(value, dict):
        return (
            [_without_serialisation_marks(each) for each in value]
            if isinstance(value, list)
            else value
        )
    marks: dict[str, Any] = {"predictor": {}, "resources": {}, "creationTimestamp": None}
    return {
        name: _without_serialisation_marks(each)
        for name, each in value.items()
        if name != "status" and each != "" and not (name in marks and each == marks[name])
    }


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_a_webhook_answers_as_the_real_one_did(case: dict[str, Any]) -> None:
    assert _answer(case) == _expected(case)


@pytest.mark.parametrize(
    "case",
    [each for each in _CASES if "apiVersion" in (each["expected"].get("default") or {})],
    ids=lambda case: case["name"],
)
def test_a_service_is_defaulted_as_by_the_real_webhook(case: dict[str, Any]) -> None:
    filled = service_defaults.default(_defaulted(case, case["input"]["object"]), _cluster(case))
    expected = case["expected"]["default"]
    assert _without_serialisation_marks(filled) == _without_serialisation_marks(expected)


def test_no_case_is_lost() -> None:
    assert len(_CASES) == 118
