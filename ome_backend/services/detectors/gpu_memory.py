"""Engines that run out of GPU memory: OME's status says `Initializing` while they crash over and over."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ome_backend.editing import commands
from ome_backend.planning.amount import Amount
from ome_backend.planning.arguments import words
from ome_backend.planning.capacity import NodeCapacity, belongs
from ome_backend.planning.engine_args import EngineArgs, parse
from ome_backend.planning.plan import Plan, gpu_memory, plan
from ome_backend.planning.stored import facts_of
from ome_backend.resources import replica
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.gpu import GPU_RESOURCES
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.optional import texts
from ome_backend.resources.pod import Container, Pod
from ome_backend.resources.runtime import Runtime
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_SIZES = (2, 4, 8, 16)
_SPELLINGS = {"vLLM": "--tensor-parallel-size", "SGLang": "--tp-size"}


class _Crash(NamedTuple):
    """An engine that ran out of memory, and on what."""

    service: InferenceService
    runtime: Runtime
    pod: Pod
    container: Container
    node: Node
    accelerator: AcceleratorClass | None


def too_small(cluster: Cluster) -> Iterator[DoctorFinding]:
    """One finding for each component; silent once the spec asks for as many GPUs as it takes."""
    nodes = {node.name: node for node in cluster.nodes}
    for service in cluster.services:
        found = {crash.pod.component: crash for crash in _crashes(cluster, service, nodes)}
        for crash in found.values():
            args = _args(crash)
            if args.tensor * args.pipeline <= max(1, crash.pod.gpus):
                yield _finding(crash, args, _plans(crash, args, cluster.model_of(service)))


def _plans(crash: _Crash, args: EngineArgs, model: Model | None) -> Mapping[int, Plan]:
    """The plan with each tensor-parallel size beyond the present one that a node of its kind has GPUs for."""
    if model is None or crash.accelerator is None:
        return {}
    facts, gpu = facts_of(model), gpu_memory(crash.accelerator)
    sizes = (size for size in _SIZES if args.tensor < size <= crash.node.gpus)
    return {size: plan(facts, replace(args, tensor=size), gpu) for size in sizes}


def _crashes(
    cluster: Cluster, service: InferenceService, nodes: Mapping[str, Node]
) -> Iterator[_Crash]:
    for pod in cluster.pods_by_service.get(service.key, ()):
        node = None if pod.ready or pod.terminating else nodes.get(pod.node)
        for container in pod.containers if node is not None else ():
            said = f"{container.message} {container.last_message}".lower()
            runtime = cluster.runtime_of(service) if "out of memory" in said else None
            if node is not None and runtime is not None and container.crashed:
                yield _Crash(service, runtime, pod, container, node, _class(cluster, node))


def _class(cluster: Cluster, node: Node) -> AcceleratorClass | None:
    seen = NodeCapacity(node, node.gpus, 0)
    return next((each for each in cluster.classes.values() if belongs(seen, each)), None)


def _args(crash: _Crash) -> EngineArgs:
    """As the runtime and the service over it say now; the last of several arguments wins."""
    main = replica.main_container(_configured(crash))
    line = (*words(main), *texts(_own(crash), "args"))
    return parse(line, replica.engine_name({"runner": main}))


def _configured(crash: _Crash) -> Mapping[str, Any]:
    return mapping(crash.runtime.raw, "spec", f"{crash.pod.component}Config")


def _own(crash: _Crash) -> Mapping[str, Any]:
    return mapping(crash.service.raw, "spec", crash.pod.component, "runner")


def _finding(crash: _Crash, args: EngineArgs, plans: Mapping[int, Plan]) -> DoctorFinding:
    size = next((size for size, each in plans.items() if _has_room(each)), None)
    patch = _patch(crash, args, size) if size is not None else None
    held, where = _gpus(max(1, crash.pod.gpus)), crash.node.name
    said = _last_line(crash.container)
    return DoctorFinding(
        "out-of-gpu-memory",
        Severity.BROKEN,
        crash.service.ref,
        f"Its model does not fit into the memory of {held} on {where}",
        f"{crash.pod.key.name}: {said} {crash.container.restarts} restarts.",
        "The engine crashes while it loads the model, again and again; OME's status only says Initializing.",
        _fix(plans, size),
        patch,
        commands.patch_json(crash.service.ref, patch) if patch else "",
        also=(crash.runtime.ref,),
    )


def _has_room(found: Plan) -> bool:
    return found.fits in ("yes", "tight") or (
        found.fits == "unknown" and found.typical is not None and found.typical.room.value > 0
    )


def _fix(plans: Mapping[int, Plan], size: int | None) -> str:
    others = "a runtime with more GPUs, an accelerator with more memory, or a shorter context"
    if size is None:
        return f"Choose {others}."
    weights = plans[size].weights_per_gpu
    each = f", {weights.value:.1f} GiB of weights on each" if isinstance(weights, Amount) else ""
    unknown = f" OME keeps no head counts, so whether {size} divides its attention heads is not known here."
    heads = "" if plans[size].tensor_sizes else unknown
    return f"Spread it over {size} GPUs by tensor parallelism{each}; or choose {others}.{heads}"


def _patch(crash: _Crash, args: EngineArgs, size: int) -> Any:
    """More GPUs and the argument for them; None where arguments do not reach the engine.

    OME adds the service's arguments behind the runtime's and merges resources by key, so that requests
    and limits are both set (`isvc/utils/merging.go`).
    """
    main, own = replica.main_container(_configured(crash)), _own(crash)
    resource = _resource(main)
    spelling = _SPELLINGS.get(args.engine)
    shell = any(word.rpartition("/")[2] in ("sh", "bash") for word in texts(main, "command")[:1])
    if spelling is None or not resource or shell or replica.multi_node(_configured(crash)):
        return None
    runner = ("spec", crash.pod.component, "runner")
    resources = (*runner, "resources")
    kept = [each for each in texts(own, "args") if not each.startswith(spelling)]
    name = text(own, "name") or text(main, "name") or replica.MAIN_CONTAINER
    return changes(
        crash.service.ref,
        crash.service.raw,
        ((*runner, "name"), name),
        ((*runner, "args"), [*kept, f"{spelling}={size}"]),
        ((*resources, "limits", resource), str(size)),
        ((*resources, "requests", resource), str(size)),
    )


def _resource(container: Mapping[str, Any]) -> str:
    asked = {
        **mapping(container, "resources", "requests"),
        **mapping(container, "resources", "limits"),
    }
    return next((name for name in GPU_RESOURCES if name in asked), "")


def _last_line(container: Container) -> str:
    """What the engine said at the end; while it waits for its next start the container only says that."""
    said = f"{container.message}\n{container.last_message}".strip().splitlines()
    return next((line for line in reversed(said) if "out of memory" in line.lower()), said[-1])


def _gpus(number: int) -> str:
    return f"{number} GPU{'' if number == 1 else 's'}"
