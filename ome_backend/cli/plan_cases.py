"""What a plan is about: which model, with which runtime's arguments, on which accelerator class."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from ome_backend.cli.answers import for_model
from ome_backend.cli.objects import Objects
from ome_backend.cli.plan_config import Config
from ome_backend.errors import Invalid
from ome_backend.matching import selection
from ome_backend.planning import cost
from ome_backend.planning.amount import Estimate, Unknown, declared, memory
from ome_backend.planning.capacity import node_capacity
from ome_backend.planning.engine_args import EngineArgs, runtime_args
from ome_backend.planning.placement import Need, Pool, pools
from ome_backend.planning.plan import ModelFacts, Plan, gpu_memory, plan
from ome_backend.planning.stored import facts_of
from ome_backend.resources import kinds, replica
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.manifest import mapping
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod
from ome_backend.resources.quantity import quantity
from ome_backend.resources.runtime import Runtime

_NO_GPU = Unknown(
    "Neither an accelerator class nor --gpu-memory is given.", ("spec.capabilities.memoryGB",)
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says; empty leaves it open. `told` comes before a runtime's arguments."""

    model: str
    runtime: str
    accelerator: str
    gpu_memory: str | None
    parameters: str
    namespace: str
    told: EngineArgs
    engine: str


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to plan; `component` is `engine` or `decoder`."""

    model: Model | None
    facts: ModelFacts
    runtime: Runtime | None
    component: str
    accelerator: AcceleratorClass | None
    args: EngineArgs
    gpu: Estimate


@dataclass(frozen=True, slots=True)
class Planned:
    """The answer to one case. `pools` are empty where no nodes are known."""

    case: Case
    plan: Plan
    cost: cost.Bill | None
    pools: tuple[Pool, ...]


def cases(objects: Objects, config: Config, wishes: Wishes) -> list[Case]:
    """Every model with its runtime on every class that comes into question. Raises Invalid."""
    models: list[Model | None] = list(_models(objects, wishes.model))
    if not models and not (config.values or wishes.parameters):
        raise Invalid("There is no model to plan: give one with -f, or --config.", hint="")
    if len(models) > 1 and config.values:
        raise Invalid("--config is about one model: name it with --model.", hint="")
    return [
        case
        for model in models or [None]
        for case in _of_model(model, _facts(model, config, wishes), objects, wishes)
    ]


def planned(case: Case, objects: Objects) -> Planned:
    """The plan, its price, and where a replica could start now."""
    made = plan(case.facts, case.args, case.gpu)
    name = case.model.key.name if case.model else "the model"
    share = cost.Share("", name, case.accelerator, made.gpus, 1)
    bill = cost.bill(share) if case.accelerator else None
    return Planned(case, made, bill, _pools(case, made, objects))


def _models(objects: Objects, name: str) -> Iterator[Model]:
    found = [Model(raw, kind) for kind, raw in objects.of(*kinds.MODEL_KINDS)]
    named = [one for one in found if name in ("", one.key.name)]
    if name and not named:
        raise Invalid(f"There is no model {name} among the objects.", hint="")
    yield from named


def _facts(model: Model | None, config: Config, wishes: Wishes) -> ModelFacts:
    """What is told comes first, then what the model has, then what follows from the config."""
    if model is None:
        return ModelFacts(config=config.values, size=wishes.parameters or config.parameters)
    size = wishes.parameters or model.size_text or config.parameters
    return facts_of(model, config.values, size=size)


def _of_model(
    model: Model | None, facts: ModelFacts, objects: Objects, wishes: Wishes
) -> Iterator[Case]:
    runtime = _runtime(model, objects, wishes)
    parts = ["engine", "decoder"] if runtime and runtime.has_decoder else ["engine"]
    for part in parts:
        own = runtime_args(runtime, f"{part}Config") if runtime else EngineArgs()
        args = _told(own, wishes)
        for accelerator, gpu in _gpus(runtime, objects, wishes):
            yield Case(model, facts, runtime, part, accelerator, args, gpu)


def _runtime(model: Model | None, objects: Objects, wishes: Wishes) -> Runtime | None:
    """The one that is named, else the one OME selects, else the only one there is."""
    runtimes = [Runtime(raw, kind) for kind, raw in objects.of(*kinds.RUNTIME_KINDS)]
    namespace = (model.key.namespace if model else "") or wishes.namespace
    if wishes.runtime:
        named = selection.resolve(wishes.runtime, runtimes, namespace)
        if named is None:
            raise Invalid(f"There is no runtime {wishes.runtime} in {namespace}.", hint="")
        return named
    selected = for_model(model, runtimes, namespace).selected if model else None
    if selected:
        return selected.runtime
    return runtimes[0] if len(runtimes) == 1 else None


def _told(own: EngineArgs, wishes: Wishes) -> EngineArgs:
    told = wishes.told
    values = {name: getattr(told, name) for name in told.given}
    given = MappingProxyType({**own.given, **told.given})
    return replace(own, **values, given=given, engine=wishes.engine or own.engine)


def _gpus(
    runtime: Runtime | None, objects: Objects, wishes: Wishes
) -> list[tuple[AcceleratorClass | None, Estimate]]:
    if wishes.gpu_memory is not None:
        return [(None, _asked(wishes.gpu_memory))]
    known = [AcceleratorClass(raw) for _, raw in objects.of(kinds.ACCELERATOR_CLASS)]
    if wishes.accelerator:
        known = [one for one in known if one.key.name == wishes.accelerator]
        if not known:
            raise Invalid(f"There is no accelerator class {wishes.accelerator}.", hint="")
    elif runtime and runtime.accelerator_classes:
        known = [one for one in known if one.key.name in runtime.accelerator_classes] or known
    return [(one, gpu_memory(one)) for one in known] or [(None, _NO_GPU)]


def _asked(written: str) -> Estimate:
    size = quantity(written)
    if size is None or size <= 0:
        raise Invalid(f"--gpu-memory {written} is not an amount of memory such as 80Gi.", hint="")
    return memory(float(size), "--gpu-memory", (declared("--gpu-memory", written),))


def _pools(case: Case, made: Plan, objects: Objects) -> tuple[Pool, ...]:
    nodes = [Node(raw) for _, raw in objects.of(kinds.NODE)]
    if not nodes:
        return ()
    held = (Pod(raw) for _, raw in objects.of(kinds.POD))
    classes = [AcceleratorClass(raw) for _, raw in objects.of(kinds.ACCELERATOR_CLASS)]
    return pools(node_capacity(nodes, held), classes, _need(case, made))


def _need(case: Case, made: Plan) -> Need:
    """What a replica asks Kubernetes for: the runtime's limits, without any the GPUs it computes on."""
    raw = case.runtime.raw if case.runtime else {}
    section = mapping(raw, "spec", f"{case.component}Config") or mapping(raw, "spec")
    asked, pod = replica.gpus(section), replica.largest_pod(section)
    return Need(pod, max(1, asked // pod)) if pod else Need(made.gpus)


def label(case: Case) -> str:
    """What tells a case from the others, in words."""
    model = str(case.model.ref) if case.model else "the model"
    with_runtime = f" with {case.runtime.ref}" if case.runtime else ""
    part = f" ({case.component})" if case.runtime and case.runtime.has_decoder else ""
    place = f" on {case.accelerator.key.name}" if case.accelerator else ""
    return f"{model}{with_runtime}{part}{place}"
