"""What a person wants to know about a model on an accelerator class, and the answer to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ome_backend.planning.amount import Estimate, Unknown
from ome_backend.planning.capacity import NodeCapacity
from ome_backend.planning.cost import Bill, Share, bill
from ome_backend.planning.engine_args import EngineArgs, runtime_args
from ome_backend.planning.load import Load, load
from ome_backend.planning.placement import Need, Pool
from ome_backend.planning.plan import ModelFacts, Plan, gpu_memory, plan
from ome_backend.planning.stored import facts_of
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import mapping
from ome_backend.resources.model import Model
from ome_backend.resources.optional import texts
from ome_backend.resources.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planned. None and empty leave it to the runtime, the model and the cluster.

    `config` is the text of a config.json that stands in for the one OME's agent stored.
    """

    model: Key
    runtime: Key | None = None
    accelerator: str = ""
    tensor: int | None = None
    context: int | None = None
    concurrency: int = 1
    replicas: int = 1
    config: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer to a wish: what was taken where it left something open, and what follows.

    `need` is what one replica asks for; `bill` is for all replicas of the wish; `notes` are to be told.
    """

    wish: Wish
    model: Model
    runtime: Runtime | None
    accelerator: AcceleratorClass | None
    args: EngineArgs
    plan: Plan
    load: Load
    need: Need
    pools: tuple[Pool, ...]
    bill: Bill
    notes: tuple[str, ...]

    @property
    def gpus(self) -> int:
        """GPUs of one replica."""
        return self.need.gpus * self.need.pods


def facts(model: Model, wish: Wish) -> ModelFacts:
    """What OME's model object tells of the checkpoint, and the config of the wish if it can be read."""
    return facts_of(model, pasted(wish.config))


def pasted(text: str) -> Mapping[str, object]:
    """The object that `text` is as JSON; empty where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def asked_args(runtime: Runtime | None, wish: Wish) -> EngineArgs:
    """The runtime's arguments with the wish's over them; what the wish says counts as declared."""
    args = runtime_args(runtime) if runtime is not None else EngineArgs()
    wanted = {"tensor": wish.tensor, "context": wish.context}
    said = {name: value for name, value in wanted.items() if value is not None}
    given = {**args.given, **{name: str(value) for name, value in said.items()}}
    return replace(
        args,
        tensor=wish.tensor or args.tensor,
        context=wish.context or args.context,
        given=MappingProxyType(given),
    )


def answer(
    wish: Wish,
    model: Model,
    runtime: Runtime | None,
    accelerator: AcceleratorClass | None,
    args: EngineArgs,
    need: Need,
    room: tuple[Pool, ...],
) -> Planned:
    """Everything about the wish, once it is settled what it is about.

    `room` is where its replicas could start, for `need`.
    """
    known = facts(model, wish)
    found = plan(known, args, _gpu(wish, accelerator))
    share = Share(
        model.key.namespace, model.key.name, accelerator, need.gpus * need.pods, wish.replicas
    )
    return Planned(
        *(wish, model, runtime, accelerator, args, found),
        load=load(found, known.checkpoint, args, wish.concurrency),
        need=need,
        pools=room,
        bill=bill(share),
        notes=(*found.notes, *_config_notes(model, wish), *_notes(runtime, args, wish)),
    )


def _gpu(wish: Wish, accelerator: AcceleratorClass | None) -> Estimate:
    if accelerator is not None:
        return gpu_memory(accelerator)
    named = f"There is no accelerator class {wish.accelerator}."
    why = named if wish.accelerator else "No accelerator class is chosen."
    return Unknown(why, ("accelerator class",))


def needed(
    model: Model,
    runtime: Runtime | None,
    args: EngineArgs,
    wish: Wish,
    nodes: Iterable[NodeCapacity],
) -> Need:
    """What the runtime's pods ask for; where the wish changes that, as few pods as the nodes allow."""
    ready = frozenset(model.nodes_ready)
    labels = mapping(runtime.raw, "spec", "engineConfig", "nodeSelector") if runtime else {}
    if runtime is not None and runtime.pod_gpus and wish.tensor is None:
        pods = -(-runtime.gpus // runtime.pod_gpus)
        return Need(runtime.pod_gpus, pods, labels, ready)
    largest = max((each.total for each in nodes), default=0) or args.gpus
    pods = -(-args.gpus // largest)
    return Need(-(-args.gpus // pods), pods, labels, ready)


def preferred(
    wish: Wish,
    runtime: Runtime | None,
    classes: tuple[AcceleratorClass, ...],
    found: tuple[Pool, ...],
) -> AcceleratorClass | None:
    """The class asked for; else, of those the runtime lists (or all), the one with most room now.

    Where there is no room at all, one whose nodes have the model.
    """
    if wish.accelerator:
        return next((each for each in classes if each.key.name == wish.accelerator), None)
    listed = frozenset(runtime.accelerator_classes) if runtime is not None else frozenset()
    named = {each.key.name for each in classes}
    wanted = listed & named or named
    placed = sorted(found, key=lambda pool: not pool.nodes)
    roomy = (pool.accelerator for pool in placed if pool.name in wanted)
    others = (each for each in classes if each.key.name in wanted)
    return next((each for each in (*roomy, *others) if each is not None), None)


def _config_notes(model: Model, wish: Wish) -> Iterator[str]:
    """What to know of a config.json that was given on the spot."""
    given = pasted(wish.config)
    if wish.config and not given:
        yield "The given config.json is not a JSON object, so what is stored with the model counts."
    named = texts(given, "architectures")
    if named and model.architecture and model.architecture not in named:
        yield (
            f"The given config.json is of a {named[0]}; the model declares {model.architecture}."
        )


def _notes(runtime: Runtime | None, args: EngineArgs, wish: Wish) -> Iterator[str]:
    if runtime is None:
        missing = "No runtime is chosen" if wish.runtime is None else f"There is no {wish.runtime}"
        yield f"{missing}, so vLLM's defaults are assumed."
        return
    own = runtime_args(runtime)
    if runtime.has_decoder:
        yield "The engine (prefill) is planned; the decoder has arguments of its own."
    if (
        runtime.gpus
        and not runtime.has_decoder
        and wish.tensor is None
        and own.gpus != runtime.gpus
    ):
        yield (
            f"Its pods ask for {runtime.gpus} GPUs and its arguments make the engine use {own.gpus}."
        )
    if not own.engine:
        yield "The engine is neither vLLM nor SGLang as far as can be told; vLLM's defaults are assumed."
