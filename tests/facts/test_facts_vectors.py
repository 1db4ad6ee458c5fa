"""OME's recorded readings of configurations, run against the console's facts."""

import base64
import json
from collections.abc import Callable
from typing import Any

from ome_backend import facts
from ome_backend.facts import derived, diffusion, size_text, text_loaders, typed_fields
from ome_backend.facts import text_loaders as texts
from ome_backend.facts import vision_loaders as visions
from ome_backend.facts.capabilities import capabilities
from ome_backend.facts.description import facts_of
from ome_backend.facts.diffusion import Pipeline
from ome_backend.facts.reading import Reading
from tests.matching.vectors import Comparison, cases, load

Case = dict[str, Any]
Answer = Any
INDEX = "model_index.json"

NOT_OURS = {
    "TestLoadDiffusionPipelineSpec_MissingFile": "reading the file is not this room's",
    "TestParseModelConfig": "finding the file is not this room's",
    "TestParseModelConfig_PrefersModelIndex": "finding the file is not this room's",
    "TestPopulateArtifactAttribute_SetsFields": "the artifact tells of files on the node",
    "TestPopulateArtifactAttribute_NilInput": "the artifact tells of files on the node",
    "TestBuildArtifactAttribute_Basic": "the artifact tells of files on the node",
}


def described(text: str, path: str) -> Answer:
    if path.endswith(INDEX):
        return facts.describe_pipeline(text, path=path)
    return facts.describe(text, path=path)


def interface(found: facts.ModelFacts) -> Answer:
    """The facts as the recordings write the values of OME's interface."""
    return {
        "architecture": found.architecture,
        "contextLength": found.context_length,
        "hasVision": found.vision,
        "isEmbedding": found.embedding,
        "modelSizeBytes": found.bytes,
        "modelType": found.model_type,
        "parameterCount": found.parameters or 0,
        "parameterSize": found.size_text,
        "quantizationType": found.quantization_method,
        "torchDtype": found.dtype,
        "transformerVersion": found.transformers_version,
    }


def test_what_ome_reads_from_configurations_is_what_we_read() -> None:
    compare_readings("oracle-modelconfig", at_least=294)


def test_what_ome_reads_from_random_configurations_is_what_we_read() -> None:
    compare_readings("oracle-modelconfig-random", at_least=572)


def compare_readings(name: str, *, at_least: int) -> None:
    comparison = Comparison(name)
    for case in cases(name):
        ((file, text),) = case["files"].items()
        found = described(text, f"<dir>/{file}")
        model, spec = case["expected"]["model"], case["expected"]["spec"]
        if isinstance(found, facts.Failure):
            said = {"panic" if found.crash else "error": found.text}
            comparison.same(case["name"], "failure", said, model)
            continue
        expected = {key: value for key, value in model.items() if key != "goType"}
        comparison.same(case["name"], "interface", interface(found), expected)
        comparison.same(case["name"], "spec", facts.derived_spec(found, {}), spec["spec"])
        kept = derived.metadata(found)
        comparison.same(case["name"], "maxTokens", kept["maxTokens"], spec["maxTokens"])
        entry = derived.node_entry(kept)
        comparison.same(case["name"], "ConfigMap", entry, spec["configMapConfig"])
    comparison.conclude(at_least)


def test_every_loader_reads_the_fields_it_reads_in_ome() -> None:
    comparison = Comparison("modelconfig-fields")
    loaders = {**texts.TEXT_LOADERS, **visions.VISION_LOADERS, "*generic*": text_loaders.GENERIC}
    recorded = load("modelconfig-fields")["fields"]
    comparison.same("all", "model types", set(loaders), set(recorded))
    for kind, fields in recorded.items():
        comparison.same(kind, "fields", expanded(loaders[kind].struct), fields)
    comparison.conclude(at_least=46)


def expanded(kind: str) -> Answer:
    """A type of our notation as the recordings write it."""
    if kind.startswith("[]"):
        return [expanded(kind[2:])]
    if kind.startswith("map[string]"):
        return {"*": expanded(kind.removeprefix("map[string]"))}
    fields = typed_fields.structs().get(kind)
    if fields is None:
        return "float" if kind == "float64" else kind
    return {name: expanded(inner) for name, inner in fields.items()}


def test_size_texts_are_omes() -> None:
    comparison = Comparison("oracle-paramcount")
    for case in cases("oracle-paramcount"):
        text = size_text.parameter_text(case["count"])
        comparison.same(case["count"], "text", text, case["value"])
    comparison.conclude(at_least=88)


def test_omes_unit_tests_of_loading_pass() -> None:
    comparison = Comparison("go-modelconfig")
    for case in cases("go-modelconfig"):
        if case["name"] not in NOT_OURS:
            answer = LOADING.get(case["function"], loaded)(case["input"])
            comparison.same(case["name"], case["function"], answer, loading_expected(case))
    comparison.conclude(at_least=157)


def loaded(given: Case) -> Answer:
    file = given["fileName"]
    headers = [
        each["safetensorsHeader"] for each in given["files"].values() if isinstance(each, dict)
    ]
    # OME keeps the files of its tests in one directory, this one among them.
    found = facts.describe(
        given["files"][file], sentence_text=sentence_file(), headers=headers, path=file
    )
    answer = interface(found) if isinstance(found, facts.ModelFacts) else {}
    return {key: value for key, value in answer.items() if key != "parameterSize"}


def sentence_file() -> str:
    name = "config_sentence_transformers.json"
    (text,) = next(
        one["files"] for one in cases("oracle-modelconfig") if one["name"] == name
    ).values()
    return str(text)


def loading_expected(case: Case) -> Answer:
    expected = case["expected"] if case.get("expectedError") is None else case["expectedError"]
    if isinstance(expected, dict):
        return {key: value for key, value in expected.items() if key != "goType"}
    return expected


def pipeline_parts(text: str) -> Answer:
    """A pipeline as the recordings write OME's DiffusionPipelineSpec, or the failure."""
    found = diffusion.parse(text)
    if isinstance(found, facts.Failure):
        return found.text
    return {
        "ClassName": found.class_name,
        "DiffusersVersion": found.version,
        **{go: part_of(found, ours) for go, ours in PARTS.items()},
        "AdditionalComponents": {name: recorded_part(part) for name, part in found.others.items()}
        or None,
    }


PARTS = {
    "Scheduler": "scheduler",
    "TextEncoder": "textEncoder",
    "Tokenizer": "tokenizer",
    "Transformer": "transformer",
    "VAE": "vae",
}


def part_of(found: Pipeline, name: str) -> Answer:
    return recorded_part(found.parts[name]) if name in found.parts else None


def recorded_part(part: Case) -> Answer:
    return {"Library": part.get("library", ""), "Type": part.get("type", "")}


LOADING: dict[str, Callable[[Case], Answer]] = {
    "EstimateModelSizeBytes": lambda given: size_text.model_bytes(
        given["paramCount"], given["dtype"]
    ),
    "FormatParamCount": lambda given: size_text.parameter_text(given["count"]),
    "FormatSize": lambda given: size_text.bytes_text(given["size"]),
    "ParseDiffusionPipelineSpec": lambda given: pipeline_parts(
        base64.b64decode(given["data"]).decode()
    ),
    "LoadDiffusionPipelineSpec": lambda given: pipeline_parts(given["files"][INDEX]),
}


def test_omes_unit_tests_of_the_agent_pass() -> None:
    comparison, left_out = Comparison("go-modelagent"), 0
    for case in cases("go-modelagent"):
        if case["name"] in NOT_OURS and case["function"] in FILES:
            left_out += 1
            continue
        actual, expected = AGENT[case["function"]](case)
        comparison.same(case["name"], case["function"], actual, expected)
    comparison.conclude(at_least=47)
    assert left_out == 6


FILES = ("ParseModelConfig", "populateArtifactAttribute", "buildArtifactAttribute")


def reading(given: Case) -> Reading:
    """The values of the mock model a unit test hands in."""
    painted = "Diffusion" in given["goType"]
    return Reading(
        given["modelType"],
        given["architecture"],
        given["parameterCount"],
        bytes=given["modelSizeBytes"],
        context_length=given["contextLength"],
        dtype=given["torchDtype"],
        quantization_method=given["quantizationType"],
        transformers_version=given["transformerVersion"],
        vision=given["hasVision"],
        embedding=given["isEmbedding"],
        pipeline=Pipeline("", "", {}, {}) if painted else None,
    )


def agent_metadata(case: Case) -> tuple[Answer, Answer]:
    kept = derived.metadata(facts_of(reading(case["input"]["hfModel"])))
    return kept, recorded_metadata(case["expected"][0])


def recorded_metadata(go: Case) -> Case:
    """OME's ModelMetadata under the names of the model's spec."""
    found = {name[0].lower() + name[1:]: value for name, value in go.items() if name != "Artifact"}
    raw = found["modelConfiguration"]
    kept = {name: found[name] for name in found if name != "apiCapabilities" or found[name]}
    return kept | {"modelConfiguration": raw and json.loads(base64.b64decode(raw))}


def agent_capabilities(case: Case) -> tuple[Answer, Answer]:
    given = reading(case["input"]["hfModel"])
    found = capabilities(
        given.model_type,
        given.architecture,
        vision=given.vision,
        embedding=given.embedding,
        diffusion=given.pipeline is not None,
    )
    return [list(found)], case["expected"]


def agent_spec(case: Case) -> tuple[Answer, Answer]:
    given = case["input"]
    filled = derived.filled(given["spec"], recorded_metadata(given["metadata"]))
    return filled, case["expectedArgsAfter"]["spec"]


def agent_entry(case: Case) -> tuple[Answer, Answer]:
    given = case["input"]["metadata"]
    entry = derived.node_entry(recorded_metadata(given), given["Artifact"])
    return entry, case["expected"][0]


def agent_skips(case: Case) -> tuple[Answer, Answer]:
    model = case["input"]["baseModel"] or case["input"]["clusterBaseModel"]
    return [derived.skips_parsing(model)], case["expected"]


def agent_pipeline(case: Case) -> tuple[Answer, Answer]:
    go = case["input"]["pipeline"]
    parts = {ours: spec_part(go[name]) for name, ours in PARTS.items()}
    others = {name: spec_part(part) for name, part in go["AdditionalComponents"].items()}
    pipeline = Pipeline(go["ClassName"], go["DiffusersVersion"], parts, others)
    return [diffusion.manifest(pipeline)], case["expected"]


def spec_part(go: Case) -> Case:
    return {"library": go["Library"], "type": go["Type"]}


def agent_size(case: Case) -> tuple[Answer, Answer]:
    return [size_text.parameter_text(case["input"]["count"])], case["expected"]


AGENT: dict[str, Callable[[Case], tuple[Answer, Answer]]] = {
    "extractModelMetadataFromHF": agent_metadata,
    "determineModelCapabilitiesFromHF": agent_capabilities,
    "updateModelSpec": agent_spec,
    "ConvertMetadataToModelConfig": agent_entry,
    "shouldSkipConfigParsing": agent_skips,
    "convertDiffusionPipelineSpec": agent_pipeline,
    "FormatParamCount": agent_size,
}
