"""Every remedy does what it claims and touches nothing else."""

import random
from copy import deepcopy
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ome_backend.matching.judgement import judge
from ome_backend.matching.remedies import Remedy, remedies
from ome_backend.matching.selection import validate
from ome_backend.matching.what_if import what_if
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import SERVING_RUNTIME
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.schema import structural, validation
from ome_backend.schema.crds import crd
from tests.matching import vectors

MAY_CHANGE = {
    "model": {
        "modelFormat",
        "modelFramework",
        "modelArchitecture",
        "modelParameterSize",
        "diffusionPipeline",
    },
    "runtime": {
        "disabled",
        "supportedModelFormats",
        "modelSizeRange",
        "acceleratorRequirements",
    },
    "service": {"acceleratorSelector", "engine", "decoder", "runtime"},
}
DECLARED = ("modelArchitecture", "quantization", "diffusionPipeline")


def some(*values: Any) -> st.SearchStrategy[Any]:
    """One of `values` or nothing."""
    return st.sampled_from([*values, None])


def spec(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A mapping of those fields that are not nothing."""
    return st.fixed_dictionaries(fields).map(
        lambda found: {name: value for name, value in found.items() if value is not None}
    )


NUMBERS = some("1.0.0", "1", "v1.0.0", "4.43.0", "4.44.1", "4.36.0.dev0", "1.2-rc1", "latest")
OPERATORS = some("Equal", "GreaterThan", "GreaterThanOrEqual", "")
FORMATS = spec(
    name=st.sampled_from(["safetensors", "pytorch"]), version=NUMBERS, operator=OPERATORS
)
FRAMEWORKS = spec(
    name=st.sampled_from(["transformers", "vllm"]), version=NUMBERS, operator=OPERATORS
)
PIPELINES = spec(
    className=some("Flux", "Qwen"),
    vae=some({"library": "diffusers", "type": "Kl"}, {"type": "Tiny"}),
    additionalComponents=some({"image_encoder": {"type": "Clip"}}),
)
TRAITS: dict[str, st.SearchStrategy[Any]] = {
    "modelArchitecture": some("Llama", "Qwen"),
    "quantization": some("fp8"),
    "diffusionPipeline": st.none() | PIPELINES,
}
SIZES = some("8B", "70B", "7b", "98.30K", "large", "", "NaN", "inf")
CLASSES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)
MODELS = spec(
    modelFormat=st.none() | FORMATS | st.just({"name": ""}),
    modelFramework=st.none() | FRAMEWORKS,
    modelParameterSize=SIZES,
    modelConfiguration=some({"architectures": ["Llama"]}),
    vendor=some("acme"),
    **TRAITS,
)
ENTRIES = spec(
    name=some("f"),
    modelFormat=FORMATS,
    modelFramework=FRAMEWORKS,
    autoSelect=some(True, False),
    priority=some(1, 2),
    **TRAITS,
)
RUNTIMES = spec(
    supportedModelFormats=st.lists(ENTRIES, min_size=1, max_size=3) | some([]),
    modelSizeRange=st.none() | spec(min=SIZES, max=SIZES),
    disabled=some(True, False),
    acceleratorRequirements=st.none() | spec(acceleratorClasses=st.none() | CLASSES),
    engineConfig=st.just({"minReplicas": 1}),
)
WISHES = spec(acceleratorClass=some("a", "b", "", "d"), policy=some("BestFit"))
SERVICES = spec(
    acceleratorSelector=st.none() | WISHES,
    engine=spec(acceleratorOverride=st.none() | WISHES),
    runtime=some({"name": "other", "kind": "ServingRuntime"}),
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    return Model({"metadata": {"name": "m"}, "spec": draw(MODELS)})


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Model, Runtime]:
    """A model and a runtime, which often nearly match."""
    model = draw(models())
    found = draw(RUNTIMES) if draw(st.booleans()) else {}
    if not found or draw(st.booleans()):
        found["supportedModelFormats"] = [
            *found.get("supportedModelFormats", []),
            draw(twin(model)),
        ]
    raw = {"metadata": {"name": "rt"}, "spec": found}
    if draw(st.booleans()):
        return model, Runtime(raw)
    raw["metadata"]["namespace"] = "demo"
    return model, Runtime(raw, SERVING_RUNTIME)


@st.composite
def twin(draw: st.DrawFn, model: Model) -> dict[str, Any]:
    """A supported format that differs from the model in one field at most."""
    traits = (*TRAITS, *(["modelFormat"] if model.format_name else []), "modelFramework")
    entry: dict[str, Any] = draw(ENTRIES)
    kept = {name: value for name, value in entry.items() if name not in traits}
    same = {name: model.raw["spec"][name] for name in traits if name in model.raw["spec"]}
    other = draw(st.sampled_from(traits))
    return {**entry, **same} if draw(st.booleans()) else {**kept, **same, other: entry.get(other)}


@st.composite
def services(draw: st.DrawFn) -> InferenceService | None:
    if draw(st.booleans()):
        return None
    notes = draw(spec(**{"ome.io/accelerator-class": some("a", "")}))
    metadata = {"name": "s", "namespace": "demo", "annotations": notes}
    return InferenceService({"metadata": metadata, "spec": draw(SERVICES)})


@settings(max_examples=500, deadline=None)
@given(pairs(), services())
def test_every_remedy_does_what_it_claims(
    pair: tuple[Model, Runtime], service: InferenceService | None
) -> None:
    model, runtime = pair
    before = deepcopy((model.raw, runtime.raw, service and service.raw))
    found = remedies(model, runtime, service)
    assert (model.raw, runtime.raw, service and service.raw) == before
    assert judge(model, runtime, service).auto_selectable <= (not found)
    for remedy in found:
        check(remedy, model, runtime, service)


def check(remedy: Remedy, model: Model, runtime: Runtime, service: InferenceService | None) -> None:
    assert remedy.sentence.endswith(".")
    assert remedy.risk.endswith(".")
    assert len({edit.target for edit in remedy.edits}) == len(remedy.edits)
    new_model = Model(patched(remedy, model.ref, model.raw), model.kind)
    new_runtime = Runtime(patched(remedy, runtime.ref, runtime.raw), runtime.kind)
    new_service = service and InferenceService(patched(remedy, service.ref, service.raw))
    assert outcome(new_model, new_runtime, new_service) == remedy.outcome
    only(MAY_CHANGE["model"], model.raw, new_model.raw)
    only(MAY_CHANGE["runtime"], runtime.raw, new_runtime.raw)
    if service and new_service:
        only(MAY_CHANGE["service"], service.raw, new_service.raw)
    stays_what_it_is(model, new_model)
    keeps_its_formats(runtime, new_runtime)


def patched(remedy: Remedy, ref: Ref, raw: Manifest) -> Manifest:
    for edit in remedy.edits:
        if edit.target == ref:
            raw = jsonpatch.apply_patch(raw, list(edit.patch))
    return raw


def outcome(model: Model, runtime: Runtime, service: InferenceService | None) -> str:
    verdict = judge(model, runtime, service)
    if verdict.auto_selectable:
        return "auto-selectable"
    name = service.runtime_name if service else ""
    if name == runtime.key.name:
        error = validate(model, name, [runtime], service, namespace="demo").error
        assert not error
        return "named"
    return "compatible" if verdict.compatible else "rejected"


def only(allowed: set[str], before: Manifest, after: Manifest) -> None:
    """Nothing but the allowed fields of the spec changed, and the annotation of a service."""
    names = {*before["spec"], *after["spec"]}
    assert {n for n in names if before["spec"].get(n) != after["spec"].get(n)} <= allowed
    fixed = {name: value for name, value in before.items() if name not in ("spec", "metadata")}
    assert {n: v for n, v in after.items() if n not in ("spec", "metadata")} == fixed
    for name in ("name", "namespace", "labels"):
        assert before["metadata"].get(name) == after["metadata"].get(name)


def stays_what_it_is(before: Model, after: Model) -> None:
    """What a model declared it still declares, apart from versions and an unreadable size."""
    for name in DECLARED:
        declared = before.raw["spec"].get(name)
        assert declared is None or after.raw["spec"].get(name) == declared
    assert before.quantization == after.quantization
    assert before.format_name in ("", after.format_name)
    assert before.framework_name in ("", after.framework_name)


def keeps_its_formats(before: Runtime, after: Runtime) -> None:
    """The formats a runtime had are still there; only operators and autoSelect may differ."""
    for old, new in zip(before.formats, after.formats, strict=False):
        assert bare(old.traits) == bare(new.traits)
        assert (old.name, old.priority) == (new.name, new.priority)
    assert len(before.formats) <= len(after.formats) <= len(before.formats) + 1


def bare(traits: Any) -> tuple[Any, ...]:
    versioned = [part and (part.name, part.version) for part in (traits.format, traits.framework)]
    return (*versioned, traits.architecture, traits.quantization, traits.pipeline)


def catalogue() -> list[tuple[Model, Runtime]]:
    """Every shipped model that says what it is with every shipped runtime, and some of the others."""
    models = [vectors.model(raw) for raw in vectors.catalogue("models").values()]
    runtimes = [vectors.runtime(raw) for raw in vectors.catalogue("runtimes").values()]
    sampler = random.Random(7)
    pairs = [(m, r) for m in models for r in runtimes if m.format_name]
    vague = [(m, r) for m in models for r in runtimes if not m.format_name]
    return sampler.sample(pairs, 1200) + sampler.sample(vague, 600)


def test_every_rejected_pair_of_the_catalogue_has_a_remedy_that_works() -> None:
    checked = 0
    for model, runtime in catalogue():
        found = remedies(model, runtime)
        assert found or judge(model, runtime).auto_selectable, (model.key, runtime.key)
        for remedy in found:
            check(remedy, model, runtime, None)
            checked += 1
    assert checked > 2000


@pytest.mark.parametrize("seed", range(3))
def test_remedies_of_the_catalogue_pass_the_schema(seed: int) -> None:
    for model, runtime in random.Random(seed).sample(catalogue(), 40):
        for remedy in remedies(model, runtime):
            for view in (model, runtime):
                accepted(view.kind.name, patched(remedy, view.ref, view.raw))


def accepted(kind: str, raw: Manifest) -> None:
    known = crd(kind)
    assert known is not None
    assert structural.unknown_fields(known.schema, raw) == []
    assert validation.problems(known.schema, raw) == []


def test_the_whole_catalogue_ranks_as_a_remedy_claims() -> None:
    everything = [vectors.runtime(raw) for raw in vectors.catalogue("runtimes").values()]
    model = next(
        m for m in map(vectors.model, vectors.catalogue("models").values()) if m.format_name
    )
    for runtime in everything[::8]:
        for remedy in remedies(model, runtime):
            after = what_if(model, everything, None, "demo", remedy.edits).after
            [verdict] = [one for one in after.verdicts if one.runtime.ref == runtime.ref]
            assert verdict.compatible
            assert verdict.auto_selectable == (remedy.outcome == "auto-selectable")
