"""`match`: the shape that pipelines read, defaults, services, exit codes."""

from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.support import builders

QWEN = {"kind": "ClusterBaseModel", "namespace": "", "name": "qwen3-8b"}
SRT = {"kind": "ClusterServingRuntime", "namespace": "", "name": "srt-qwen3"}


def listed(*objects: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(objects)}


def bare(priority: int, weight: dict[str, int], **metadata: str) -> dict[str, Any]:
    """A runtime as a person writes it: nothing that the API server fills in."""
    supported = {"modelFormat": {"name": "safetensors"} | weight, "autoSelect": True}
    return {
        "apiVersion": "ome.io/v1beta1",
        "kind": "ServingRuntime",
        "metadata": {"name": "own", **metadata},
        "spec": {"supportedModelFormats": [supported | {"priority": priority}]},
    }


ONNX = {
    "apiVersion": "ome.io/v1beta1",
    "kind": "BaseModel",
    "metadata": {"name": "tiny"},
    "spec": {"modelFormat": {"name": "safetensors"}},
}


def test_the_answer_has_exactly_the_promised_shape(run: Run) -> None:
    done = run("match", "-f", "-", "-o", "json", given=listed(builders.model(), builders.runtime()))
    runtime = {**SRT, "compatible": True, "auto_selectable": True, "score": 2, "rank": 1}
    expected = {"model": QWEN, "service": None, "selected": SRT, "error": None}
    assert done.results == [{**expected, "runtimes": [{**runtime, "reasons": [], "warnings": []}]}]
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("weight", "score"),
    [
        pytest.param({}, 3, id="the CRD's default weight is 1, not the scorer's 10"),
        pytest.param({"weight": 0}, 30, id="a weight of 0 stays and means 10"),
        pytest.param({"weight": 4}, 12, id="a given weight stays"),
    ],
)
def test_the_crds_defaults_are_filled_in(run: Run, weight: dict[str, int], score: int) -> None:
    done = run("match", "-f", "-", "-o", "json", given=listed(ONNX, bare(3, weight)))
    assert done.results[0]["runtimes"][0]["score"] == score


def test_objects_without_a_namespace_are_in_the_one_that_is_named(run: Run) -> None:
    far = bare(9, {}, namespace="elsewhere", name="far")
    done = run(
        *("match", "-f", "-", "--namespace", "demo", "-o", "json"),
        given=listed(ONNX, bare(1, {}), far),
    )
    assert done.results[0]["model"]["namespace"] == "demo"
    assert [(one["namespace"], one["name"]) for one in done.results[0]["runtimes"]] == [
        ("demo", "own")
    ]


def test_a_service_is_answered_instead_of_the_models(run: Run) -> None:
    done = run("match", "-f", "chat.yaml", "models.yaml", "runtimes.yaml", "-o", "json")
    service = {"kind": "InferenceService", "namespace": "demo", "name": "chat"}
    assert [one["service"] for one in done.results] == [service]
    assert done.results[0]["selected"]["name"] == "sglang-qwen3"


REFUSALS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "named runtime that does not fit": (
        {"runtime": {"name": "own"}},
        {},
        "runtime own does not support model safetensors: ",
    ),
    "named runtime that does not exist": (
        {"runtime": {"name": "nope"}},
        {},
        "runtime nope not found in namespace demo or at cluster scope",
    ),
    "model that does not exist": (
        {"model": {"name": "nope"}},
        {},
        'referenced model "nope" not found in namespace "demo"',
    ),
    "disabled model": ({}, {"disabled": True}, "model qwen3-8b is disabled"),
    "disabled model with a named runtime": (
        {"runtime": {"name": "srt-qwen3"}},
        {"disabled": True},
        "specified base model qwen3-8b is disabled",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_service_that_gets_no_runtime_says_why(run: Run, case: str) -> None:
    spec, model, error = REFUSALS[case]
    objects = (
        builders.inference_service(**spec),
        builders.model(**model),
        builders.runtime(),
        bare(1, {}, namespace="demo"),
    )
    done = run("match", "-f", "-", "-o", "json", given=listed(*objects))
    assert done.results[0]["selected"] is None
    assert done.results[0]["error"].startswith(error)


def test_a_service_of_the_older_form_is_judged_as_ome_translates_it(run: Run) -> None:
    old = builders.inference_service(predictor={"model": {"baseModel": "qwen3-8b"}})
    del old["spec"]["model"], old["spec"]["engine"]
    done = run(
        "match", "-f", "-", "-o", "json", given=listed(old, builders.model(), builders.runtime())
    )
    assert (done.results[0]["model"], done.results[0]["selected"]) == (QWEN, SRT)


def test_a_service_without_a_model_is_judged_for_the_only_one_and_that_is_said(run: Run) -> None:
    service = builders.inference_service()
    del service["spec"]["model"]
    given = listed(service, builders.model(), builders.runtime())
    done = run("match", "-f", "-", "-o", "json", given=given)
    assert (done.results[0]["model"], done.results[0]["selected"]) == (QWEN, SRT)
    assert "service demo/chat names no model" in done.err


def test_without_a_model_there_is_no_runtime(run: Run) -> None:
    service = builders.inference_service()
    del service["spec"]["model"]
    done = run("match", "-f", "-", "-o", "json", given=listed(service, builders.runtime()))
    assert done.results == [
        {
            "model": None,
            "service": {"kind": "InferenceService", "namespace": "demo", "name": "chat"},
            "selected": None,
            "error": "model reference is required",
            "runtimes": [],
        }
    ]


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("--strict",), 1)], ids=["plain", "strict"])
def test_no_runtime_is_a_finding_only_when_strict(
    run: Run, flags: tuple[str, ...], code: int
) -> None:
    assert run("match", "-f", "models.yaml", *flags).code == code


def test_other_systems_objects_are_passed_over(run: Run) -> None:
    foreign = {**bare(5, {}), "apiVersion": "serving.kserve.io/v1alpha1"}
    done = run("match", "-f", "-", "-o", "json", given=listed(ONNX, foreign))
    assert done.results[0]["runtimes"] == []


def test_a_later_object_replaces_an_earlier_one(run: Run) -> None:
    done = run("match", "-f", "-", "-o", "json", given=listed(ONNX, bare(1, {}), bare(7, {})))
    assert [one["score"] for one in done.results[0]["runtimes"]] == [7]


def test_names_cannot_write_to_the_terminal(run: Run) -> None:
    wild = builders.model("wild\x1b[31m")
    assert "wild\\x1b[31m" in run("match", "-f", "-", given=wild).out
