"""`plan`: whether a model fits into GPU memory, how well, where, and what it costs."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from ome_backend.cli import arguments, gathering, output
from ome_backend.cli.answers import identity
from ome_backend.cli.objects import Objects
from ome_backend.cli.plan_cases import Case, Planned, Wishes, cases, planned
from ome_backend.cli.plan_config import Config, config
from ome_backend.cli.plan_text import show
from ome_backend.errors import Invalid
from ome_backend.planning import engine_args
from ome_backend.resources import kinds

EXAMPLE: Final = "plan --config config.json --gpu-memory 80Gi --tensor-parallel 2"
# Our name for the engine's argument, vLLM's own, and what it is for.
_ENGINE: Final = (
    ("--tensor-parallel", "--tensor-parallel-size", "GPUs that share each layer"),
    ("--pipeline-parallel", "--pipeline-parallel-size", "groups of GPUs that share the layers"),
    ("--data-parallel", "--data-parallel-size", "ranks that share the requests"),
    ("--max-model-len", "--max-model-len", "longest context in tokens, such as 32k"),
    ("--memory-fraction", "--gpu-memory-utilization", "share of GPU memory for the engine, 0 to 1"),
    ("--kv-cache-dtype", "--kv-cache-dtype", "data type of the cache, such as fp8"),
    ("--quantization", "--quantization", "quantization, such as fp8 or awq"),
    ("--dtype", "--dtype", "data type of the weights, such as bfloat16"),
)
_CONCERNED: Final = (
    *kinds.MODEL_KINDS,
    *kinds.RUNTIME_KINDS,
    kinds.ACCELERATOR_CLASS,
    kinds.NODE,
    kinds.POD,
)


def add_arguments(parser: ArgumentParser) -> None:
    arguments.objects(parser)
    arguments.form(parser)
    parser.add_argument("--config", metavar="FILE", help="the model's config.json, or - for input")
    parser.add_argument("--parameters", metavar="SIZE", default="", help="such as 8B or 494032768")
    parser.add_argument("--gpu-memory", metavar="QUANTITY", help="of one GPU, such as 80Gi")
    parser.add_argument("--model", metavar="NAME", default="", help="only this of the models")
    parser.add_argument(
        "--runtime", metavar="NAME", default="", help="this one (default: the one OME selects)"
    )
    parser.add_argument(
        "--accelerator", metavar="NAME", default="", help="only this of the accelerator classes"
    )
    parser.add_argument("--engine", choices=("vLLM", "SGLang"), help="whose defaults hold")
    for name, _, purpose in _ENGINE:
        parser.add_argument(name, metavar="VALUE", help=f"{purpose} (default: the runtime's)")
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 when something does not fit"
    )


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, or 1 with `--strict` where a model does not fit or that is not known."""
    objects = Objects(())
    if args.files or args.context is not None:
        objects = gathering.objects(args, stdin, _CONCERNED)
    given = config(args.config, stdin) if args.config else Config({}, "")
    found = [planned(one, objects) for one in _cases(args, objects, given)]
    if args.form == "json":
        output.document({"results": [_to_json(one) for one in found]})
    else:
        show(found)
    return 1 if args.strict and any(one.plan.fits in ("no", "unknown") for one in found) else 0


def _cases(args: Namespace, objects: Objects, given: Config) -> Sequence[Case]:
    wishes = Wishes(
        model=args.model,
        runtime=args.runtime,
        accelerator=args.accelerator,
        gpu_memory=args.gpu_memory,
        parameters=args.parameters,
        namespace=gathering.namespace(args),
        told=_told(args),
        engine=args.engine or "",
    )
    return cases(objects, given, wishes)


def _told(args: Namespace) -> engine_args.EngineArgs:
    """What the command line says in the place of the runtime's arguments. Raises Invalid."""
    words = []
    for name, engines, _ in _ENGINE:
        value = getattr(args, name.removeprefix("--").replace("-", "_"))
        if value is not None:
            words.append(f"{engines}={value}")
    told = engine_args.parse(words)
    if told.unread:
        raise Invalid(f"These are no values for an engine: {', '.join(told.unread)}.", hint="")
    return told


def _to_json(one: Planned) -> dict[str, Any]:
    case = one.case
    accelerator = case.accelerator
    return {
        "model": case.model and identity(case.model.ref),
        "runtime": case.runtime and identity(case.runtime.ref),
        "component": case.component,
        "accelerator": accelerator and accelerator.key.name,
        "fits": one.plan.fits,
        "smallest_tensor_parallel": one.plan.smallest_tensor_parallel,
        **output.plain(one.plan),
        "cost": output.plain(one.cost),
        "pools": [_pool(each) for each in one.pools],
    }


def _pool(pool: Any) -> dict[str, Any]:
    return {
        "accelerator": pool.accelerator and pool.accelerator.key.name,
        "nodes": [each.node.name for each in pool.nodes],
        "free": pool.free,
        "largest": pool.largest,
        "replicas": pool.replicas,
        "sentence": pool.sentence,
    }
