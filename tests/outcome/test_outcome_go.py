"""OME's own unit tests of its controllers, replayed function by function."""

import copy
import sys
from collections import Counter
from typing import Any

import pytest

from ome_backend.facts.failure import Failure
from ome_backend.outcome import (
    arguments,
    benchmark_arguments,
    component_status,
    deployment_mode,
    exposure,
    fine_tuning,
    host_names,
    ingress_config,
    keda,
    merging,
    model_status,
    pods,
    predictor,
    runner,
)
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, key_of
from tests.outcome.vectors import ABSENT, Case, Cluster, Replay, cases, settled

_FILES = ("isvc-utils", "isvc-status", "ingress-domain", "keda", "benchmark-utils")
# Every function of the files is either replayed below or has its reason here.
LEFT_OUT = {
    "PropagateStatus": "copies a Knative Service's status: the console reads what OME made of it",
    "PropagateCrossComponentStatus": "conditions of Knative's routes, which Ready does not count",
    "UpdateModelTransitionStatus": "OME calls it nowhere: InvalidSpec is never written",
    "SetModelFailureInfo": "assigns one field; what is assigned is replayed with the state",
}
# Cases of Go alone, by name.
EXCLUDED = {
    "TestIsMergedFineTunedWeight/invalid_json_configuration": (
        "no object with broken JSON in it comes through the API server"
    ),
    "TestDefaultDomainService_GenerateDomainName/unsupported_object_type": (
        "a Go value of another type: metadata is a mapping here"
    ),
}
REPLAYED = {
    "isvc-utils": 164,
    "isvc-status": 44,
    "ingress-domain": 48,
    "keda": 12,
    "benchmark-utils": 26,
}


def _cluster(case: Case) -> Cluster:
    return Cluster([_kinded(each) for each in case["input"].get("c") or []])


def _kinded(manifest: Manifest) -> Manifest:
    return {"kind": "InferenceService"} | manifest


def _returned(case: Case) -> tuple[Any, Any]:
    """What Go returned: the value, None beside an error, and the text of the error."""
    value, error = case["expected"]
    return (None, error["error"]) if error else (settled(value), None)


def _with_error(found: Any) -> tuple[Any, Any]:
    return (None, found.text) if isinstance(found, Failure) else (settled(found), None)


def _ingress(case: Case) -> tuple[Any, Any]:
    base = ingress_config.of(case["input"]["baseConfig"])
    found = ingress_config.resolved(base, case["input"]["annotations"])
    return found, ingress_config.of(case["expected"][0])


def _mode(case: Case) -> tuple[Any, Any]:
    found = deployment_mode.named(case["input"]["annotations"])
    return [found, bool(found)], case["expected"]


def _service_mode(case: Case) -> tuple[Any, Any]:
    configured = case["input"]["deployConfig"].get("defaultDeploymentMode", "")
    found = deployment_mode.of_service(case["input"]["annotations"], configured)
    return [found], case["expected"]


def _engine_mode(case: Case) -> tuple[Any, Any]:
    return [deployment_mode.of_engine(case["input"]["engine"]).name], case["expected"]


def _entrypoint(case: Case) -> tuple[Any, Any]:
    return [deployment_mode.entrypoint(case["input"]["isvc"]["spec"])], case["expected"]


def _args(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = arguments.merged(given["containerArgs"] or [], given["overrideArgs"] or [])
    return found, case["expected"][0] or []


def _number(rule: Any, field: str) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        given = case["input"]
        found = rule(given[field], given["key"], given["value"])
        return [given[field] if found is None else found, found is not None], case["expected"]

    return replay


def _merged(part: str) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        given = case["input"]
        found = merging.component(given[f"runtime{part}"], given[f"isvc{part}"])
        return settled(found), settled(case["expected"][0])

    return replay


def _merged_weight(case: Case) -> tuple[Any, Any]:
    return fine_tuning.merged_weights(case["input"]["fineTunedWeight"]), case["expected"][0]


def _annotated(rule: Any) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        given = case["input"]
        metadata = given.get("servingPodObjectMeta", given)
        return rule(metadata.get("annotations", {})), case["expected"][0]

    return replay


def _mount(case: Case) -> tuple[Any, Any]:
    found = runner.with_mount(case["input"]["container"], case["input"]["volumeMount"])
    return found, _after(case, "container")


def _variable(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    variable = given["envVar"]
    found = runner.with_variable(given["container"], variable["name"], variable["value"])
    return found, _after(case, "container")


def _after(case: Case, field: str) -> Any:
    return case.get("expectedArgsAfter", {}).get(field, case["input"][field])


def _target_port(case: Case) -> tuple[Any, Any]:
    found = exposure.target_port(case["input"]["isvc"], case["input"]["c"])
    return _with_error(found), _returned(case)


def _ready_node(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    meta = given["baseModelMeta"]
    model = None if meta is None else Key(meta.get("namespace", ""), meta["name"])
    return pods.with_ready_node(given["podSpec"], model), _after(case, "podSpec")


def _predictor_used(case: Case) -> tuple[Any, Any]:
    return [predictor.used(case["input"]["isvc"])], case["expected"]


def _migrated(rule: Any) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        found = rule(case["input"]["isvc"], _cluster(case))
        error = (case["expected"][0] or {}).get("error")
        if isinstance(found, Failure) or error:
            return _with_error(found), (None, error)
        return settled(found), settled(_after(case, "isvc"))

    return replay


def _model_kind(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = predictor.model_kind(given["modelName"], given["namespace"], _cluster(case))
    return _with_error(found), _returned(case)


def _raw(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = component_status.with_deployment(
        given["status"], given["component"], given["deployment"], given["url"]
    )
    return settled(found), settled(_after(case, "status"))


def _multi_node(case: Case) -> tuple[Any, Any]:
    """The vectors leave out the annotation that the revision comes from."""
    given, after = case["input"], _after(case, "status")
    revision = after["components"][given["component"]]["latestCreatedRevision"]
    group = given["lws"] | {
        "metadata": given["lws"]["metadata"] | {"annotations": {"resourceVersion": revision}}
    }
    found = component_status.with_group(given["status"], given["component"], group, given["url"])
    return settled(found), settled(after)


def _ray(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = component_status.with_deployments(
        given["status"], given["component"], given["deployments"], given["url"]
    )
    return settled(found), settled(_after(case, "status"))


def _model(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    listed = given["podList"]["items"]
    raw = given["rawDeployment"]
    found = model_status.with_model(given["status"], given["statusSpec"], listed, raw=raw)
    return settled(found), settled(_after(case, "status"))


def _state(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = model_status.with_state(
        given["status"], given["modelState"], copies=given["totalCopies"], failure=given["info"]
    )
    return settled(found), settled(_after(case, "status"))


def _containers(case: Case) -> tuple[Any, Any]:
    found = model_status.with_containers(case["input"]["status"], case["input"]["firstPod"])
    return settled(found), settled(_after(case, "status"))


def _last_end(case: Case) -> tuple[Any, Any]:
    found = model_status.last_end(case["input"]["cs"])
    said = [found.message, found.exit_code, True] if found else ["", 0, False]
    return said, case["expected"]


def _condition(field: str) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        found = component_status.condition(case["input"][field], case["input"]["conditionType"])
        return _spoken(found), _spoken(case["expected"][0])

    return replay


def _joint(case: Case) -> tuple[Any, Any]:
    """Go tells a missing list of conditions from an empty one; JSON writes neither."""
    given = copy.deepcopy(case["input"])
    if case["name"].endswith("but_no_conditions_on_first"):
        given["deployments"][0]["status"] = {"conditions": []}
    found = component_status.joint_condition(given["deployments"], given["conditionType"])
    return _spoken(found), _spoken(case["expected"][0])


def _spoken(condition: Manifest) -> Manifest:
    return {name: value for name, value in settled(condition).items() if value}


def _domain(rule: Any) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        given = case["input"]
        metadata = given["obj"].get("metadata", given["obj"])
        found = rule(given["name"], metadata, ingress_config.of(given["ingressConfig"]))
        return _with_error(found), _returned(case)

    return replay


def _hosts(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    config = ingress_config.of(given["config"])
    found = host_names.additional(given["domainList"] or [], given["serviceHost"], config)
    return [list(found)], case["expected"]


def _path(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    config = ingress_config.of(given["ingressConfig"])
    return _with_error(host_names.path(given["name"], given["namespace"], config)), _returned(case)


def _triggers(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    return [keda.triggers(given["metadata"], given["inferenceServiceSpec"])], case["expected"]


def _replicas(rule: Any) -> Replay:
    def replay(case: Case) -> tuple[Any, Any]:
        return [rule(case["input"]["componentExt"])], case["expected"]

    return replay


def _storage(case: Case) -> tuple[Any, Any]:
    return _with_error(benchmark_arguments.storage(case["input"]["storageSpec"])), _returned(case)


def _referenced(case: Case) -> tuple[Any, Any]:
    """The vector of the found service holds no cluster: its answer is the service itself."""
    found, error = case["expected"]
    known = Cluster([] if error else [_kinded(found)])
    service = benchmark_arguments.service(case["input"]["ref"], known)
    if isinstance(service, Failure) or error:
        return _with_error(service), _returned(case)
    return key_of(service), key_of(found)


def _endpoint(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    return (
        _with_error(benchmark_arguments.endpoint(given["endpointSpec"], _cluster(case))),
        _returned(case),
    )


def _benchmark_mounts(case: Case) -> tuple[Any, Any]:
    given = case["input"]
    found = benchmark_arguments.with_model(
        given["container"], given["baseModelName"], given["baseModel"]
    )
    return found, _after(case, "container")


REPLAYS: dict[str, Replay] = {
    "ResolveIngressConfig": _ingress,
    "GetDeploymentModeFromAnnotations": _mode,
    "GetDeploymentMode": _service_mode,
    "DetermineEngineDeploymentMode": _engine_mode,
    "DetermineEntrypointComponent": _entrypoint,
    "MergeArgs": _args,
    "OverrideArgParam": _number(arguments.with_number, "containerArgs"),
    "OverrideCommandParam": _number(arguments.in_list, "containerCommand"),
    "overrideKeyValueInSlice": _number(arguments.in_list, "args"),
    "MergeEngineSpec": _merged("Engine"),
    "MergeDecoderSpec": _merged("Decoder"),
    "MergeRouterSpec": _merged("Router"),
    "IsMergedFineTunedWeight": _merged_weight,
    "IsEmptyModelDirVolumeRequired": _annotated(fine_tuning.needs_empty_volume),
    "IsOriginalModelVolumeMountNecessary": _annotated(fine_tuning.mounts_model),
    "IsCohereCommand1TFewFTServing": _annotated(fine_tuning.stacked_on_cohere),
    "UpdateVolumeMount": _mount,
    "UpdateEnvVars": _variable,
    "GetTargetServicePort": _target_port,
    "AddNodeSelectorForModelReadyNode": _ready_node,
    "IsPredictorUsed": _predictor_used,
    "MigratePredictor": _migrated(predictor.derived),
    "MigratePredictorToNewArchitecture": _migrated(predictor.migrated),
    "DetermineModelKind": _model_kind,
    "PropagateRawStatus": _raw,
    "PropagateMultiNodeStatus": _multi_node,
    "PropagateMultiNodeRayVLLMStatus": _ray,
    "PropagateModelStatus": _model,
    "UpdateModelRevisionStates": _state,
    "checkContainerStatuses": _containers,
    "safeGetTerminationMessage": _last_end,
    "getDeploymentCondition": _condition("deployment"),
    "getLWSConditions": _condition("lws"),
    "getMultiDeploymentCondition": _joint,
    "GenerateDomainName": _domain(host_names.domain),
    "GenerateInternalDomainName": _domain(host_names.internal_domain),
    "GetAdditionalHosts": _hosts,
    "GenerateUrlPath": _path,
    "getScaledObjectTriggers": _triggers,
    "calculateMinReplicas": _replicas(keda.fewest),
    "calculateMaxReplicas": _replicas(keda.most),
    "BuildStorageArgs": _storage,
    "GetInferenceService": _referenced,
    "BuildInferenceServiceArgs": _endpoint,
    "UpdateVolumeMounts": _benchmark_mounts,
}


def _all(file: str) -> list[Case]:
    return cases(f"go-{file}")


def _replayed(file: str) -> list[Case]:
    return [
        case
        for case in _all(file)
        if case["function"] not in LEFT_OUT and case["name"] not in EXCLUDED
    ]


@pytest.mark.skipif(not _all("isvc-utils"), reason=ABSENT)
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case['function']}-{case['name']}")
        for file in _FILES
        for case in _replayed(file)
    ],
)
def test_the_controllers_answers_are_omes(case: Case) -> None:
    found, expected = REPLAYS[case["function"]](case)
    assert found == expected


@pytest.mark.skipif(not _all("isvc-utils"), reason=ABSENT)
@pytest.mark.parametrize("file", _FILES)
def test_no_recorded_answer_is_left_out_silently(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    replayed, everything = _replayed(file), _all(file)
    with capsys.disabled():
        sys.stdout.write(f"\ngo-{file}: {len(replayed)} of {len(everything)} replayed")
    functions = Counter(case["function"] for case in everything)
    assert set(functions) <= REPLAYS.keys() | LEFT_OUT.keys()
    assert len(replayed) == REPLAYED[file]
