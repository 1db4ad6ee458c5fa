"""OME's own unit tests of its webhooks, replayed function by function."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from ome_backend import admission
from ome_backend.admission import (
    autoscaling,
    benchmark_rules,
    keda,
    predictor,
    priorities,
    runtime_rules,
    service_defaults,
    service_rules,
)
from ome_backend.errors import FieldProblem
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from tests.admission.vectors import ABSENT, Case, Cluster, cases, without_marks

_FILES = ("inferenceservice", "servingruntime", "benchmarkjob")
_GO_TYPES = "a Go object of another type never comes through the API server"
_SPOKEN_FOR = "the check before it speaks first, in other words"
EXCLUDED = {
    "TestDefault/conversion_error": _GO_TYPES,
    "TestValidatorErrorPaths/ValidateCreate_with_invalid_object_type": _GO_TYPES,
    "TestValidatorErrorPaths/ValidateUpdate_with_invalid_object_type": _GO_TYPES,
    "TestValidatorErrorPaths/ValidateDelete_with_invalid_object_type": _GO_TYPES,
    "TestPredictorMigrationWithEnvironmentVariable/env_var_set_to_'false'_-_migration_should_not_happen": (
        "the environment of OME's manager cannot be seen from outside"
    ),
    "TestInferenceService_RuntimeResolution/model_not_found": _SPOKEN_FOR,
    "TestResolveModelAndRuntime_Comprehensive/model_not_found": _SPOKEN_FOR,
}
EMPTY = Cluster()


def _cluster(case: Case) -> Cluster:
    return Cluster([*case.get("cluster", []), *(case["input"].get("c") or [])])


def _first(found: Iterable[FieldProblem]) -> str:
    return next((each.message for each in found), "")


def _service(case: Case) -> Manifest:
    given: Manifest = case["input"]["isvc"]
    return given | {"kind": "InferenceService"}


def _default(case: Case) -> Any:
    mode = (case["input"]["deployConfig"] or {}).get("defaultDeploymentMode", "")
    return service_defaults.filled(case["input"]["isvc"], mode, _cluster(case))


def _migrate(case: Case) -> Any:
    service = copy.deepcopy(case["input"]["isvc"])
    try:
        predictor.migrate(service, _cluster(case))
    except admission.Refused as refused:
        return refused.message
    return service


def _component(name: str) -> Callable[[Case], Any]:
    def default(case: Case) -> Any:
        service = {"metadata": {}, "spec": {name: case["input"][name]}}
        return service_defaults.filled(service, "", EMPTY)["spec"][name]

    return default


def _hpa(case: Case) -> str:
    annotations = {autoscaling.CLASS: "hpa", autoscaling.METRIC: case["input"]["metric"]}
    return _first(autoscaling.problems({"metadata": {"annotations": annotations}}))


def _resolution(case: Case) -> Any:
    answer = service_rules.resolution(_service(case), _cluster(case))
    return [each.message for each in answer.warnings], _first(answer.problems)


def _selection(case: Case) -> Any:
    answer = service_rules.selection(_service(case), _cluster(case))
    said = [*case["input"]["warnings"], *(each.message for each in answer.warnings)]
    return said, _first(answer.problems)


def _validated(name: str) -> Callable[[Case], str]:
    return lambda case: _first(
        service_rules.validate(
            kinds.INFERENCE_SERVICE, case["input"][name], _cluster(case)
        ).problems
    )


def _deleted(case: Case) -> str:
    known, given = _cluster(case), case["input"]["obj"]
    assert admission.review("DELETE", kinds.INFERENCE_SERVICE, given, given, known).warnings == ()
    return ""


def _conflict(case: Case) -> str:
    mine, theirs = (
        {"metadata": {"name": case["input"][f"{each}RuntimeName"]}, "spec": case["input"][f"{each}Spec"]}
        for each in ("new", "existing")
    )  # fmt: skip
    return _first(priorities.shared(mine, theirs, priorities.identical))


def _same_range(case: Case) -> Any:
    mine, theirs = ({"modelSizeRange": case["input"][name]} for name in ("range1", "range2"))
    return priorities.same_range(mine, theirs)


def _annotated(case: Case) -> str:
    runtime = {"metadata": {"name": "rt"}, "spec": case["input"]["servingRuntime"]}
    return _first(runtime_rules.validate(kinds.SERVING_RUNTIME, runtime, EMPTY).problems)


def _benchmark(case: Case) -> str:
    job = case["input"]["benchmarkJob"]
    return _first(benchmark_rules.validate(kinds.BENCHMARK_JOB, job, EMPTY).problems)


def _scenarios(case: Case) -> str:
    given = case["input"]
    return _first(benchmark_rules.scenarios(given["task"], tuple(given["scenarios"])))


REPLAYED: dict[str, Callable[[Case], Any]] = {
    "DefaultInferenceService": _default,
    "isPredictorUsed": lambda case: predictor.used(case["input"]["isvc"]),
    "migrateFromPredictorToNewArchitecture": _migrate,
    "defaultEngine": _component("engine"),
    "defaultDecoder": _component("decoder"),
    "defaultRouter": _component("router"),
    "ValidateCreate": _validated("obj"),
    "ValidateUpdate": _validated("newObj"),
    "ValidateDelete": _deleted,
    "validateInferenceServiceName": lambda case: _first(
        service_rules.name_problems(_service(case))
    ),
    "validateInferenceServiceAutoscaler": lambda case: _first(autoscaling.problems(_service(case))),
    "validateAutoscalerTargetUtilizationPercentage": lambda case: _first(
        autoscaling.problems(_service(case))
    ),
    "validateHPAMetrics": _hpa,
    "validateEngineDecoderConfiguration": lambda case: _first(
        service_rules.component_problems(_service(case))
    ),
    "hasFullRunnerConfig": lambda case: service_rules.complete(case["input"]["engine"] or {}),
    "validateRuntimeAndModelResolution": _resolution,
    "validateInferenceService": _validated("isvc"),
    "resolveModelAndRuntime": _selection,
    "validateModelExists": lambda case: _first(
        service_rules.model_problems(_service(case), _cluster(case))
    ),
    "validateKEDAConfig": lambda case: _first(keda.problems(_service(case))),
    "validateKEDAScalingOperator": lambda case: keda.operator(case["input"]["operator"]),
    "validateKEDAScalingThreshold": lambda case: keda.threshold(case["input"]["threshold"]),
    "validateKEDAPrometheusServerAddress": lambda case: keda.address(case["input"]["address"]),
    "validateKEDAAuthModes": lambda case: keda.auth_modes(case["input"]["authModes"]),
    "validateServingRuntimePriority": _conflict,
    "validateServingRuntimeAnnotations": _annotated,
    "validateServingRuntimeConfiguration": lambda case: _first(
        runtime_rules.configuration(case["input"]["spec"])
    ),
    "validateModelFormatPrioritySame": lambda case: _first(
        priorities.own(case["input"]["newSpec"])
    ),
    "areModelSizeRangesEqual": _same_range,
    "validateAcceleratorClasses": lambda case: _first(
        runtime_rules.accelerators(case["input"]["spec"], _cluster(case))
    ),
    "validateBenchmarkJob": _benchmark,
    "validateEndpoint": lambda case: _first(benchmark_rules.endpoint(case["input"]["endpoint"])),
    "validateTrafficScenarios": _scenarios,
    "validateAdditionalRequestParams": lambda case: _first(
        benchmark_rules.parameters(case["input"]["params"])
    ),
    "validateStorage": lambda case: _first(benchmark_rules.storage(case["input"]["storage"])),
}
_CHANGED = {
    "DefaultInferenceService": "isvc",
    "migrateFromPredictorToNewArchitecture": "isvc",
    "defaultEngine": "engine",
    "defaultDecoder": "decoder",
    "defaultRouter": "router",
}


def _error(case: Case) -> str:
    returned = case["expected"]
    return str(next((each["error"] for each in returned if isinstance(each, dict)), ""))


def _expected(case: Case) -> Any:
    returned, name = case["expected"], case["function"]
    if name in _CHANGED:
        after = case.get("expectedArgsAfter") or case["input"]
        return _error(case) or after[_CHANGED[name]]
    if name in ("validateRuntimeAndModelResolution", "resolveModelAndRuntime"):
        return returned[0] or [], _error(case)
    return returned[0] if isinstance(returned[0], bool) else _error(case)


_ALL = [each for name in _FILES for each in cases(f"go-webhook-{name}")]
pytestmark = pytest.mark.skipif(not _ALL, reason=ABSENT)


def _parameter(case: Case) -> Any:
    """A case that is excluded shows up as skipped, with the reason."""
    reason = EXCLUDED.get(case["name"])
    marks = [pytest.mark.skip(reason=reason)] if reason else []
    return pytest.param(case, marks=marks, id=f"{case['function']}-{case['name']}")


@pytest.mark.parametrize("case", map(_parameter, _ALL))
def test_a_rule_decides_as_omes_own_tests_expect(case: Case) -> None:
    assert without_marks(REPLAYED[case["function"]](case)) == without_marks(_expected(case))


def test_no_case_is_lost() -> None:
    excluded = [each["name"] for each in _ALL if each["name"] in EXCLUDED]
    assert (len(_ALL), len(excluded)) == (258, 7)
    assert sorted(excluded) == sorted(EXCLUDED)
