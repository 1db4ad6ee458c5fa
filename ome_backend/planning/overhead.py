"""GPU memory that neither weights nor cache take: named constants, each with its source.

Two cases bound what engines were seen to need. *Typical* is what vLLM 0.19 needed on H100-80GB in 49 runs
of 28 models (llm-d-planner, accuracy report v0.19.0); *pessimistic* takes the largest seen, or what an older
vLLM needed (llm-d-planner's constants before that report), and the GPU that keeps most memory for itself.
"""

from dataclasses import dataclass
from typing import Literal

from ome_backend.planning.amount import GIB, Amount, computed, memory
from ome_backend.planning.checkpoint import Checkpoint

CaseName = Literal["typical", "pessimistic"]

# Activations at the peak of a step; the same for every context length and tensor-parallel size.
ACTIVATION_DENSE = {"typical": 2.0, "pessimistic": 5.5}
ACTIVATION_EXPERTS = {"typical": 2.5, "pessimistic": 8.0}
ACTIVATION_GEMMA = {"typical": 3.9, "pessimistic": 5.5}
# CUDA context and NCCL's buffers: one GPU, one of a pipeline, one of a tensor-parallel group.
OUTSIDE_TORCH_ALONE = {"typical": 0.27, "pessimistic": 0.46}
OUTSIDE_TORCH_TENSOR = {"typical": 2.1, "pessimistic": 2.2}
# Captured CUDA graphs: mean 1.03, at most 1.85. Both engines capture them outside the fraction.
CUDA_GRAPHS = {"typical": 1.03, "pessimistic": 1.85}
# What an engine sees of the memory a class names: H100 79.19 of 80 GiB; L40S 46,068 of 49,152 MiB.
USABLE = {"typical": 79.19 / 80, "pessimistic": 46068 / 49152}

VLLM_FRACTION = 0.9  # vLLM's default of --gpu-memory-utilization
PREFILL_CHUNK = 8192  # tokens per step on large GPUs, vLLM 0.19 and SGLang


@dataclass(frozen=True, slots=True)
class Overhead:
    """GiB per GPU; `graphs` is 0 when the engine runs eagerly."""

    activation: Amount
    outside_torch: Amount
    graphs: Amount
    usable: float


def overhead(model: Checkpoint, tensor: int, *, eager: bool, case: CaseName) -> Overhead:
    """What an engine needs besides weights and cache on each GPU."""
    kind, activation = _activation(model)
    outside = OUTSIDE_TORCH_TENSOR if tensor > 1 else OUTSIDE_TORCH_ALONE
    return Overhead(
        activation=_constant("peak activations", activation[case], kind, case),
        outside_torch=_constant(
            "CUDA context and NCCL", outside[case], f"tensor parallel {tensor}", case
        ),
        graphs=_constant(
            "CUDA graphs",
            0.0 if eager else CUDA_GRAPHS[case],
            "eager" if eager else "captured",
            case,
        ),
        usable=USABLE[case],
    )


def _activation(model: Checkpoint) -> tuple[str, dict[str, float]]:
    if model.experts > 1:
        return "mixture of experts", ACTIVATION_EXPERTS
    if model.model_type.startswith("gemma"):
        return "gemma", ACTIVATION_GEMMA
    return "dense", ACTIVATION_DENSE


def _constant(what: str, gib: float, kind: str, case: CaseName) -> Amount:
    return memory(gib * GIB, f"{what}, {case}: measured constant", (computed("kind", kind),))


def sglang_fraction(gpu_gib: float, tensor: int, pipeline: int) -> float:
    """SGLang's own choice of --mem-fraction-static, from `server_args._handle_gpu_memory_settings`.

    It sets aside memory for activations, CUDA graphs and parallel buffers, on GPUs over 60 GiB at least 10.
    """
    chunk, few, many = next(row for limit, *row in _SGLANG_GPUS if gpu_gib < limit)
    batch = few if tensor < 4 else many
    aside = 512 + max(chunk, 2048) * 1.5 + batch * 2 + tensor * pipeline / 8 * 1024
    aside = max(aside, 10 * 1024) if gpu_gib > 60 else aside
    return max(0.0, round(1 - aside / (gpu_gib * 1024), 3))


# GPU memory below, chunked_prefill_size, cuda_graph_max_bs for tensor parallel below 4 and from 4
_SGLANG_GPUS: tuple[tuple[float, int, int, int], ...] = (
    (20, 2048, 8, 8),
    (35, 2048, 24, 80),
    (60, 4096, 32, 160),
    (90, 8192, 256, 512),
    (160, 8192, 256, 512),
    (float("inf"), 16384, 512, 512),
)
