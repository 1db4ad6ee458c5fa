"""OME's own unit tests of its webhooks, replayed through the gate every write passes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.sandbox import admission
from ome_backend.sandbox.objects import Objects

_FOLDER = Path(__file__).resolve().parents[2].parent / "shared/ome/vectors"
_FILES = ("inferenceservice", "servingruntime", "benchmarkjob")
_KEDA = {"ome.io/autoscalerClass": "keda"}
# Expectations of one function alone: a check before or after it speaks first in the whole webhook.
_ALONE = (
    "EngineDecoderValidation/has_engine,_has_decoder_-_should_pass",
    "RuntimeResolution/no_engine_-_should_skip_validation",
    "RuntimeResolution/model_not_found",
    "ValidateKEDAScalingOperator/invalid_",
    "ValidateKEDAScalingThreshold/invalid_",
)
Case = dict[str, Any]


def _service(annotations: dict[str, str] | None = None, **spec: Any) -> Manifest:
    metadata = {"name": "svc", "namespace": "default", "annotations": annotations or {}}
    return {"kind": "InferenceService", "metadata": metadata, "spec": spec}


def _keda(name: str, field: str) -> Callable[[Manifest], Manifest]:
    return lambda given: _service(_KEDA, kedaConfig={name: given[field]})


def _whole(given: Manifest) -> Manifest:
    service: Manifest = given["isvc"]
    return service | {"kind": "InferenceService"}


def _runtime(given: Manifest) -> Manifest:
    return {"kind": "ClusterServingRuntime", "metadata": {"name": "rt"}, "spec": given["spec"]}


def _job(given: Manifest) -> Manifest:
    job: Manifest = given["benchmarkJob"]
    return job | {"kind": "BenchmarkJob"}


_OBJECTS: dict[str, Callable[[Manifest], Manifest]] = {
    "validateKEDAScalingOperator": _keda("scalingOperator", "operator"),
    "validateKEDAScalingThreshold": _keda("scalingThreshold", "threshold"),
    "validateKEDAPrometheusServerAddress": _keda("promServerAddress", "address"),
    "validateKEDAAuthModes": _keda("authModes", "authModes"),
    "validateKEDAConfig": _whole,
    "validateInferenceServiceAutoscaler": _whole,
    "validateModelExists": _whole,
    "validateEngineDecoderConfiguration": _whole,
    "validateInferenceServiceName": _whole,
    "validateRuntimeAndModelResolution": _whole,
    "validateInferenceService": _whole,
    "validateServingRuntimeConfiguration": _runtime,
    "validateAcceleratorClasses": _runtime,
    "validateBenchmarkJob": _job,
}


def _cases() -> list[Case]:
    found: list[Case] = []
    for name in _FILES:
        path = _FOLDER / f"go-webhook-{name}.json"
        found += json.loads(path.read_text())["cases"] if path.exists() else []
    return [
        each for each in found if each["function"] in _OBJECTS and not each["name"].endswith(_ALONE)
    ]


_CASES = _cases()
pytestmark = pytest.mark.skipif(not _CASES, reason="the recorded answers of OME are not here")


def _cluster(case: Case) -> Objects:
    objects = Objects()
    for manifest in [*case.get("cluster", []), *(case["input"].get("c") or [])]:
        objects.create(kinds.BY_NAME[manifest["kind"]], manifest)
    return objects


def _message(case: Case) -> str:
    manifest = _OBJECTS[case["function"]](case["input"])
    kind: Kind = kinds.BY_NAME[manifest["kind"]]
    try:
        admission.review("CREATE", kind, manifest, None, _cluster(case))
    except admission.Refused as refused:
        return refused.message.removeprefix("invalid configuration: ")
    return ""


def _expected(case: Case) -> str:
    return str(
        next((dig(each, "error") for each in case["expected"] if dig(each or {}, "error")), "")
    )


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case['function']}-{case['name']}")
def test_the_gate_says_what_omes_own_tests_expect(case: Case) -> None:
    assert _message(case) == _expected(case)


def test_no_unit_case_is_lost() -> None:
    assert len(_CASES) == 123
