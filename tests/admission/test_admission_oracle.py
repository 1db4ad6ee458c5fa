"""OME's admission webhooks, case by case against what the real ones answered."""

from typing import Any

import pytest

from ome_backend import admission
from ome_backend.admission import service_defaults
from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.manifest import Manifest
from tests.admission.vectors import ABSENT, Case, Cluster, cases, config_map, without_marks

_CASES = cases("oracle-webhook")
_ON_A_LIVE_CLUSTER = [each for each in _CASES if each["crdDefaults"]]
_DEFAULTED = [each for each in _CASES if "apiVersion" in (each["expected"].get("default") or {})]
pytestmark = pytest.mark.skipif(not _CASES, reason=ABSENT)


def _manifest(case: Case) -> Manifest:
    given: Manifest = case["input"]["object"]
    return with_defaults(given) if case["crdDefaults"] else given


def _cluster(case: Case) -> Cluster:
    objects = case["input"]["objects"]
    configured = case["input"].get("configMap")
    held = [with_defaults(each) if case["crdDefaults"] else each for each in objects]
    return Cluster([*held, *([config_map(**configured)] if configured else [])])


def _answer(case: Case) -> tuple[str, list[str]]:
    manifest = _manifest(case)
    kind = kinds.BY_NAME[manifest["kind"]]
    try:
        admitted = admission.review("CREATE", kind, manifest, None, _cluster(case))
    except admission.Refused as refused:
        return refused.message, []
    return "", list(admitted.warnings)


def _expected(case: Case) -> tuple[str, list[str]]:
    default = case["expected"].get("default") or {}
    if "error" in default:
        return default["error"]["message"], []
    said = case["expected"]["validate"]
    if "allowed" in said:
        return ("" if said["allowed"] else said["message"]), []
    return (said["error"] or {}).get("message", ""), said["warnings"] or []


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_a_webhook_answers_as_the_real_one_did(case: Case) -> None:
    assert _answer(case) == _expected(case)


@pytest.mark.parametrize("case", _DEFAULTED, ids=lambda case: case["name"])
def test_a_service_is_defaulted_as_by_the_real_webhook(case: Case) -> None:
    filled = service_defaults.default(_manifest(case), _cluster(case))
    assert without_marks(filled) == without_marks(case["expected"]["default"])


@pytest.mark.parametrize("case", _ON_A_LIVE_CLUSTER, ids=lambda case: case["name"])
def test_the_first_objection_is_what_the_real_webhook_said(case: Case) -> None:
    given: dict[str, Any] = case["input"]["object"]
    found = admission.objections(kinds.BY_NAME[given["kind"]], given, _cluster(case))
    message, _ = _expected(case)
    assert [each.message for each in found][:1] == ([message] if message else [])
    assert all(each.path for each in found if "deployment mode" not in each.message)


def test_no_case_is_lost() -> None:
    assert len(_CASES) == 118
    assert len(_ON_A_LIVE_CLUSTER) == 115
    assert len(_DEFAULTED) == 74
