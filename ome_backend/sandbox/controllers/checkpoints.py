"""What OME would find in a checkpoint's config.json, told from the repository's name."""

import re
from dataclasses import dataclass, replace

from ome_backend.resources.parameter_count import parse

TEXT = ("TEXT_TO_TEXT",)
VISION = ("IMAGE_TEXT_TO_TEXT",)
EMBEDDING = ("EMBEDDING",)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is known of a checkpoint; empty where its config.json could not be read."""

    architecture: str = ""
    model_type: str = ""
    framework_version: str = ""
    size: str = ""
    max_tokens: int = 0
    capabilities: tuple[str, ...] = ()
    quantization: str = ""
    framework: str = "transformers"

    @property
    def readable(self) -> bool:
        return bool(self.architecture)

    @property
    def transformers_version(self) -> str:
        """Empty for pipelines: they name the version of diffusers."""
        return self.framework_version if self.framework == "transformers" else ""

    @property
    def bytes(self) -> int:
        """The size on disk: parameters times the width of a weight; 8 GB where nothing is known."""
        width = {"int4": 0.6, "fp8": 1.0}.get(self.quantization, 2.0)
        return int((parse(self.size) or 4e9) * width)


# The last column is the size where the name does not tell it.
_FAMILIES: tuple[tuple[str, Checkpoint], ...] = (
    (
        r"^DeepSeek-(R1|V3)(-\d+)?$",
        Checkpoint("DeepseekV3ForCausalLM", "deepseek_v3", "4.46.3", "685B", 163840, TEXT, "fp8"),
    ),
    (
        r"^DeepSeek-R1-Distill-Llama",
        Checkpoint("LlamaForCausalLM", "llama", "4.43.0", "", 131072, TEXT),
    ),
    (
        r"^DeepSeek-R1-Distill-Qwen",
        Checkpoint("Qwen2ForCausalLM", "qwen2", "4.43.1", "", 131072, TEXT),
    ),
    (
        r"^Kimi-K2",
        Checkpoint("DeepseekV3ForCausalLM", "kimi_k2", "4.51.3", "1.5T", 131072, TEXT, "fp8"),
    ),
    (
        r"^Llama-4-Scout",
        Checkpoint("Llama4ForConditionalGeneration", "llama4", "4.51.0", "109B", 10485760, VISION),
    ),
    (
        r"^Llama-4",
        Checkpoint("Llama4ForConditionalGeneration", "llama4", "4.51.0", "402B", 1048576, VISION),
    ),
    (
        r"^Llama-Guard-4",
        Checkpoint("Llama4ForConditionalGeneration", "llama4", "4.51.3", "", 131072, VISION),
    ),
    (r"^Llama-3\.3", Checkpoint("LlamaForCausalLM", "llama", "4.47.0", "", 131072, TEXT)),
    (
        r"^Llama-3\.2-\d+B-Vision",
        Checkpoint("MllamaForConditionalGeneration", "mllama", "4.45.0", "", 131072, VISION),
    ),
    (r"^Llama-3\.2", Checkpoint("LlamaForCausalLM", "llama", "4.45.0", "", 131072, TEXT)),
    (
        r"^(Meta-)?Llama-3(\.1)?",
        Checkpoint("LlamaForCausalLM", "llama", "4.43.0", "", 131072, TEXT),
    ),
    (r"^SmolLM", Checkpoint("LlamaForCausalLM", "llama", "4.43.0", "", 8192, TEXT)),
    (
        r"^Qwen3-VL",
        Checkpoint("Qwen3VLForConditionalGeneration", "qwen3_vl", "4.57.0", "", 262144, VISION),
    ),
    (
        r"^Qwen3-(Embedding|Reranker)",
        Checkpoint("Qwen3ForCausalLM", "qwen3", "4.51.2", "", 40960, TEXT),
    ),
    (
        r"^Qwen3-\d+B-A\d+B",
        Checkpoint("Qwen3MoeForCausalLM", "qwen3_moe", "4.51.0", "", 40960, TEXT),
    ),
    (r"^Qwen3-", Checkpoint("Qwen3ForCausalLM", "qwen3", "4.51.0", "", 40960, TEXT)),
    (
        r"^Qwen2\.5-VL",
        Checkpoint(
            "Qwen2_5_VLForConditionalGeneration", "qwen2_5_vl", "4.41.2", "", 128000, VISION
        ),
    ),
    (
        r"^Qwen2-VL",
        Checkpoint("Qwen2VLForConditionalGeneration", "qwen2_vl", "4.41.2", "", 32768, VISION),
    ),
    (r"^Qwen2(\.5)?-", Checkpoint("Qwen2ForCausalLM", "qwen2", "4.43.1", "", 32768, TEXT)),
    (
        r"^Qwen-Image-Edit",
        Checkpoint(
            "QwenImageEditPipeline",
            "diffusers",
            "0.35.0",
            "20B",
            0,
            ("IMAGE_TEXT_TO_IMAGE",),
            framework="diffusers",
        ),
    ),
    (
        r"^Qwen-Image",
        Checkpoint(
            "QwenImagePipeline",
            "diffusers",
            "0.35.0",
            "20B",
            0,
            ("TEXT_TO_IMAGE",),
            framework="diffusers",
        ),
    ),
    (
        r"^FLUX\.1",
        Checkpoint("FluxPipeline", "diffusers", "0.30.0", "12B", 0, VISION, framework="diffusers"),
    ),
    (
        r"^Mixtral-8x7B",
        Checkpoint("MixtralForCausalLM", "mixtral", "4.36.0", "46.7B", 32768, TEXT),
    ),
    # OME takes every checkpoint of this family for an embedding model.
    (r"^Mistral-", Checkpoint("MistralForCausalLM", "mistral", "4.42.0", "", 32768, EMBEDDING)),
    (r"^e5-mistral", Checkpoint("MistralModel", "mistral", "4.34.0", "7B", 32768, EMBEDDING)),
    (r"^gemma-3-1b", Checkpoint("Gemma3ForCausalLM", "gemma3_text", "4.50.0", "", 32768, TEXT)),
    (
        r"^gemma-3",
        Checkpoint("Gemma3ForConditionalGeneration", "gemma3", "4.50.0", "", 8192, VISION),
    ),
    (r"^gemma-2", Checkpoint("Gemma2ForCausalLM", "gemma2", "4.42.0", "", 8192, TEXT)),
    (r"^phi-4$", Checkpoint("Phi3ForCausalLM", "phi3", "4.47.0", "14B", 16384, TEXT)),
    (
        r"^Phi-(3\.5|4)-mini",
        Checkpoint("Phi3ForCausalLM", "phi3", "4.45.0", "3.8B", 131072, TEXT),
    ),
    (
        r"^bge-reranker-v2-m3$",
        Checkpoint(
            "XLMRobertaForSequenceClassification", "xlm-roberta", "4.38.1", "568M", 8194, EMBEDDING
        ),
    ),
    (r"^bge-m3$", Checkpoint("XLMRobertaModel", "xlm-roberta", "4.33.0", "568M", 8194, EMBEDDING)),
    (r"^bge-large", Checkpoint("BertModel", "bert", "4.30.0", "335M", 512, EMBEDDING)),
    (
        r"^gpt-oss-20b",
        Checkpoint("GptOssForCausalLM", "gpt_oss", "4.55.0", "20B", 131072, TEXT),
    ),
    (
        r"^gpt-oss-120b",
        Checkpoint("GptOssForCausalLM", "gpt_oss", "4.55.0", "120B", 131072, TEXT),
    ),
    (
        r"^whisper-large-v3",
        Checkpoint(
            "WhisperForConditionalGeneration", "whisper", "4.36.0", "1.5B", 448, ("AUDIO_TO_TEXT",)
        ),
    ),
    (r"^granite-3", Checkpoint("GraniteForCausalLM", "granite", "4.47.0", "", 131072, TEXT)),
)


def checkpoint(repository: str) -> Checkpoint:
    """What lies in the repository `org/name`.

    An unknown family reads like an unreadable config.json: only what the name says of size and
    quantization is there, and only to size the download.
    """
    name = repository.rpartition("/")[2]
    for pattern, found in _FAMILIES:
        if re.search(pattern, name):
            return replace(
                found,
                size=_size(name) or found.size,
                quantization=_quantization(name) or found.quantization,
            )
    return Checkpoint(size=_size(name), quantization=_quantization(name))


def _size(name: str) -> str:
    found = re.search(r"(?:^|[-_])(\d+(?:\.\d+)?)([bBmM])(?=$|[-_])", name)
    return found.group(1) + found.group(2).upper() if found else ""


def _quantization(name: str) -> str:
    lowered = name.lower()
    return next((each for each in ("int4", "fp8") if each in lowered), "")
