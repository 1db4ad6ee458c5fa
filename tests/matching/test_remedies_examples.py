"""What the console proposes for a runtime that OME rejects, case by case."""

from typing import Any

import pytest

from ome_backend.matching.remedies import remedies
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from tests.matching.examples import entry, model, runtime, service
from tests.matching.remedy_examples import (
    MODEL,
    NEW_ENTRY,
    OPERATOR,
    RUNTIME,
    SERVICE,
    operations,
)

TRANSFORMERS = {"name": "transformers", "version": "4.43.0"}
FLUX = {"className": "FluxPipeline", "vae": {"library": "diffusers", "type": "Kl"}}


@pytest.mark.parametrize(
    ("given", "offered", "expected"),
    [
        pytest.param(
            model(),
            runtime(disabled=True),
            [[f"{RUNTIME}: replace /spec/disabled = False"]],
            id="disabled",
        ),
        pytest.param(
            model(modelArchitecture="QwenForCausalLM"),
            runtime(),
            [[NEW_ENTRY]],
            id="another architecture",
        ),
        pytest.param(
            model(modelArchitecture=None),
            runtime(),
            [[f"{MODEL}: add /spec/modelArchitecture = LlamaForCausalLM"], [NEW_ENTRY]],
            id="no architecture in the model",
        ),
        pytest.param(
            model(modelArchitecture=None, modelConfiguration={"architectures": ["Qwen"]}),
            runtime(),
            [[NEW_ENTRY]],
            id="another architecture in the configuration",
        ),
        pytest.param(
            model(),
            runtime("rt", entry(modelArchitecture=None)),
            [[NEW_ENTRY]],
            id="no architecture in the runtime",
        ),
        pytest.param(model(quantization="fp8"), runtime(), [[NEW_ENTRY]], id="quantized model"),
        pytest.param(
            model(),
            runtime("rt", entry(quantization="fp8")),
            [[NEW_ENTRY]],
            id="quantization in the runtime",
        ),
        pytest.param(
            model(modelFormat={"name": "pytorch"}), runtime(), [[NEW_ENTRY]], id="another format"
        ),
        pytest.param(
            model(modelFormat=None),
            runtime(),
            [[f"{MODEL}: add /spec/modelFormat"]],
            id="no format",
        ),
        pytest.param(
            model(modelFormat={"name": "safetensors"}),
            runtime(),
            [[f"{MODEL}: add /spec/modelFormat/version = 1.0.0"], [NEW_ENTRY]],
            id="no format version in the model",
        ),
        pytest.param(
            model(modelFramework=None),
            runtime(),
            [[f"{MODEL}: add /spec/modelFramework"]],
            id="no framework in the model",
        ),
        pytest.param(
            model(modelFramework={"name": "transformers"}),
            runtime(),
            [[f"{MODEL}: add /spec/modelFramework/version = 4.43.0"], [NEW_ENTRY]],
            id="no framework version in the model",
        ),
        pytest.param(
            model(),
            runtime("rt", entry(modelFramework={"name": "transformers"})),
            [[NEW_ENTRY]],
            id="no framework version in the runtime",
        ),
        pytest.param(
            model(modelFramework={"name": "transformers", "version": "4.40.0"}),
            runtime(),
            [
                [f"{MODEL}: replace /spec/modelFramework/version = 4.43.0"],
                [NEW_ENTRY],
                [f"{RUNTIME}: add {OPERATOR} = GreaterThanOrEqual"],
            ],
            id="an older framework than the runtime's",
        ),
        pytest.param(
            model(modelFramework={"name": "transformers", "version": "4.50.0"}),
            runtime(),
            [[f"{MODEL}: replace /spec/modelFramework/version = 4.43.0"], [NEW_ENTRY]],
            id="a newer framework than the runtime's",
        ),
        pytest.param(
            model(),
            runtime("rt", entry(modelFramework={**TRANSFORMERS, "operator": "GreaterThan"})),
            [[NEW_ENTRY], [f"{RUNTIME}: replace {OPERATOR} = GreaterThanOrEqual"]],
            id="the version itself is left out by the operator",
        ),
        pytest.param(
            model(modelFramework={"name": "transformers", "version": "latest"}),
            runtime(),
            [[f"{MODEL}: replace /spec/modelFramework/version = 4.43.0"]],
            id="a version OME cannot read",
        ),
        pytest.param(
            model(),
            runtime("rt", entry(diffusionPipeline=FLUX)),
            [[f"{MODEL}: add /spec/diffusionPipeline"], [NEW_ENTRY]],
            id="no pipeline in the model",
        ),
        pytest.param(
            model(diffusionPipeline={**FLUX, "className": "QwenImagePipeline"}),
            runtime("rt", entry(diffusionPipeline=FLUX)),
            [[NEW_ENTRY]],
            id="another pipeline",
        ),
        pytest.param(
            model(),
            Runtime({"metadata": {"name": "rt"}, "spec": {}}),
            [[f"{RUNTIME}: add /spec/supportedModelFormats"]],
            id="a runtime without formats",
        ),
        pytest.param(
            model(modelFramework={"name": "transformers"}),
            runtime(disabled=True),
            [
                [
                    f"{RUNTIME}: replace /spec/disabled = False",
                    f"{MODEL}: add /spec/modelFramework/version = 4.43.0",
                ],
                [f"{RUNTIME}: replace /spec/disabled = False", NEW_ENTRY],
            ],
            id="several obstacles at once",
        ),
        pytest.param(model(), runtime(), [], id="nothing to do"),
    ],
)
def test_remedies_come_safest_first(
    given: Model, offered: Runtime, expected: list[list[str]]
) -> None:
    assert [operations(remedy) for remedy in remedies(given, offered)] == expected


@pytest.mark.parametrize(
    ("wish", "classes", "expected"),
    [
        pytest.param(
            {"acceleratorSelector": {"acceleratorClass": "h100"}},
            ["a100"],
            [
                [f"{SERVICE}: replace /spec/acceleratorSelector/acceleratorClass = a100"],
                [f"{SERVICE}: remove /spec/acceleratorSelector/acceleratorClass"],
                [f"{RUNTIME}: add /spec/acceleratorRequirements/acceleratorClasses/- = h100"],
            ],
            id="another class",
        ),
        pytest.param(
            {"engine": {"acceleratorOverride": {"acceleratorClass": "h100"}}},
            None,
            [
                [f"{SERVICE}: remove /spec/engine/acceleratorOverride/acceleratorClass"],
                [f"{RUNTIME}: add /spec/acceleratorRequirements"],
            ],
            id="a runtime without classes",
        ),
        pytest.param(
            {"acceleratorSelector": {"acceleratorClass": ""}},
            None,
            [[f"{SERVICE}: remove /spec/acceleratorSelector/acceleratorClass"]],
            id="an empty class",
        ),
    ],
)
def test_a_missing_accelerator_class_is_asked_for_otherwise_or_listed(
    wish: dict[str, Any], classes: list[str] | None, expected: list[list[str]]
) -> None:
    required: dict[str, Any] = (
        {"acceleratorRequirements": {"acceleratorClasses": classes}} if classes else {}
    )
    found = remedies(model(), runtime(**required), service(**wish))
    assert [operations(remedy) for remedy in found] == expected


def test_a_class_in_the_annotation_is_found_there() -> None:
    asking = service()
    asking.raw["metadata"]["annotations"] = {"ome.io/accelerator-class": "h100"}
    first = remedies(model(), runtime(), asking)[0]
    path = "/metadata/annotations/ome.io~1accelerator-class"
    assert operations(first) == [f"{SERVICE}: remove {path}"]


def test_a_runtime_that_is_never_selected_is_named_or_made_selectable() -> None:
    unselected = runtime(
        "rt", entry(modelArchitecture="X", autoSelect=None), entry(autoSelect=None)
    )
    named, selected = remedies(model(), unselected, service())
    assert (named.outcome, operations(named)) == ("named", [f"{SERVICE}: add /spec/runtime"])
    assert named.patch[0]["value"]["kind"] == "ClusterServingRuntime"
    switched = f"{RUNTIME}: add /spec/supportedModelFormats/1/autoSelect = True"
    assert (selected.outcome, operations(selected)) == ("auto-selectable", [switched])
    assert [one.outcome for one in remedies(model(), unselected)] == ["auto-selectable"]


def test_priorities_that_the_webhook_refuses_are_told() -> None:
    other = entry(modelFormat={"name": "pytorch"}, name="f", priority=2)
    [selected] = remedies(model(), runtime("rt", entry(autoSelect=False, name="f"), other))
    assert selected.risk.endswith("refuses two such formats with different priorities.")


def test_a_list_entry_is_tested_before_it_is_changed() -> None:
    [selected] = remedies(model(), runtime("rt", entry(autoSelect=False)))
    assert selected.patch[0] == {
        "op": "test",
        "path": "/spec/supportedModelFormats/0/modelFormat",
        "value": entry()["modelFormat"],
    }


def test_a_new_format_is_run_like_the_nearest_and_is_for_this_model_only() -> None:
    tuned = {"acceleratorConfig": {"h100": {}}, "priority": 3, "name": "n", "autoSelect": True}
    offered = runtime("rt", entry(quantization="int4", modelArchitecture="X"), entry(**tuned))
    [remedy] = remedies(model(modelArchitecture="QwenForCausalLM"), offered)
    assert remedy.patch[0]["value"] == {
        **tuned,
        "modelFormat": {"name": "safetensors", "version": "1.0.0", "operator": "Equal"},
        "modelFramework": {**TRANSFORMERS, "operator": "Equal"},
        "modelArchitecture": "QwenForCausalLM",
    }
    assert remedy.risk == "The engine may not support this architecture."
    assert remedy.sentence == (
        "Add safetensors 1.0.0, transformers 4.43.0, QwenForCausalLM to the formats of"
        " cluster runtime rt."
    )


def test_the_nearest_of_several_formats_is_chosen() -> None:
    far = entry(modelFormat={"name": "safetensors", "version": "2.0.0"})
    near = entry(modelFramework={"name": "transformers", "version": "4.44.0"})
    given = model(modelFramework={"name": "transformers"})
    first = remedies(given, runtime("rt", far, near))[0]
    assert operations(first) == [f"{MODEL}: add /spec/modelFramework/version = 4.44.0"]
