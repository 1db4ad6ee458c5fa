"""About sixty repositories: well-known ones by name and size, and some with every trouble a Hub has."""

import json
import struct
from datetime import timedelta
from typing import Any, NamedTuple

from tests.support.local_hub.architectures import config, weight_bytes
from tests.support.local_hub.stored import StoredCommit, StoredFile, StoredRepository, digest

GATED = "meta-llama/Llama-3.1-8B-Instruct"
MANY_COMMITS = "acme/many-commits"
PRIVATE = "acme/private-model"
DISABLED = "acme/disabled-model"
NO_CONFIG = "acme/no-config"
BROKEN_CONFIG = "acme/broken-config"
CUSTOM_CODE = "acme/custom-code"
UNSAFE = "acme/unsafe-pickle"
UNKNOWN_ARCHITECTURE = "acme/unknown-architecture"
UNKNOWN_QUANTIZATION = "acme/unknown-quantization"
MANY_FILES = "acme/many-files"
MOVED = {
    "meta-llama/Meta-Llama-3.1-8B-Instruct": GATED,
    "gpt2": "openai-community/gpt2",
    "qwen/qwen3-8b": "Qwen/Qwen3-8B",
}
_SHARD = 5_000_000_000


class Made(NamedTuple):
    """What a repository is made from: billions of parameters of one type, and what is special."""

    id: str
    model_type: str
    billions: float
    special: dict[str, Any] = {}  # noqa: RUF012 - read only


_MADE = [
    Made("Qwen/Qwen3-0.6B", "qwen3", 0.6),
    Made("Qwen/Qwen3-1.7B", "qwen3", 1.7),
    Made("Qwen/Qwen3-4B", "qwen3", 4.0),
    Made("Qwen/Qwen3-8B", "qwen3", 8.2),
    Made("Qwen/Qwen3-14B", "qwen3", 14.8),
    Made("Qwen/Qwen3-32B", "qwen3", 32.8),
    Made("Qwen/Qwen3-8B-FP8", "qwen3", 8.2, {"dtype": "F8_E4M3", "quantization": "fp8"}),
    Made("Qwen/Qwen3-30B-A3B", "qwen3_moe", 30.5),
    Made("Qwen/Qwen3-235B-A22B", "qwen3_moe", 235.1),
    Made("Qwen/Qwen3-Embedding-8B", "qwen3", 7.6, {"task": "feature-extraction"}),
    Made("Qwen/Qwen2.5-7B-Instruct", "qwen2", 7.6),
    Made("Qwen/Qwen2.5-72B-Instruct", "qwen2", 72.7, {"licence": "other"}),
    Made("Qwen/Qwen2.5-7B-Instruct-AWQ", "qwen2", 2.0, {"dtype": "I32", "quantization": "awq"}),
    Made("Qwen/Qwen2.5-VL-7B-Instruct", "qwen2_5_vl", 8.3, {"task": "image-text-to-text"}),
    Made(GATED, "llama", 8.0, {"gate": "manual", "licence": "llama3.1"}),
    Made(
        "meta-llama/Llama-3.1-70B-Instruct",
        "llama",
        70.6,
        {"gate": "manual", "licence": "llama3.1"},
    ),
    Made(
        "meta-llama/Llama-3.1-405B-Instruct-FP8",
        "llama",
        405.9,
        {"gate": "manual", "licence": "llama3.1", "dtype": "F8_E4M3", "quantization": "fp8"},
    ),
    Made(
        "meta-llama/Llama-3.2-1B-Instruct", "llama", 1.2, {"gate": "manual", "licence": "llama3.2"}
    ),
    Made(
        "meta-llama/Llama-3.2-11B-Vision", "mllama", 10.7, {"gate": "manual", "licence": "llama3.2"}
    ),
    Made(
        "meta-llama/Llama-3.3-70B-Instruct",
        "llama",
        70.6,
        {"gate": "manual", "licence": "llama3.3"},
    ),
    Made(
        "meta-llama/Llama-4-Scout-17B-16E", "llama4", 108.6, {"gate": "manual", "licence": "other"}
    ),
    Made("mistralai/Mistral-7B-Instruct-v0.3", "mistral", 7.2, {"gate": "auto"}),
    Made("mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral", 46.7, {"gate": "auto"}),
    Made("mistralai/Mistral-Small-24B-Instruct-2501", "mistral", 23.6),
    Made("google/gemma-2-9b-it", "gemma2", 9.2, {"gate": "manual", "licence": "gemma"}),
    Made("google/gemma-3-27b-it", "gemma3", 27.4, {"gate": "manual", "licence": "gemma"}),
    Made("google/gemma-3-4b-it", "gemma3", 4.3, {"gate": "manual", "licence": "gemma"}),
    Made(
        "deepseek-ai/DeepSeek-V3",
        "deepseek_v3",
        684.5,
        {"dtype": "F8_E4M3", "quantization": "fp8", "code": True, "licence": "mit"},
    ),
    Made(
        "deepseek-ai/DeepSeek-R1",
        "deepseek_v3",
        684.5,
        {"dtype": "F8_E4M3", "quantization": "fp8", "code": True, "licence": "mit"},
    ),
    Made("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "qwen2", 7.6, {"licence": "mit"}),
    Made("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "llama", 70.6, {"licence": "mit"}),
    Made("openai/gpt-oss-20b", "gpt_oss", 21.5, {"dtype": "U8", "quantization": "mxfp4"}),
    Made("openai/gpt-oss-120b", "gpt_oss", 120.4, {"dtype": "U8", "quantization": "mxfp4"}),
    Made("microsoft/phi-4", "phi3", 14.7, {"licence": "mit"}),
    Made("microsoft/Phi-3-mini-4k-instruct", "phi3", 3.8, {"licence": "mit", "code": True}),
    Made("zai-org/GLM-4.5-Air", "glm4_moe", 110.5, {"licence": "mit"}),
    Made(
        "moonshotai/Kimi-K2-Instruct",
        "kimi_k2",
        1026.5,
        {"dtype": "F8_E4M3", "quantization": "fp8", "code": True, "licence": "other"},
    ),
    Made("tiiuae/falcon-7b-instruct", "falcon", 7.2, {"weights": "bin"}),
    Made(
        "bigscience/bloom-7b1",
        "bloom",
        7.1,
        {"weights": "bin", "licence": "bigscience-bloom-rail-1.0"},
    ),
    Made("openai-community/gpt2", "gpt2", 0.14, {"dtype": "F32", "licence": "mit"}),
    Made(
        "CohereForAI/c4ai-command-r-v01",
        "cohere",
        35.0,
        {"gate": "auto", "licence": "cc-by-nc-4.0"},
    ),
    Made("ibm-granite/granite-3.3-8b-instruct", "granite", 8.2),
    Made("allenai/OLMo-2-1124-13B-Instruct", "olmo2", 13.7),
    Made("databricks/dbrx-instruct", "dbrx", 131.6, {"gate": "auto", "licence": "other"}),
    Made("state-spaces/mamba-2.8b-hf", "mamba", 2.8),
    Made("google-bert/bert-base-uncased", "bert", 0.11, {"dtype": "F32", "task": "fill-mask"}),
    Made(
        "BAAI/bge-m3",
        "xlm-roberta",
        0.57,
        {"weights": "bin", "task": "sentence-similarity", "licence": "mit"},
    ),
    Made("openai/whisper-large-v3", "whisper", 1.5, {"task": "automatic-speech-recognition"}),
    Made(
        "TheBloke/Llama-2-7B-GGUF",
        "llama",
        6.7,
        {"weights": "gguf", "library": "", "licence": "llama2"},
    ),
    Made("TheBloke/Mistral-7B-v0.1-GPTQ", "mistral", 1.2, {"dtype": "I32", "quantization": "gptq"}),
    Made(
        "stabilityai/stable-diffusion-xl-base-1.0",
        "",
        3.5,
        {"library": "diffusers", "task": "text-to-image"},
    ),
    Made(
        "black-forest-labs/FLUX.1-dev",
        "",
        12.0,
        {"library": "diffusers", "task": "text-to-image", "gate": "auto"},
    ),
    Made(MANY_COMMITS, "qwen3", 1.7, {"commits": 120}),
    Made(PRIVATE, "llama", 8.0, {"private": True}),
    Made(DISABLED, "llama", 8.0, {"disabled": True}),
    Made(NO_CONFIG, "", 1.0),
    Made(BROKEN_CONFIG, "", 1.0, {"files": (StoredFile("config.json", b'{"model_type": '),)}),
    Made(CUSTOM_CODE, "zephyrine", 7.0, {"code": True}),
    Made(UNSAFE, "gpt2", 0.14, {"weights": "bin", "unsafe": ("pytorch_model.bin",)}),
    Made(UNKNOWN_ARCHITECTURE, "zephyrine", 3.0),
    Made(UNKNOWN_QUANTIZATION, "llama", 8.0, {"dtype": "U8", "quantization": "wizard"}),
    Made(
        MANY_FILES,
        "qwen3",
        0.6,
        {"files": tuple(StoredFile(f"notes/{n:04}.txt", b"note\n") for n in range(2300))},
    ),
]


def catalogue() -> dict[str, StoredRepository]:
    """The repositories by id, the same in every run."""
    return {made.id: repository(made, place) for place, made in enumerate(_MADE)}


def repository(made: Made, place: int = 0) -> StoredRepository:
    """One repository; `place` in the catalogue gives its age and how popular it is."""
    special = made.special
    diffusers = special.get("library") == "diffusers"
    files = (*_papers(made, diffusers), *_weights(made), *special.get("files", ()))
    commits = _commits(made.id, 10 + place * 13, special.get("commits", 4))
    weights = special.get("weights", "safetensors")
    return StoredRepository(
        id=made.id,
        files=tuple(sorted(files, key=lambda file: file.path)),
        gate=special.get("gate", ""),
        private=special.get("private", False),
        disabled=special.get("disabled", False),
        task=special.get("task", "text-generation"),
        library=special.get("library", "transformers"),
        licence=special.get("licence", "apache-2.0"),
        tags=_tags(made, weights),
        parameters=_parameters(made) if weights == "safetensors" else {},
        age=10 + place * 13,
        downloads=5_000_000 // (place + 1),
        likes=9_000 // (place + 1),
        commits=commits,
        branches={"main": commits[0].id, "refs/pr/1": commits[1].id, "next": commits[0].id},
        versions={"v1.0": commits[-1].id, "v1.1": commits[1].id},
        older={commits[-1].id: (_card(made),)},
        unsafe=special.get("unsafe", ()),
    )


def _tags(made: Made, weights: str) -> tuple[str, ...]:
    form = {"bin": "pytorch"}.get(weights, weights)
    code = ("custom_code",) if made.special.get("code") else ()
    return tuple(tag for tag in (form, made.model_type, "conversational", "en", *code) if tag)


def _parameters(made: Made) -> dict[str, int]:
    count = int(made.billions * 1_000_000_000)
    dtype = made.special.get("dtype", "BF16")
    if dtype in ("BF16", "F32"):
        return {dtype: count}
    return {"BF16": count // 50, dtype: count - count // 50}


def _commits(name: str, age: int, count: int) -> tuple[StoredCommit, ...]:
    def commit(number: int) -> StoredCommit:
        title = "initial commit" if number == 0 else f"Update weights and card ({number})"
        start = StoredRepository(name, age=age).created
        return StoredCommit(digest(f"{name} {number}")[:40], title, start + timedelta(hours=number))

    return tuple(commit(number) for number in reversed(range(count)))


def _card(made: Made) -> StoredFile:
    name = made.id.split("/")[-1]
    front = f"---\nlicense: {made.special.get('licence', 'apache-2.0')}\ntags:\n- {made.model_type}\n---\n"
    text = f"# {name}\n\n{name} has {made.billions:g} billion parameters.\n\n---\n\n## Use\n\nServe it.\n"
    return StoredFile("README.md", (front + text).encode())


def _papers(made: Made, diffusers: bool) -> list[StoredFile]:
    files = [_card(made), StoredFile(".gitattributes", b"*.safetensors filter=lfs\n")]
    if diffusers:
        index = {"_class_name": "StableDiffusionXLPipeline", "_diffusers_version": "0.30.0"}
        files.append(StoredFile("model_index.json", json.dumps(index).encode()))
    if made.model_type:
        files += [_config(made), StoredFile("generation_config.json", b'{"do_sample": true}')]
        files.append(StoredFile("tokenizer_config.json", b'{"model_max_length": 131072}'))
    if made.special.get("code"):
        files.append(StoredFile(f"modeling_{made.model_type}.py", b"class Model: ...\n"))
    return files


def _config(made: Made) -> StoredFile:
    special = made.special
    dtype = special.get("dtype", "BF16")
    whole = config(made.model_type, made.billions, dtype, special.get("quantization", ""))
    if special.get("code"):
        whole["auto_map"] = {"AutoModelForCausalLM": f"modeling_{made.model_type}.Model"}
    return StoredFile("config.json", json.dumps(whole, indent=2).encode())


def _weights(made: Made) -> list[StoredFile]:
    total = weight_bytes(_parameters(made))
    weights = made.special.get("weights", "safetensors")
    if weights == "gguf":
        return [StoredFile("llama-2-7b.Q4_K_M.gguf", b"GGUF", total * 3 // 10)]
    if weights == "bin":
        return [StoredFile("pytorch_model.bin", b"PK\x03\x04", total)]
    shards = -(-total // _SHARD)
    if shards == 1:
        return [_safetensors("model.safetensors", made, total)]
    names = [f"model-{n + 1:05}-of-{shards:05}.safetensors" for n in range(shards)]
    index = {"metadata": {"total_size": total}, "weight_map": {f"layer.{n}": n for n in names}}
    return [
        *(_safetensors(name, made, total // shards) for name in names),
        StoredFile("model.safetensors.index.json", json.dumps(index).encode()),
    ]


def _safetensors(name: str, made: Made, size: int) -> StoredFile:
    tensors = {
        f"{name.split('.')[0]}.weight": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}
    }
    header = json.dumps({"__metadata__": {"format": "pt"}, **tensors}).encode()
    content = struct.pack("<Q", len(header)) + header
    return StoredFile(name, content, len(content) + size)
