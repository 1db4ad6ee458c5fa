"""`accelerator`, `plan`, `doctor` and `describe-config`: their shapes and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from ome_backend.resources import kinds
from tests.cli.conftest import DATA, Run
from tests.matching import vectors
from tests.support import builders

GIVEN = ("-f", "chat.yaml", "models.yaml", "runtimes.yaml", "classes.yaml")
CONFIG = (DATA / "checkpoint" / "config.json").read_text()


def test_each_component_gets_its_class_and_why(run: Run) -> None:
    found = run("accelerator", *GIVEN, "-o", "json").results[0]
    assert [found[part]["name"] for part in ("service", "model", "runtime")] == [
        "chat",
        "qwen3-8b",
        "sglang-qwen3",
    ]
    engine = found["components"][0]
    assert (engine["component"], engine["class"], engine["policy"]) == (
        "engine",
        "a100",
        "Cheapest",
    )
    assert [(one["name"], one["score"]) for one in engine["considered"]] == [
        ("h100", 4.1),
        ("a100", 1.8),
    ]


@pytest.mark.parametrize(
    ("configuration", "known"),
    [
        pytest.param(json.loads(CONFIG), True, id="a whole config.json"),
        pytest.param({"context_length": 40960, "parameter_count": "8B"}, False, id="the summary"),
    ],
)
def test_what_is_stored_with_a_model_counts_without_a_config(
    run: Run, configuration: dict[str, Any], known: bool
) -> None:
    given = builders.model(modelConfiguration=configuration)
    (found,) = run("plan", "-f", "-", "--gpu-memory", "80Gi", "-o", "json", given=given).results
    assert (found["fits"] == "yes") is known
    assert ("keeps only a summary" in found["cache"].get("why", "")) is not known


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("--strict",), 1)], ids=["plain", "strict"])
def test_a_crash_of_the_controller_is_called_one(
    run: Run, flags: tuple[str, ...], code: int
) -> None:
    service = builders.inference_service(acceleratorSelector={"policy": "BestFit"})
    done = run(
        *("accelerator", "-f", "models.yaml", "runtimes.yaml", "classes.yaml", "-", *flags),
        given=service,
    )
    assert "engine: no class: the controller panics here: " in done.out
    assert done.code == code


def test_accelerator_classes_agree_with_ome(run: Run) -> None:
    compared = vectors.Comparison("oracle-accelerator-random, some on the command line")
    for case in vectors.cases("oracle-accelerator-random")[::10]:
        given = case["input"]
        objects = [given["inferenceService"], given["runtime"], *given["acceleratorClasses"]]
        listed = {"kind": "List", "items": objects}
        found = run("accelerator", "-f", "-", "-o", "json", given=listed).results[0]
        for each in found["components"]:
            expected = case["expected"][each["component"]]
            compared.same(case["name"], each["component"], _told(each), _recorded(expected))
    compared.conclude(at_least=30)


def _told(one: dict[str, Any]) -> Any:
    return "panic" if one["panics"] else (one["class"] or "", one["error"])


def _recorded(expected: dict[str, Any]) -> Any:
    if "panic" in expected:
        return "panic"
    error = expected["error"]
    return expected["name"], error["message"] if error else None


def test_a_plan_names_its_case_and_its_numbers(run: Run) -> None:
    done = run("plan", *GIVEN, "--config", "checkpoint", "-o", "json")
    found = {one["accelerator"]: one for one in done.results}
    assert set(found) == {"h100", "a100"}
    assert found["h100"]["weights"]["value"] == pytest.approx(8e9 * 2 / 2**30)
    assert found["h100"]["cost"]["per_hour"]["value"] == pytest.approx(4.10)
    assert found["h100"]["fits"] == "yes"


def test_the_command_line_comes_before_the_runtimes_arguments(run: Run) -> None:
    done = run("plan", "-f", "models.yaml", "runtimes.yaml", "--tensor-parallel", "4", "-o", "json")
    assert [one["gpus"] for one in done.results] == [4]


@pytest.mark.parametrize(
    ("memory", "code"), [("8Gi", 1), ("80Gi", 0)], ids=["too small", "large enough"]
)
def test_what_does_not_fit_is_a_finding_when_strict(run: Run, memory: str, code: int) -> None:
    argv = ("plan", "--config", "checkpoint", "--gpu-memory", memory)
    assert run(*argv).code == 0
    assert run(*argv, "--strict").code == code


def test_with_nodes_a_plan_says_where_a_replica_could_start(run: Run) -> None:
    node = builders.manifest(
        kinds.NODE,
        "gpu-1",
        metadata={"labels": {"nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3"}},
        status={
            "allocatable": {"nvidia.com/gpu": "8"},
            "capacity": {"nvidia.com/gpu": "8"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    )
    done = run("plan", *GIVEN, "-", "--accelerator", "h100", "-o", "json", given=node)
    pool = done.results[0]["pools"][0]
    assert (pool["accelerator"], pool["free"], pool["replicas"]) == ("h100", 8, 8)


def test_doctors_findings_name_object_and_place(run: Run) -> None:
    done = run("doctor", "-f", "broken.yaml", "models.yaml", "-o", "json")
    found = next(one for one in json.loads(done.out)["findings"] if one["code"] == "model-missing")
    assert found["about"] == {"kind": "InferenceService", "namespace": "demo", "name": "chat"}
    assert found["where"] == "broken.yaml:4"
    assert found["evidence"]
    assert found["fix"]
    assert done.code == 1


def test_a_healthy_folder_has_no_findings(run: Run) -> None:
    done = run("doctor", *GIVEN)
    assert (done.code, done.out) == (0, "")


def test_a_config_gives_the_facts_and_what_the_agent_writes(run: Run) -> None:
    done = run("describe-config", "checkpoint/config.json")
    facts = json.loads(done.out)
    assert (facts["architecture"], facts["context_length"]) == ("Qwen3ForCausalLM", 40960)
    assert facts["spec"]["modelFormat"] == {"name": "safetensors", "version": "1.0.0"}
    assert done.code == 0


def test_a_config_is_the_same_by_name_directory_input_and_line(run: Run) -> None:
    by_name = json.loads(run("describe-config", "checkpoint/config.json").out)
    assert json.loads(run("describe-config", "checkpoint").out) == by_name
    assert json.loads(run("describe-config", "-", given=CONFIG).out) == by_name
    compact = json.dumps(json.loads(CONFIG))
    lines = [compact, json.dumps(CONFIG), json.dumps({"config": CONFIG, "index": "{}"})]
    done = run("describe-config", "--batch", given="\n".join(lines))
    assert done.lines == [by_name, by_name, by_name]


def test_what_ome_cannot_read_is_a_finding_and_what_is_not_json_is_bad_input(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{\n "model_type": \n}')
    done = run("describe-config", str(tmp_path))
    assert (done.code, done.err.split(": ")[0]) == (2, f"{tmp_path}/config.json:3")
    failed = run("describe-config", "-", given="{}")
    assert failed.code == 1
    assert json.loads(failed.out)["error"].startswith("model_type or _class_name field is missing")


@pytest.mark.parametrize(
    ("line", "code"), [("3", 2), ("{", 2), ('"{"', 1), ("{}", 1)], ids=["3", "{", '"{"', "{}"]
)
def test_a_batch_of_configs_goes_on_after_a_bad_line(run: Run, line: str, code: int) -> None:
    done = run("describe-config", "--batch", given=f"{line}\n{json.dumps(json.loads(CONFIG))}\n")
    assert "error" in done.lines[0]
    assert done.lines[1]["model_type"] == "qwen3"
    assert done.code == code


def test_configurations_agree_with_ome(run: Run) -> None:
    recorded = [case for case in vectors.cases("oracle-modelconfig-random") if _single(case)]
    texts = "".join(json.dumps(case["files"]["config.json"]) + "\n" for case in recorded)
    compared = vectors.Comparison("oracle-modelconfig-random as a batch")
    for case, line in zip(
        recorded, run("describe-config", "--batch", given=texts).lines, strict=True
    ):
        model = case["expected"]["model"]
        compared.same(case["name"], "size", line["size_text"], model["parameterSize"])
        compared.same(case["name"], "context", line["context_length"], model["contextLength"])
    compared.conclude(at_least=200)


def _single(case: dict[str, Any]) -> bool:
    model = case["expected"].get("model") or {}
    return list(case["files"]) == ["config.json"] and "parameterSize" in model
