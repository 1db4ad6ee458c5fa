"""All that OME has against an object, at once, each at its field; and what it should have said."""

from typing import Any

import pytest

from ome_backend import admission
from ome_backend.admission.go_number import float_problem
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from tests.admission.vectors import Cluster, config_map
from tests.support import builders

PROTOCOLS: dict[str, Any] = {"protocolVersions": ["openAI"]}
CLUSTER = Cluster(
    [
        builders.model(),
        builders.model("retired", disabled=True),
        builders.model("huge", modelParameterSize="900B", modelArchitecture="Other"),
        builders.model("own", namespace="demo"),
        builders.runtime(**PROTOCOLS),
        builders.runtime("off", disabled=True),
        builders.runtime("vllm-picky", acceleratorRequirements={"acceleratorClasses": ["h100"]}),
    ]
)


def service(*, name: str = "chat", annotations: Any = None, **spec: Any) -> Manifest:
    """A service that a person could have typed: what the CRD fills in is not there."""
    metadata = {"name": name, "namespace": "demo", "annotations": annotations or {}}
    held = {"model": {"name": "qwen3-8b"}, "engine": {}} | spec
    given = {field: value for field, value in held.items() if value is not None}
    kind = kinds.INFERENCE_SERVICE
    return {
        "apiVersion": kind.api_version,
        "kind": kind.name,
        "metadata": metadata,
        "spec": given,
    }


def objected(manifest: Manifest, known: Cluster = CLUSTER) -> dict[str, str]:
    found = admission.objections(kinds.BY_NAME[manifest["kind"]], manifest, known)
    return {each.path: each.message for each in found}


def warned(manifest: Manifest, known: Cluster = CLUSTER) -> dict[str, str]:
    found = admission.warnings(kinds.BY_NAME[manifest["kind"]], manifest, known)
    return {each.path: each.message for each in found}


def test_a_good_service_has_no_objections_and_is_told_its_runtime() -> None:
    assert objected(service()) == {}
    said = "Runtime srt-qwen3 will be auto-selected for model qwen3-8b"
    assert warned(service()) == {"spec.model.name": said}
    assert admission.tells_choice(said)
    assert not admission.tells_choice("Without spec.engine OME refuses to run the service.")


def test_everything_that_is_wrong_is_said_at_once_in_omes_order() -> None:
    annotations = {
        "ome.io/autoscalerClass": "keda",
        "autoscaling.keda.sh/threshold": "much",
        "ome.io/targetUtilizationPercentage": "0",
    }
    keda = {"scalingOperator": "gt", "authModes": "oauth"}
    wrong = service(name="4chat", annotations=annotations, kedaConfig=keda, model={"name": "qwen4"})
    assert list(objected(wrong)) == [
        "metadata.name",
        "spec.kedaConfig.scalingOperator",
        "spec.kedaConfig.authModes",
        "metadata.annotations[autoscaling.keda.sh/threshold]",
        "metadata.annotations[ome.io/targetUtilizationPercentage]",
        "spec.model.name",
    ]


OBJECTIONS = {
    "an unknown model": (service(model={"name": "qwen4"}), "spec.model.name", "not found"),
    "a disabled model": (service(model={"name": "retired"}), "spec.model.name", "is disabled"),
    "no fitting runtime": (
        service(model={"name": "huge"}),
        "spec.model.name",
        "no supporting runtime found for model huge",
    ),
    "no model": (service(model=None), "spec.model", "model reference is required"),
    "a lone decoder": (
        service(engine=None, decoder={}),
        "spec.decoder",
        "decoder cannot be specified without engine",
    ),
    "a strange autoscaler": (
        service(annotations={"ome.io/autoscalerClass": "vpa"}),
        "metadata.annotations[ome.io/autoscalerClass]",
        "[vpa] is not a supported autoscaler class type",
    ),
    "an old predictor of an unknown model": (
        service(model=None, engine=None, predictor={"model": {"baseModel": "qwen4"}}),
        "spec.predictor.model.baseModel",
        "neither ClusterBaseModel nor BaseModel found with name qwen4",
    ),
}


@pytest.mark.parametrize("case", OBJECTIONS)
def test_an_objection_names_the_field_it_is_about(case: str) -> None:
    manifest, path, words = OBJECTIONS[case]
    found = objected(manifest)
    assert list(found) == [path]
    assert words in found[path]


DOUBTS = {
    "a named runtime that does not fit": (
        service(model={"name": "huge"}, runtime={"name": "srt-qwen3"}),
        "spec.runtime.name",
        "Runtime srt-qwen3 does not support model huge: runtime srt-qwen3 does not support model "
        "safetensors: model format",
    ),
    "a named runtime that does not exist": (
        service(runtime={"name": "gone"}),
        "spec.runtime.name",
        "runtime gone not found in namespace demo or at cluster scope",
    ),
    "a named runtime that is disabled": (
        service(runtime={"name": "off"}),
        "spec.runtime.name",
        "cluster-scoped runtime off is disabled",
    ),
    "a disabled model with a named runtime": (
        service(model={"name": "retired"}, runtime={"name": "srt-qwen3"}),
        "spec.model.name",
        "specified base model retired is disabled",
    ),
    "a runtime without a model": (
        service(model=None, runtime={"name": "srt-qwen3"}),
        "spec.runtime",
        "model reference is required",
    ),
    "an engine that says what it runs, for a model nothing serves": (
        service(model={"name": "huge"}, engine={"runner": {"image": "x"}}),
        "spec.model.name",
        "Failed to find runtime for model huge",
    ),
    "a model called by the wrong kind": (
        service(model={"name": "own"}),
        "spec.model.kind",
        "own is a BaseModel, but the kind says ClusterBaseModel",
    ),
    "weights that nobody knows": (
        service(model={"name": "qwen3-8b", "fineTunedWeights": ["tuned"]}),
        "spec.model.fineTunedWeights[0]",
        "no fine-tuned weights tuned",
    ),
    "an accelerator class that nobody knows": (
        service(runtime={"name": "vllm-picky"}, acceleratorSelector={"acceleratorClass": "h100"}),
        "spec.acceleratorSelector",
        "accelerator class h100 not found at cluster scope",
    ),
    "no engine": (service(engine=None), "spec", "Without spec.engine OME refuses to run"),
    "an old predictor": (
        service(model=None, engine=None, predictor={"model": {"baseModel": "qwen3-8b"}}),
        "spec.predictor",
        "The Predictor field is deprecated",
    ),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_what_the_webhooks_admit_and_the_controller_refuses_is_warned_about(case: str) -> None:
    manifest, path, words = DOUBTS[case]
    assert objected(manifest) == {}
    found = warned(manifest)
    assert words in found[path]
    assert set(found) <= {path, "spec.model.name"}


def test_a_namespaced_model_shadowing_the_clusters_is_no_lost_reference() -> None:
    known = Cluster(
        [builders.model(), builders.model(namespace="demo"), builders.runtime(**PROTOCOLS)]
    )
    assert "spec.model.kind" not in warned(service(), known)


def runtime(name: str = "mine", **spec: Any) -> Manifest:
    return builders.runtime(name, **PROTOCOLS | spec)


def formats(*entries: tuple[str, int | None]) -> list[Manifest]:
    return [{"name": name, "autoSelect": True, "priority": value} for name, value in entries]


def test_everything_wrong_with_a_runtime_is_said_at_its_field() -> None:
    wrong = runtime(
        workers={"size": 0},
        acceleratorRequirements={"acceleratorClasses": ["a", "b"]},
        supportedModelFormats=formats(("x", 1), ("x", 2), ("y", 1), ("y", None), ("y", 3)),
    )
    assert list(objected(wrong)) == [
        "spec.workers.size",
        "spec.acceleratorRequirements.acceleratorClasses",
        "spec.supportedModelFormats[1].priority",
        "spec.supportedModelFormats[4].priority",
    ]


def test_a_disabled_runtime_passes_unseen() -> None:
    wrong = runtime(disabled=True, workers={"size": 0}, modelSizeRange={})
    assert (objected(wrong), warned(wrong)) == ({}, {})


def test_a_tie_that_ome_does_not_notice_is_warned_about() -> None:
    assert objected(runtime()) == {}
    assert warned(runtime()) == {
        "spec.supportedModelFormats[0].priority": (
            "same priority assigned for the model format  in the clusterservingruntimes srt-qwen3 "
            "and mine: OME does not notice and takes the first by name."
        )
    }


@pytest.mark.parametrize(
    "different",
    [
        {"protocolVersions": ["grpc"]},
        {"modelSizeRange": {"min": "1B", "max": "2B"}},
        {"supportedModelFormats": formats(("", 1))},
    ],
    ids=["protocol", "size", "format"],
)
def test_runtimes_that_differ_do_not_tie(different: Manifest) -> None:
    assert warned(runtime(**different)) == {}


def test_a_size_range_with_one_end_is_warned_about() -> None:
    found = warned(runtime(modelSizeRange={"min": "1B"}))
    assert (
        found["spec.modelSizeRange"] == "OME's controller crashes on a modelSizeRange without max."
    )


def test_everything_wrong_with_a_benchmark_is_said_at_its_field() -> None:
    job = builders.manifest(
        kinds.BENCHMARK_JOB,
        "bench",
        "demo",
        spec={
            "endpoint": {},
            "task": "text-to-text",
            "trafficScenarios": ["D(1,2)", "D(1)", "N(1,2)/(3,4)", "oops"],
            "additionalRequestParams": {"temperature": "1e999", "ignore_eos": "yes"},
            "outputLocation": {"storageUri": "file:///x"},
        },
    )
    assert list(objected(job)) == [
        "spec.endpoint",
        "spec.trafficScenarios[1]",
        "spec.trafficScenarios[3]",
        "spec.additionalRequestParams.temperature",
        "spec.additionalRequestParams.ignore_eos",
        "spec.outputLocation.storageUri",
    ]
    assert warned(job) == {}


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("0.7", ""), (".5", ""), ("5.", ""), ("-3", ""), ("+1e3", ""), ("NaN", ""), ("-Inf", ""),
        ("", "invalid syntax"), (" 1", "invalid syntax"), ("1,5", "invalid syntax"),
        ("-nan", "invalid syntax"), ("٣", "invalid syntax"), ("1e999", "value out of range"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_by_go(written: str, problem: str) -> None:
    assert float_problem(written) == problem


@pytest.mark.parametrize("deploy", ['{"defaultDeploymentMode": "Knative"}', "{broken"])
def test_a_broken_configuration_of_ome_refuses_every_service(deploy: str) -> None:
    known = Cluster([config_map(deploy=deploy), builders.model(), builders.runtime()])
    with pytest.raises(admission.Refused, match="invalid deployment mode") as refused:
        admission.review("CREATE", kinds.INFERENCE_SERVICE, service(), None, known)
    assert refused.value.sentence.startswith("admission webhook ")


def test_a_kind_without_a_webhook_has_neither_objections_nor_warnings() -> None:
    assert (objected(builders.model()), warned(builders.model())) == ({}, {})


ODD: tuple[Any, ...] = (
    None,
    3,
    "x",
    [1, [2]],
    {"model": 1, "engine": "e", "runtime": []},
    {"name": []},
)


@pytest.mark.parametrize(
    "kind", [kinds.INFERENCE_SERVICE, kinds.SERVING_RUNTIME, kinds.BENCHMARK_JOB]
)
@pytest.mark.parametrize("metadata", ODD)
@pytest.mark.parametrize("spec", ODD)
def test_nonsense_is_judged_without_a_crash(kind: Any, metadata: Any, spec: Any) -> None:
    manifest = {"kind": kind.name, "metadata": metadata, "spec": spec}
    before = repr(manifest)
    admission.objections(kind, manifest, CLUSTER)
    admission.warnings(kind, manifest, CLUSTER)
    assert repr(manifest) == before
