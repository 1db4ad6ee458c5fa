"""Models and services as typed views, whatever a person wrote into the YAML."""

from typing import Any

import pytest

from ome_backend.resources import parameter_count
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import BASE_MODEL
from ome_backend.resources.model import Model

WRITTEN = {
    "metadata": {"namespace": "demo", "name": "llama", "generation": 3},
    "spec": {
        "displayName": "meta.llama",
        "vendor": "meta",
        "modelFormat": {"name": "safetensors", "version": "1.0.0"},
        "modelFramework": {"name": "transformers", "version": "4.43.0"},
        "modelArchitecture": "LlamaForCausalLM",
        "quantization": "fp8",
        "modelParameterSize": "8.03B",
        "modelCapabilities": ["TEXT_TO_TEXT", 7],
        "maxTokens": 8192,
        "storage": {"storageUri": "hf://meta/llama", "path": "/raid/llama"},
    },
    "status": {"state": "Ready", "nodesReady": ["a", "b"], "nodesFailed": ["c"]},
}


def test_a_model_reads_as_written() -> None:
    model = Model(WRITTEN, BASE_MODEL)
    assert (model.key, model.ref.kind, model.generation) == (Key("demo", "llama"), BASE_MODEL, 3)
    assert (model.display_name, model.vendor) == ("meta.llama", "meta")
    assert (model.format_name, model.format_version) == ("safetensors", "1.0.0")
    assert (model.framework_name, model.framework_version) == ("transformers", "4.43.0")
    assert (model.architecture, model.quantization) == ("LlamaForCausalLM", "fp8")
    assert (model.size_text, model.parameters, model.max_tokens) == ("8.03B", 8.03e9, 8192)
    assert (model.storage_uri, model.storage_path) == ("hf://meta/llama", "/raid/llama")
    assert (model.capabilities, model.disabled) == (("TEXT_TO_TEXT",), False)
    assert (model.state, model.nodes_ready, model.nodes_failed) == ("Ready", ("a", "b"), ("c",))


WRONG: list[Any] = [None, 7, True, "text", [], [[]], {"": {}}]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_mistyped_model_reads_as_an_empty_one(wrong: Any) -> None:
    fields = dict.fromkeys(["modelFormat", "modelFramework", "storage", "diffusionPipeline"], wrong)
    for raw in ({"metadata": wrong, "spec": wrong, "status": wrong}, {"spec": fields}):
        model = Model(raw)
        assert (model.format_name, model.framework_name, model.nodes_ready) == ("", "", ())
        assert (model.parameters, model.disabled, model.storage_uri) == (None, False, "")


@pytest.mark.parametrize(
    ("spec", "size", "parameters"),
    [
        ({}, None, None),
        ({"modelParameterSize": ""}, "", None),
        ({"modelParameterSize": "7b"}, "7b", None),
        ({"modelParameterSize": "inf"}, "inf", None),
        ({"modelParameterSize": "539.47M"}, "539.47M", 539.47e6),
        ({"modelParameterSize": 7}, None, None),
    ],
)
def test_an_absent_size_differs_from_one_that_cannot_be_read(
    spec: dict[str, Any], size: str | None, parameters: float | None
) -> None:
    model = Model({"spec": spec})
    assert (model.size, model.parameters) == (size, parameters)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1_000", 1000),
        ("1__0", 0),
        ("0x1p3", 8),
        ("0x_1p3", 8),
        ("0x1", 0),
        ("0x.p1", 0),
        ("0x1p99999", 0),
        ("1e400", 0),
        ("+NaN", 0),
        ("-Inf", float("-inf")),
        (" 7B", 0),
        ("٧B", 0),
    ],
)
def test_sizes_are_numbers_as_go_reads_them(written: str, number: float) -> None:
    assert parameter_count.parse(written) == number


def test_a_service_asks_for_each_accelerator_class_once() -> None:
    override = {"acceleratorOverride": {"acceleratorClass": "h100"}}
    service = InferenceService(
        {
            "metadata": {"annotations": {"ome.io/accelerator-class": ""}},
            "spec": {"acceleratorSelector": {"acceleratorClass": "a100"}, "engine": override}
            | {"decoder": override, "model": {"name": "m"}, "runtime": {"name": "r"}},
        }
    )
    assert service.required_accelerator_classes == ("", "a100", "h100")
    assert (service.model_name, service.runtime_name, service.model_kind) == ("m", "r", "")


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_mistyped_service_asks_for_nothing(wrong: Any) -> None:
    for raw in ({"metadata": wrong, "spec": wrong}, {"spec": {"engine": wrong, "decoder": wrong}}):
        assert InferenceService(raw).required_accelerator_classes == ()
