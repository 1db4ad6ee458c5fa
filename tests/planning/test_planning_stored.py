"""What a model object tells of its checkpoint: the agent's summary is not a config.json."""

from typing import Any

import pytest

from ome_backend.planning.amount import Amount, Unknown
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.kv_cache import KvCache, kv_cache
from ome_backend.planning.plan import gpu_memory, plan
from ome_backend.planning.stored import config_address, facts_of, keeps_its_config
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.kinds import ACCELERATOR_CLASS
from ome_backend.resources.model import Model
from tests.planning.checkpoints import LLAMA_8B
from tests.support import builders

SUMMARY = {
    "model_type": "llama",
    "architecture": "LlamaForCausalLM",
    "context_length": 131072,
    "parameter_count": "8B",
    "has_vision": False,
    "is_embedding": False,
    "transformers_version": "4.43.0",
    "torch_dtype": "bfloat16",
    "model_size_bytes": 16_000_000_000,
}
H100 = AcceleratorClass(
    builders.manifest(ACCELERATOR_CLASS, "h100", spec={"capabilities": {"memoryGB": "80Gi"}})
)


def model(configuration: Any = None, **spec: Any) -> Model:
    given = {} if configuration is None else {"modelConfiguration": configuration}
    return Model(builders.model(**given, **spec))


@pytest.mark.parametrize(
    ("configuration", "max_tokens", "context", "evidence"),
    [
        pytest.param(LLAMA_8B, 99, 131072, Evidence.DECLARED, id="the config's own"),
        pytest.param(SUMMARY, 99, 131072, Evidence.REPORTED, id="the agent's summary"),
        pytest.param({}, 99, 99, Evidence.DECLARED, id="maxTokens of the model"),
        pytest.param({"context_length": True}, -1, None, None, id="nothing that is a number"),
    ],
)
def test_the_longest_context_says_where_it_is_from(
    configuration: Any, max_tokens: int, context: int | None, evidence: Evidence | None
) -> None:
    facts = facts_of(model(configuration, maxTokens=max_tokens))
    found = plan(facts, EngineArgs(), gpu_memory(H100)).context
    assert (found and found.value, found and found.evidence) == (context, evidence)


@pytest.mark.parametrize(
    ("configuration", "why"),
    [
        pytest.param(None, "config.json is not known", id="nothing stored"),
        pytest.param(SUMMARY, "keeps only a summary", id="the agent's summary"),
        pytest.param({"model_type": "llama"}, "does not say how many layers", id="too little"),
    ],
)
def test_without_layers_the_cache_is_unknown_for_the_true_reason(
    configuration: Any, why: str
) -> None:
    found = kv_cache(facts_of(model(configuration)).checkpoint)
    assert isinstance(found, Unknown)
    assert why in found.why
    assert found.missing[:2] == ("num_hidden_layers", "num_attention_heads")


def test_a_given_config_stands_in_for_the_stored_one() -> None:
    found = kv_cache(facts_of(model(SUMMARY), LLAMA_8B).checkpoint)
    assert isinstance(found, KvCache)
    assert found.per_token.value == 32 * 2 * 8 * 128 * 2


def test_weights_follow_from_the_summary() -> None:
    found = plan(facts_of(model(SUMMARY)), EngineArgs(), gpu_memory(H100))
    assert isinstance(found.weights, Amount)
    assert found.typical is not None
    assert found.fits == "unknown"


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("hf://Qwen/Qwen3-8B", "https://huggingface.co/Qwen/Qwen3-8B/raw/main/config.json"),
        ("hf://Qwen/Qwen3-8B@v2", "https://huggingface.co/Qwen/Qwen3-8B/raw/v2/config.json"),
        ("local:///models/own", ""),
        ("", ""),
    ],
)
def test_a_config_is_found_on_the_hub_where_the_model_is_from_there(uri: str, address: str) -> None:
    assert config_address(model(storage={"storageUri": uri})) == address


@pytest.mark.parametrize(("said", "kept"), [("true", True), ("TRUE", True), ("no", False)])
def test_the_annotation_keeps_what_people_wrote(said: str, kept: bool) -> None:
    raw = builders.model()
    raw["metadata"]["annotations"] = {"ome.oracle.com/skip-config-parsing": said}
    assert keeps_its_config(Model(raw)) is kept
