"""Runtimes as typed views: what they run, on how many GPUs."""

from typing import Any

import pytest

from ome_backend.resources.runtime import Runtime, SizeRange


def pod(gpus: object = 1, image: str = "lmsysorg/sglang:v0.5", **runner: Any) -> dict[str, Any]:
    limits = {"limits": {"cpu": 8, "nvidia.com/gpu": gpus}}
    return {"runner": {"name": "ome-container", "image": image, "resources": limits, **runner}}


def view(**spec: Any) -> Runtime:
    return Runtime({"metadata": {"name": "rt"}, "spec": spec})


@pytest.mark.parametrize(
    ("spec", "topology", "gpus"),
    [
        pytest.param({}, "", 0, id="nothing configured"),
        pytest.param({"engineConfig": pod(4)}, "single node", 4, id="one engine"),
        pytest.param({"engineConfig": pod("2")}, "single node", 2, id="GPUs as text"),
        pytest.param({"engineConfig": pod("two")}, "single node", 0, id="GPUs unreadable"),
        pytest.param(
            {"engineConfig": {"leader": pod(8), "worker": {"size": 3, **pod(8)}}},
            "multi-node",
            32,
            id="leader and three workers",
        ),
        pytest.param(
            {"engineConfig": {"leader": pod(8), "worker": pod(4)}}, "multi-node", 12, id="no size"
        ),
        pytest.param(
            {"engineConfig": pod(4), "decoderConfig": {"leader": pod(8), "worker": pod(8)}},
            "prefill/decode",
            20,
            id="prefill and decode",
        ),
        pytest.param(
            {"containers": [{"resources": {"requests": {"amd.com/gpu": 2}}}, {"image": "x"}]},
            "single node",
            2,
            id="the older form",
        ),
        pytest.param(
            {
                "engineConfig": {
                    **pod(4),
                    "containers": [{"name": "ome-container"}, pod(1)["runner"]],
                }
            },
            "single node",
            4,
            id="the runner replaces the container of its name",
        ),
        pytest.param(
            {"engineConfig": {"worker": {"size": -3, **pod(8)}}}, "multi-node", 0, id="odd"
        ),
    ],
)
def test_topology_and_gpus_follow_the_configuration(
    spec: dict[str, Any], topology: str, gpus: int
) -> None:
    runtime = view(**spec)
    assert (runtime.topology, runtime.gpus) == (topology, gpus)


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        (pod(), "SGLang"),
        (pod(image="docker.io/vllm/vllm-openai:v0.9"), "vLLM"),
        (pod(image="acme/serve", command=["python3", "-m", "sglang.launch_server"]), "SGLang"),
        (pod(image="acme/vllm-and-more", command=["sglang"]), "SGLang"),
        (pod(image="acme/serve", args=["--served-model-name=vllm-model"]), ""),
        ({"leader": pod(image="vllm/vllm-openai")}, "vLLM"),
        ({}, ""),
    ],
)
def test_the_engine_is_guessed_from_command_and_image(engine: dict[str, Any], name: str) -> None:
    assert view(engineConfig=engine).engine_name == name


def test_the_main_container_is_told_from_its_companions() -> None:
    side, main = {"name": "side", "image": "s"}, {"name": "ome-container", "image": "m"}
    assert view(containers=[side, main]).engine_image == "m"
    assert view(containers=[side]).engine_image == "s"
    assert view().engine_image == ""


def test_a_runtime_reads_as_written() -> None:
    runtime = view(
        disabled=True,
        protocolVersions=["openAI"],
        modelSizeRange={"min": "1B", "max": 7},
        acceleratorRequirements={"acceleratorClasses": ["h100"]},
        supportedModelFormats=[{"name": "f", "autoSelect": False, "priority": 2}, "wrong"],
        routerConfig={},
    )
    assert (runtime.disabled, runtime.protocols) == (True, ("openAI",))
    assert (runtime.size_range, runtime.accelerator_classes) == (SizeRange("1B", None), ("h100",))
    ((entry),) = runtime.formats
    assert (entry.name, entry.auto_select, entry.priority) == ("f", False, 2)
    assert (runtime.has_engine, runtime.has_decoder, runtime.has_router) == (False, False, True)


@pytest.mark.parametrize("wrong", [None, 7, True, "text", [], [[]], {"": {}}], ids=repr)
def test_a_mistyped_runtime_reads_as_an_empty_one(wrong: Any) -> None:
    fields = ["engineConfig", "supportedModelFormats", "containers", "acceleratorRequirements"]
    for raw in ({"metadata": wrong, "spec": wrong}, {"spec": dict.fromkeys(fields, wrong)}):
        runtime = Runtime(raw)
        assert (runtime.gpus, runtime.engine_name, runtime.engine_image) == (0, "", "")
        assert (runtime.topology, runtime.accelerator_classes) == ("", ())
        assert (runtime.disabled, runtime.auto_select, runtime.protocols) == (False, False, ())
