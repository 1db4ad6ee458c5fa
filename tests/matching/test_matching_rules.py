"""OME's rules for one runtime and one model, one by one."""

from typing import Any

import pytest

from ome_backend.matching import score, size
from ome_backend.matching.judgement import judge
from tests.matching.examples import entry, model, runtime, service, size_range

PIPELINE = {
    "className": "QwenImagePipeline",
    "vae": {"library": "diffusers", "type": "AutoencoderKL"},
    "additionalComponents": {"image_encoder": {"type": "CLIPVisionModel"}},
}


@pytest.mark.parametrize(
    ("spec", "fields", "text", "plain"),
    [
        pytest.param(
            {"modelArchitecture": "QwenForCausalLM"},
            {},
            "architecture mismatch (model=QwenForCausalLM, runtime=LlamaForCausalLM)",
            "The model has architecture QwenForCausalLM; "
            "this runtime is for architecture LlamaForCausalLM.",
            id="another architecture",
        ),
        pytest.param(
            {"modelArchitecture": None},
            {},
            "model has no architecture but runtime requires LlamaForCausalLM",
            "The model has no architecture; this runtime is for architecture LlamaForCausalLM.",
            id="no architecture in the model",
        ),
        pytest.param(
            {"quantization": "fp8"},
            {},
            "model has quantization fp8 but runtime has no quantization requirement",
            "The model has quantization fp8; this runtime is for models without quantization.",
            id="no quantization in the runtime",
        ),
        pytest.param(
            {"modelFormat": {"name": "pytorch"}},
            {},
            "format name mismatch (model=pytorch, runtime=safetensors)",
            "The model has format pytorch; this runtime is for format safetensors.",
            id="another format",
        ),
        pytest.param(
            {"modelFormat": None},
            {},
            "format name mismatch (model=, runtime=safetensors)",
            "The model has no format; this runtime is for format safetensors.",
            id="no format in the model",
        ),
        pytest.param(
            {"modelFormat": {"name": "safetensors"}},
            {},
            "model has no format version but runtime requires 1.0.0",
            "The model has safetensors without a version; this runtime is for safetensors 1.0.0.",
            id="no format version in the model",
        ),
        pytest.param(
            {},
            {"modelFormat": {"name": "safetensors"}},
            "model has format version but runtime has no version requirement",
            "The model has safetensors 1.0.0; this runtime is for safetensors without a version.",
            id="no format version in the runtime",
        ),
        pytest.param(
            {},
            {"modelFramework": {"name": "transformers", "version": "4.42.0"}},
            "framework version mismatch (model=4.43.0, runtime=4.42.0)",
            "The model has transformers 4.43.0; this runtime is for transformers 4.42.0.",
            id="another framework version",
        ),
        pytest.param(
            {},
            {"modelFramework": None},
            "model has framework transformers but runtime has no framework requirement",
            "The model has framework transformers; this runtime is for models without framework.",
            id="no framework in the runtime",
        ),
        pytest.param(
            {"modelFramework": None},
            {},
            "model has no framework but runtime requires transformers",
            "The model has no framework; this runtime is for framework transformers.",
            id="no framework in the model",
        ),
        pytest.param(
            {"modelArchitecture": None, "quantization": "fp8"},
            {},
            "model has no architecture but runtime requires LlamaForCausalLM, "
            "model has quantization fp8 but runtime has no quantization requirement",
            "The model has no architecture and quantization fp8; this runtime is for "
            "architecture LlamaForCausalLM and models without quantization.",
            id="several differences",
        ),
        pytest.param(
            {}, {"modelFormat": None}, "unknown mismatch", None, id="a runtime format without name"
        ),
        pytest.param(
            {},
            {"diffusionPipeline": PIPELINE},
            "diffusion pipeline required by runtime but not specified in model",
            "The model has no diffusion pipeline; this runtime is for a diffusion pipeline.",
            id="no pipeline in the model",
        ),
        pytest.param(
            {"diffusionPipeline": {}},
            {"diffusionPipeline": PIPELINE},
            "pipeline class mismatch (model=<nil>, runtime=QwenImagePipeline)",
            "The model has no pipeline class; "
            "this runtime is for pipeline class QwenImagePipeline.",
            id="no pipeline class in the model",
        ),
        pytest.param(
            {"diffusionPipeline": {**PIPELINE, "vae": None}},
            {"diffusionPipeline": PIPELINE},
            "component vae required by runtime but not specified in model",
            "The model has no vae; this runtime is for a vae.",
            id="a pipeline component missing",
        ),
        pytest.param(
            {"diffusionPipeline": {**PIPELINE, "vae": {"library": "other"}}},
            {"diffusionPipeline": PIPELINE},
            "vae library mismatch (model=other, runtime=diffusers)",
            "The model has vae library other; this runtime is for vae library diffusers.",
            id="a component of another library",
        ),
        pytest.param(
            {"diffusionPipeline": {**PIPELINE, "additionalComponents": {}}},
            {"diffusionPipeline": PIPELINE},
            "diffusion pipeline missing required additional components",
            None,
            id="no additional components",
        ),
        pytest.param(
            {"diffusionPipeline": {**PIPELINE, "additionalComponents": {"other": {}}}},
            {"diffusionPipeline": PIPELINE},
            "diffusion component image_encoder missing in model",
            None,
            id="another additional component",
        ),
    ],
)
def test_a_format_that_differs_is_refused(
    spec: dict[str, Any], fields: dict[str, Any], text: str, plain: str | None
) -> None:
    verdict = judge(model(**spec), runtime("rt", entry(**fields)))
    assert not verdict.compatible
    (reason,) = verdict.reasons
    assert (reason.code, reason.text.partition("formats: ")[2]) == ("format", text)
    assert plain in (None, reason.plain)


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        pytest.param({}, {}, id="everything equal"),
        pytest.param({"quantization": "fp8"}, {"quantization": "fp8"}, id="same quantization"),
        pytest.param({"diffusionPipeline": PIPELINE}, {}, id="the runtime asks for no pipeline"),
        pytest.param(
            {"diffusionPipeline": PIPELINE},
            {"diffusionPipeline": {"vae": {"type": "AutoencoderKL"}}},
            id="the runtime asks for the type of one component",
        ),
        pytest.param(
            {"diffusionPipeline": PIPELINE},
            {"diffusionPipeline": {"vae": {"library": "diffusers"}}},
            id="the runtime asks for the library of one component",
        ),
        pytest.param({}, {"name": "x", "version": "7", "modelType": "y"}, id="unused fields"),
    ],
)
def test_a_format_that_fits_is_taken(spec: dict[str, Any], fields: dict[str, Any]) -> None:
    verdict = judge(model(**spec), runtime("rt", entry(**fields)))
    assert (verdict.compatible, verdict.auto_selectable, verdict.reasons) == (True, True, ())


def test_the_plain_reason_is_about_the_nearest_format_only() -> None:
    far = entry(modelArchitecture="A", quantization="int4")
    near = entry(modelArchitecture="B")
    (reason,) = judge(model(), runtime("rt", far, near)).reasons
    assert reason.plain == (
        "The model has architecture LlamaForCausalLM; this runtime is for architecture B."
    )
    assert "runtime=A)" in reason.text
    assert "; architecture mismatch (model=LlamaForCausalLM, runtime=B)" in reason.text


def test_the_text_names_the_models_traits_as_ome_does() -> None:
    (reason,) = judge(model(quantization="fp8"), runtime(supportedModelFormats=[])).reasons
    assert reason.text == (
        "model format 'mt:safetensors:1.0.0:LlamaForCausalLM:fp8:transformers:4.43.0'"
        " not in supported formats: no supported formats defined"
    )


@pytest.mark.parametrize(
    ("given", "low", "high", "fits"),
    [
        pytest.param("8B", "7B", "9B", True, id="inside"),
        pytest.param("8B", "8B", "8B", True, id="bounds belong to the range"),
        pytest.param("8.03B", "1B", "8B", False, id="above"),
        pytest.param("539.47M", "1B", "8B", False, id="below"),
        pytest.param("8K", "1B", "8B", False, id="an unreadable size is 0"),
        pytest.param("", "1B", "8B", False, id="an empty size is 0"),
        pytest.param("0.5T", "400B", "600B", True, id="other units"),
    ],
)
def test_the_size_must_lie_in_the_range(given: str, low: str, high: str, fits: bool) -> None:
    verdict = judge(model(modelParameterSize=given), runtime(modelSizeRange=size_range(low, high)))
    assert verdict.compatible is fits
    assert [reason.code for reason in verdict.reasons] == ([] if fits else ["size"])


def test_a_size_outside_the_range_is_explained() -> None:
    outside = runtime(modelSizeRange=size_range("60B", "75B"))
    (reason,) = judge(model(modelParameterSize="80B"), outside).reasons
    assert reason.text == "model size 80B is outside supported range [60B, 75B]"
    assert reason.plain == "The model is 80B; this runtime takes 60B to 75B."


@pytest.mark.parametrize(
    ("bounds", "missing"),
    [({"min": "1B"}, "no max"), ({"max": "1B"}, "no min"), ({}, "no min and no max")],
)
def test_a_range_with_a_bound_missing_is_a_problem_of_configuration(
    bounds: dict[str, str], missing: str
) -> None:
    verdict = judge(model(), runtime(modelSizeRange=bounds))
    (reason,) = verdict.reasons
    assert (verdict.compatible, reason.code) == (False, "configuration")
    assert "OME's controller crashes on this runtime" in reason.plain
    assert f"modelSizeRange has {missing}; give it both min and max." in reason.plain


def test_a_range_with_a_bound_missing_is_harmless_to_a_model_without_size() -> None:
    verdict = judge(model(modelParameterSize=None), runtime(modelSizeRange={"min": "1B"}))
    assert verdict.compatible
    assert verdict.warnings == ("model does not specify size, but runtime has size constraints",)


@pytest.mark.parametrize(
    ("asked", "offered", "fits"),
    [
        pytest.param({}, None, True, id="nothing asked"),
        pytest.param({"acceleratorSelector": {"acceleratorClass": "a"}}, ["a"], True, id="listed"),
        pytest.param({"acceleratorSelector": {"acceleratorClass": "a"}}, ["b"], False, id="other"),
        pytest.param({"acceleratorSelector": {"acceleratorClass": "a"}}, None, False, id="none"),
        pytest.param(
            {
                "engine": {"acceleratorOverride": {"acceleratorClass": "a"}},
                "decoder": {"acceleratorOverride": {"acceleratorClass": "b"}},
            },
            ["a"],
            False,
            id="engine and decoder ask for two",
        ),
        pytest.param({"acceleratorSelector": {"policy": "BestFit"}}, None, True, id="a policy"),
    ],
)
def test_accelerator_classes_asked_for_must_be_listed(
    asked: dict[str, Any], offered: list[str] | None, fits: bool
) -> None:
    offers = {} if offered is None else {"acceleratorClasses": offered}
    verdict = judge(model(), runtime(acceleratorRequirements=offers), service(**asked))
    assert verdict.compatible is fits
    assert [reason.code for reason in verdict.reasons] == ([] if fits else ["accelerator"])


def test_ome_names_the_first_reason_only() -> None:
    bad = runtime("rt", entry(quantization="fp8"), disabled=True, modelSizeRange={})
    (reason,) = judge(model(), bad).reasons
    assert (reason.code, reason.text) == ("disabled", "runtime is disabled")


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        pytest.param({}, 15, id="absent weights count 10 and 5"),
        pytest.param({"priority": 3}, 45, id="priority multiplies"),
        pytest.param({"modelFormat": {"name": "safetensors", "weight": 1}}, 6, id="own weight"),
        pytest.param({"modelFormat": {"name": "safetensors", "weight": 0}}, 15, id="weight 0"),
        pytest.param({"autoSelect": None}, 15, id="autoSelect absent counts"),
        pytest.param({"autoSelect": False}, 0, id="autoSelect false does not"),
        pytest.param({"modelArchitecture": "other"}, 15, id="architecture is not looked at"),
        pytest.param({"modelFormat": {"name": "other"}}, 0, id="another format"),
        pytest.param({"modelFramework": None}, 0, id="framework on one side"),
        pytest.param({"modelFormat": None}, 5, id="no format in the runtime"),
    ],
)
def test_formats_are_scored_by_weight_and_priority(fields: dict[str, Any], points: int) -> None:
    assert score.runtime_score(model(), runtime("rt", entry(**fields))) == points


@pytest.mark.parametrize(
    ("auto_select", "selectable", "warned"),
    [(True, True, False), (False, False, True), (None, False, True)],
)
def test_only_formats_with_auto_select_make_a_runtime_selectable(
    auto_select: bool | None, selectable: bool, warned: bool
) -> None:
    verdict = judge(model(), runtime("rt", entry(autoSelect=auto_select)))
    assert (verdict.compatible, verdict.auto_selectable) == (True, selectable)
    assert bool(verdict.warnings) is warned


def test_the_accelerator_settings_come_from_the_best_format() -> None:
    plain, preferred = (
        entry(autoSelect=False),
        entry(modelFormat={"name": "safetensors", "weight": 50}),
    )
    mixed = runtime("rt", plain, preferred, preferred)
    assert score.applicable_format(model(), mixed, named=True) == 1
    only_named = runtime("rt", plain)
    assert score.applicable_format(model(), only_named, named=True) == 0
    assert score.applicable_format(model(), only_named, named=False) is None


def test_the_size_distance_counts_both_ends() -> None:
    assert size.distance(model(), runtime(modelSizeRange=size_range("7B", "10B"))) == 3e9
    assert size.distance(model(), runtime()) == 0
