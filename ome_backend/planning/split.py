"""How weights and cache spread over the GPUs of one replica."""

from dataclasses import dataclass

from ome_backend.planning.amount import Amount, Input, computed, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.kv_cache import KvCache
from ome_backend.planning.parts import attention, experts, table, tables

_LARGEST = 64


@dataclass(frozen=True, slots=True)
class TensorSize:
    """A tensor-parallel size that divides the attention heads.

    `replicated` tells that there are fewer KV heads than GPUs, so that several keep the same ones.
    """

    size: int
    kv_heads_per_gpu: int
    replicated: bool


def tensor_sizes(model: Checkpoint, largest: int = _LARGEST) -> tuple[TensorSize, ...]:
    """The sizes that divide the attention heads and fit the KV heads; empty where heads are unknown."""
    if not (model.heads and model.kv_heads):
        return ()
    latent = model.number("kv_lora_rank") is not None
    kv_heads = 1 if latent else model.kv_heads
    divisors = [size for size in range(1, min(largest, model.heads) + 1) if model.heads % size == 0]
    fitting = [size for size in divisors if kv_heads % size == 0 or size % kv_heads == 0]
    return tuple(TensorSize(size, max(1, kv_heads // size), size > kv_heads) for size in fitting)


def attention_tensor(args: EngineArgs) -> int:
    """GPUs that share one sequence's attention: with DP attention each rank has its own few."""
    return max(1, args.tensor // args.data) if args.dp_attention else args.tensor


def weights_per_gpu(
    weights: Amount, parameters: float, model: Checkpoint, args: EngineArgs
) -> Amount:
    """Weights on the fullest GPU.

    Tensor parallelism divides all of them, pipeline parallelism the layers: its first and last stage hold
    an embedding table or output head besides. Data-parallel ranks spread the experts of MoE models (vLLM);
    with DP attention (SGLang) each rank repeats the attention. `parameters` is the model's whole number,
    0 when unknown: the parts are then taken for layers.
    """
    whole = weights.bytes()
    per_parameter = whole / parameters if parameters else 0.0
    layers = (whole - _outside_layers(model, whole, args)) / args.pipeline
    spread = _spread_experts(model, args) * per_parameter / args.pipeline
    repeated = _repeated_attention(model, args) * per_parameter / args.pipeline
    size = (layers + _stage_table(model, args) - spread + repeated) / args.tensor
    names = ("tensor", "pipeline", "data") if args.data > 1 else ("tensor", "pipeline")
    inputs: list[Input] = [
        computed("weights GiB", weights.value),
        *(args.input(name) for name in names),
    ]
    return memory(max(0.0, size), _formula(args), inputs)


def _formula(args: EngineArgs) -> str:
    steps = ["weights / (tensor × pipeline)"]
    if args.pipeline > 1:
        steps.append("embeddings and output head on the first and last stage")
    if args.data > 1:
        steps.append(
            "repeated attention" if args.dp_attention else "experts spread over data-parallel ranks"
        )
    return ", ".join(steps)


def _outside_layers(model: Checkpoint, whole: float, args: EngineArgs) -> float:
    return min(whole, 2.0 * tables(model)) if args.pipeline > 1 else 0.0


def _stage_table(model: Checkpoint, args: EngineArgs) -> float:
    return 2.0 * table(model) if args.pipeline > 1 else 0.0


def _spread_experts(model: Checkpoint, args: EngineArgs) -> float:
    """Experts that the other data-parallel ranks hold: vLLM divides them by tensor × data."""
    if args.data < 2 or args.dp_attention or args.engine == "SGLang":
        return 0.0
    return experts(model) * (1 - 1 / args.data)


def _repeated_attention(model: Checkpoint, args: EngineArgs) -> float:
    if not args.dp_attention:
        return 0.0
    return float(attention(model)) * (args.tensor / attention_tensor(args) - 1)


def sequence_per_gpu(
    cache: KvCache, context: int, chunk: int, model: Checkpoint, args: EngineArgs
) -> float:
    """Bytes that one sequence takes on the fullest GPU that works on it."""
    share = cache.share(attention_tensor(args), args.pipeline, model.layers or 0)
    return cache.sequence(context, chunk) * share
