"""What the console says of a checkpoint's configuration."""

import json
from typing import Any

import pytest

from ome_backend import facts
from ome_backend.facts.config_text import parse
from ome_backend.facts.text_loaders import TEXT_LOADERS
from ome_backend.facts.vision_loaders import VISION_LOADERS

LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.43.0",
}
QWEN3 = {"model_type": "qwen3", "hidden_size": 4096, "num_hidden_layers": 36}
PIPELINE = {"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "Euler"]}


def described(given: dict[str, Any], **beside: Any) -> facts.ModelFacts:
    found = facts.describe(json.dumps(given), **beside)
    assert isinstance(found, facts.ModelFacts), found
    return found


def failure(text: str) -> str:
    found = facts.describe(text)
    assert isinstance(found, facts.Failure)
    return found.text


def test_a_llama_is_described_as_ome_sees_it() -> None:
    found = described(LLAMA)
    assert (found.size_text, found.context_length, found.bytes) == ("5B", 131072, 10_000_000_000)
    assert found.capabilities == ("TEXT_TO_TEXT",)
    assert (found.framework.name, found.framework.version) == ("transformers", "4.43.0")
    assert found.problems == ()


def test_weights_count_more_than_formulas() -> None:
    header = {"__metadata__": {"format": "pt"}, "a": {"shape": [3, 5]}, "b": {"shape": []}}
    found = described(LLAMA, headers=[json.dumps(header), json.dumps(header)])
    assert (found.parameters, found.parameters_from) == (30, "weights")


@pytest.mark.parametrize(
    ("changes", "metadata", "expected"),
    [
        ({}, {"total_size": 16_060_522_496}, (8_030_261_248, "index")),
        ({}, {"total_size": 16_060_522_496.0}, (8_030_261_248, "index")),
        ({}, {"total_parameters": 77, "total_size": 16}, (77, "index")),
        ({"torch_dtype": "weird"}, {"total_size": 16}, (5_000_000_000, "configuration")),
        (
            {"quantization_config": {"quant_method": "awq"}},
            {"total_size": 16},
            (5_000_000_000, "configuration"),
        ),
        ({}, {}, (5_000_000_000, "configuration")),
    ],
    ids=["bytes", "bytes with a fraction", "parameters", "unknown dtype", "quantized", "nothing"],
)
def test_an_index_counts_where_it_allows_a_conclusion(
    changes: dict[str, Any], metadata: dict[str, Any], expected: tuple[int, str]
) -> None:
    found = described(LLAMA | changes, index_text=json.dumps({"metadata": metadata}))
    assert (found.parameters, found.parameters_from) == expected
    assert found.weight_bytes == (int(metadata["total_size"]) if metadata else None)


def test_an_unreadable_index_is_no_index() -> None:
    assert described(LLAMA, index_text="{").parameters_from == "configuration"


def test_the_file_of_sentence_transformers_makes_qwen3_an_embedding_model() -> None:
    sentences = json.dumps({"similarity_fn_name": "cosine"})
    assert described(QWEN3).capabilities == ("TEXT_TO_TEXT",)
    assert described(QWEN3, sentence_text=sentences).capabilities == ("EMBEDDING",)
    assert described(LLAMA, sentence_text=sentences).capabilities == ("TEXT_TO_TEXT",)


def test_a_broken_file_of_sentence_transformers_says_nothing() -> None:
    named = QWEN3 | {"similarity_fn_name": "cosine"}
    for broken in ("{", "[]", '{"similarity_fn_name": 1}'):
        assert described(named, sentence_text=broken).embedding


REMARKS: dict[str, tuple[dict[str, Any], str]] = {
    "size": ({"model_type": "phi"}, "takes the model's size as 0"),
    "architecture": ({"model_type": "qwen2"}, "names no architecture"),
    "version": ({"model_type": "qwen2"}, "names no transformers version"),
    "quantization": (
        {"model_type": "qwen2", "quantization_config": {"quant_method": "awq"}},
        "does not record the quantization method awq",
    ),
    "dtype": ({"model_type": "new", "dtype": "bfloat16"}, "gives no torch_dtype"),
    "mistral": (LLAMA | {"model_type": "mistral"}, "for an embedding model"),
}


@pytest.mark.parametrize(("given", "remark"), REMARKS.values(), ids=REMARKS)
def test_what_ome_misses_is_said(given: dict[str, Any], remark: str) -> None:
    assert any(remark in problem for problem in described(given).problems)


SYNTAX = {
    "": "unexpected end of JSON input",
    '{"a":1': "unexpected end of JSON input",
    '{"a":1,}': "invalid character '}' looking for beginning of object key string",
    "[1,]": "invalid character ']' looking for beginning of value",
    "[1 2]": "invalid character '2' after array element",
    '{"a":[1] "b":2}': "invalid character '\"' after object key:value pair",
    '{"a" 1}': "invalid character '1' after object key",
    "{'a':1}": r"invalid character '\'' looking for beginning of object key string",
    '{"a":trye}': "invalid character 'y' in literal true (expecting 'u')",
    '{"a":-x}': "invalid character 'x' in numeric literal",
    '{"a":-Infinity}': "invalid character 'I' in numeric literal",
    '"a\nb"': r"invalid character '\n' in string literal",
    r'"\q"': "invalid character 'q' in string escape code",
    r'"\u12g4"': r"invalid character 'g' in \u hexadecimal character escape",
    "{} x": "invalid character 'x' after top-level value",
    "é": "invalid character 'Ã' looking for beginning of value",
    "[" * 100_000: "exceeded max depth",
}


@pytest.mark.parametrize(("text", "said"), SYNTAX.items(), ids=range(len(SYNTAX)))
def test_text_that_is_not_json_is_refused_in_gos_words(text: str, said: str) -> None:
    found = parse(text)
    assert isinstance(found, facts.Failure)
    assert found.text == said


NESTED = "failed to parse MLlama config JSON from 'config.json': json: cannot unmarshal "
MISTYPED = {
    '{"model_type": 1}': "json: cannot unmarshal number into Go struct field .model_type of type string",
    '{"model_type": "mllama", "text_config": 1}': f"{NESTED}number into Go struct field "
    "MLlamaConfig.text_config of type modelconfig.MLlamaTextConfig",
    '{"model_type": "mllama", "text_config": {"hidden_size": true}}': f"{NESTED}bool into Go struct "
    "field MLlamaTextConfig.text_config.hidden_size of type int",
    '{"model_type": "mllama", "architectures": [1]}': f"{NESTED}number into Go struct field "
    "MLlamaConfig.architectures of type string",
    '{"model_type": "mllama", "architectures": {}}': f"{NESTED}object into Go struct field "
    "MLlamaConfig.architectures of type []string",
    '{"model_type": "mllama", "image_token_index": 9223372036854775808}': f"{NESTED}number "
    "9223372036854775808 into Go struct field MLlamaConfig.image_token_index of type int",
    '{"model_type": "new", "hidden_size": 1e3}': "failed to parse config JSON from 'config.json': json: "
    "cannot unmarshal number 1e3 into Go struct field GenericModelConfig.hidden_size of type int",
}


@pytest.mark.parametrize(("text", "said"), MISTYPED.items(), ids=range(len(MISTYPED)))
def test_a_field_of_the_wrong_type_is_refused_in_gos_words(text: str, said: str) -> None:
    assert failure(text).endswith(said)


def test_null_and_unknown_keys_are_no_problem() -> None:
    found = described(QWEN3 | {"eos_token_id": None, "anything": [{}], "VOCAB_SIZE": 10})
    assert found.parameters == 8_000_000_000


def test_omes_crash_is_told_from_its_errors() -> None:
    vision = {"model_type": "clip_vision_model", "image_size": 336}
    found = facts.describe(json.dumps({"model_type": "llava", "vision_config": vision}))
    assert found == facts.Failure("runtime error: integer divide by zero", crash=True)


HOSTILE: tuple[Any, ...] = (
    None,
    -(2**63),
    2**63 - 1,
    0,
    1.5,
    1e308,
    "",
    "\ud800",
    True,
    [],
    [None],
    {},
    {"group_0": {}},
    {"hidden_size": -5, "num_hidden_layers": 2**62, "sliding_window": 2**62},
    {"factor": 1e308},
)


@pytest.mark.parametrize("kind", [*TEXT_LOADERS, *VISION_LOADERS, "new"])
def test_nothing_in_a_configuration_makes_describing_fail(kind: str) -> None:
    """Each value in each field, at the top and in the section of the language model."""
    experts = {"num_local_experts": 8, "num_experts_per_tok": 2, "n_routed_experts": 8}
    sections = {"text_config", "vision_config", "language_config", "quantization_config"}
    for value in HOSTILE:
        for name in {*LLAMA, *sections} - {"model_type"}:
            for given in ({name: value}, {"text_config": {name: value, "sliding_window": 2**62}}):
                text = json.dumps(LLAMA | experts | {"model_type": kind} | given)
                assert isinstance(facts.describe(text), (facts.ModelFacts, facts.Failure))


def test_a_pipeline_is_described_by_its_class() -> None:
    found = facts.describe_pipeline(json.dumps(PIPELINE))
    assert isinstance(found, facts.ModelFacts)
    assert (found.model_type, found.architecture) == ("diffusers", "StableDiffusionPipeline")
    assert found.capabilities == ("TEXT_TO_IMAGE",)
    assert (found.framework.name, found.framework.version) == ("diffusers", "")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"_class_name": 1}', "null"])
def test_no_pipeline_is_a_failure(text: str) -> None:
    assert isinstance(facts.describe_pipeline(text), facts.Failure)


def test_only_what_is_empty_is_filled() -> None:
    own = {"modelType": "mine", "modelFormat": {"name": "gguf"}, "modelCapabilities": ["MINE"]}
    spec = facts.derived_spec(described(LLAMA), own)
    assert {name: spec[name] for name in own} == own
    assert spec["modelArchitecture"] == "LlamaForCausalLM"
    assert spec["modelFramework"] == {"name": "transformers", "version": "4.43.0"}
    assert set(own) == {"modelType", "modelFormat", "modelCapabilities"}


def test_the_configuration_is_always_overwritten_and_the_context_never_set() -> None:
    spec = facts.derived_spec(described(LLAMA), {"modelConfiguration": {"old": 1}})
    assert spec["modelConfiguration"]["parameter_count"] == "5B"
    assert "maxTokens" not in spec
