"""Does a model fit: weights, cache and overhead against the memory of an accelerator class."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ome_backend.planning.amount import Amount, Estimate, Input, Unknown, declared, memory
from ome_backend.planning.checkpoint import Checkpoint
from ome_backend.planning.engine_args import EngineArgs
from ome_backend.planning.fit import Case, Question, judge
from ome_backend.planning.kv_cache import KvCache, kv_cache
from ome_backend.planning.split import TensorSize, tensor_sizes, weights_per_gpu
from ome_backend.planning.weights import by_parameters, by_size, counted_by_hub, stored
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.quantity import quantity


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model; the first of `tensors`, `hub_parameters` and `size` that is there counts.

    `tensors` are elements by data type from the safetensors headers, `hub_parameters` what the Hub reports
    under `safetensors.parameters`, `size`, `quantization` and `max_tokens` what OME's model object declares,
    `config` the checkpoint's config.json.
    """

    config: Mapping[str, Any] = field(default_factory=dict)
    tensors: Mapping[str, int] = field(default_factory=dict)
    hub_parameters: Mapping[str, int] = field(default_factory=dict)
    size: str = ""
    quantization: str = ""
    max_tokens: int | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.config, self.max_tokens)

    @property
    def parameters(self) -> Input | None:
        """The whole number of parameters, packed ones one by one; None where unknown."""
        for counts, packs in ((self.hub_parameters, False), (self.tensors, True)):
            if counts and not (packs and {"U8", "I32"} & set(counts)):
                return Input("parameters", float(sum(counts.values())), Evidence.REPORTED)
        count = parse(self.size)
        return declared("parameters", count) if 0 < count < float("inf") else None


@dataclass(frozen=True, slots=True)
class TensorOption:
    """A tensor-parallel size that divides the heads, and whether the model would fit with it."""

    tensor: TensorSize
    typical: bool | None
    pessimistic: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer with everything it rests on. Cases are None while weights or GPU memory are unknown."""

    weights: Estimate
    weights_per_gpu: Estimate
    cache: KvCache | Unknown
    gpu: Estimate
    gpus: int
    context: Input | None
    typical: Case | None
    pessimistic: Case | None
    tensor_sizes: tuple[TensorOption, ...]
    notes: tuple[str, ...]

    @property
    def fits(self) -> str:
        """`yes`, `tight` (only in the typical case), `no` or `unknown`."""
        if self.typical is None or self.pessimistic is None or self.typical.fits is None:
            return "unknown"
        if not self.typical.fits:
            return "no"
        return "yes" if self.pessimistic.fits else "tight"

    @property
    def smallest_tensor_parallel(self) -> int | None:
        """The smallest size with which it fits even in the pessimistic case; None where none does."""
        return next((each.tensor.size for each in self.tensor_sizes if each.pessimistic), None)


def gpu_memory(accelerator: AcceleratorClass) -> Estimate:
    """Memory of one GPU as the class declares it. A plain integer means bytes, `80G` is less than `80Gi`."""
    size = quantity(accelerator.memory)
    if size is None or size <= 0:
        return Unknown(
            f"{accelerator.key.name} does not declare its memory.", ("spec.capabilities.memoryGB",)
        )
    return memory(
        float(size), "spec.capabilities.memoryGB", (declared("memoryGB", accelerator.memory),)
    )


def weights(facts: ModelFacts, args: EngineArgs) -> Estimate:
    """The weights as the engine will hold them: as stored, or as it converts them while loading."""
    model = facts.checkpoint
    wanted = {"quantization": args.quantization or facts.quantization, "dtype": args.dtype}
    count = facts.parameters
    converted = args.dtype != "auto" or (args.quantization and not model.quantization)
    if converted and count is not None:
        return by_parameters(count, model, **wanted)
    if facts.tensors:
        return stored(facts.tensors)
    if facts.hub_parameters:
        return counted_by_hub(facts.hub_parameters, model.quantization)
    return by_size(facts.size, model, **wanted)


def plan(facts: ModelFacts, args: EngineArgs, gpu: Estimate) -> Plan:
    """Whether the model fits on GPUs of that memory when the engine is told `args`, and how well."""
    model = facts.checkpoint
    whole = weights(facts, args)
    cache = kv_cache(model, args.kv_dtype)
    context = _context(model, args)
    asked = _question(facts, args, whole, cache, gpu)
    return Plan(
        *(
            whole,
            whole if isinstance(whole, Unknown) else _per_gpu(facts, args, whole),
            cache,
            gpu,
            args.gpus,
        ),
        context=context,
        typical=judge(asked, "typical") if asked else None,
        pessimistic=judge(asked, "pessimistic") if asked else None,
        tensor_sizes=tuple(_options(facts, args, whole, cache, gpu)),
        notes=tuple(_notes(model, args)),
    )


def _per_gpu(facts: ModelFacts, args: EngineArgs, whole: Amount) -> Amount:
    count = facts.parameters
    return weights_per_gpu(whole, float(count.value) if count else 0.0, facts.checkpoint, args)


def _question(
    facts: ModelFacts, args: EngineArgs, whole: Estimate, cache: KvCache | Unknown, gpu: Estimate
) -> Question | None:
    if isinstance(whole, Unknown) or isinstance(gpu, Unknown):
        return None
    model = facts.checkpoint
    context = _context(model, args)
    known = cache if isinstance(cache, KvCache) else None
    longest = int(context.value) if context else None
    return Question(model, args, _per_gpu(facts, args, whole), known, gpu, longest)


def _context(model: Checkpoint, args: EngineArgs) -> Input | None:
    if args.context is not None:
        return args.input("context")
    if args.given.get("context") in ("-1", "auto"):  # vLLM takes the longest that fits
        return None
    return model.longest


def _options(
    facts: ModelFacts, args: EngineArgs, whole: Estimate, cache: KvCache | Unknown, gpu: Estimate
) -> Iterator[TensorOption]:
    for each in tensor_sizes(facts.checkpoint):
        asked = _question(facts, replace(args, tensor=each.size), whole, cache, gpu)
        if asked is None:
            yield TensorOption(each, None, None)
        else:
            yield TensorOption(each, judge(asked, "typical").fits, judge(asked, "pessimistic").fits)


def _notes(model: Checkpoint, args: EngineArgs) -> Iterator[str]:
    sizes = tensor_sizes(model)
    chosen = next((each for each in sizes if each.size == args.tensor), None)
    if sizes and chosen is None:
        known = ", ".join(str(each.size) for each in sizes)
        yield f"{args.tensor} GPUs do not divide the {model.heads} attention heads; these do: {known}."
    if chosen is not None and chosen.replicated:
        yield _replicated(model, args)
    if args.context is not None and model.context is not None and args.context > model.context:
        yield f"The engine is told {args.context} tokens; the model declares {model.context}."
    if args.max_sequences is not None:
        yield f"The engine takes at most {args.max_sequences} sequences at a time, whatever fits."
    if model.multimodal:
        yield "Images take activations of their own, which are not counted."
    for each in args.unread:
        yield f"The value of {each} is not known here; the engine's default is assumed."


def _replicated(model: Checkpoint, args: EngineArgs) -> str:
    if model.number("kv_lora_rank") is not None:
        return (
            "Each GPU keeps the whole cache: a latent (MLA) is not divided by tensor parallelism."
        )
    return f"There are fewer KV heads than {args.tensor} GPUs, so several GPUs keep the same part of the cache."
