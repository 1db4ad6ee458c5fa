"""`accelerator`: which accelerator class each component of a service gets, and why."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from ome_backend.cli import arguments, gathering, output
from ome_backend.cli.answers import CONCERNED, Answer, for_service, identity
from ome_backend.cli.objects import Objects
from ome_backend.matching import accelerators, selection
from ome_backend.matching.accelerators_choice import Choice, Considered
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import dig
from ome_backend.resources.runtime import Runtime

EXAMPLE: Final = "accelerator -f chat.yaml runtimes/ classes.yaml"
_COMPONENTS: Final = ("engine", "decoder")
_PANIC: Final = "the controller panics here"


@dataclass(frozen=True, slots=True)
class Placement:
    """A service, the runtime that decides (None: `error` says why not), and each component's class."""

    answer: Answer
    service: InferenceService
    runtime: Runtime | None
    error: str
    choices: Mapping[str, Choice]

    @property
    def sound(self) -> bool:
        """OME gets through with it."""
        return not self.error and not any(one.error for one in self.choices.values())


def add_arguments(parser: ArgumentParser) -> None:
    arguments.objects(parser)
    arguments.form(parser)
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 when OME fails on a service"
    )


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, or 1 with `--strict` where a service has no runtime or a choice fails."""
    objects = gathering.objects(args, stdin, (*CONCERNED, kinds.ACCELERATOR_CLASS))
    found = placements(objects)
    if not found:
        output.complain("There is no InferenceService among the objects.")
    if args.form == "json":
        output.document({"results": [_to_json(one) for one in found]})
    else:
        _show(found)
    return 1 if args.strict and not all(one.sound for one in found) else 0


def placements(objects: Objects) -> list[Placement]:
    """Every service, in the order they were given."""
    runtimes = [Runtime(raw, kind) for kind, raw in objects.of(*kinds.RUNTIME_KINDS)]
    classes = {
        one.key.name: one
        for one in (AcceleratorClass(raw) for _, raw in objects.of(kinds.ACCELERATOR_CLASS))
    }
    services = (InferenceService(raw) for _, raw in objects.of(kinds.INFERENCE_SERVICE))
    return [_placement(for_service(one, objects, runtimes), runtimes, classes) for one in services]


def _placement(
    answer: Answer, runtimes: Sequence[Runtime], classes: Mapping[str, AcceleratorClass]
) -> Placement:
    service = answer.service
    assert service is not None
    runtime = _runtime(answer, service, runtimes)
    components = [name for name in _COMPONENTS if dig(service.raw, "spec", name) is not None]
    choices = {
        name: accelerators.choose(service, runtime, name, classes)
        for name in components
        if runtime is not None
    }
    return Placement(answer, service, runtime, "" if runtime else answer.error, choices)


def _runtime(
    answer: Answer, service: InferenceService, runtimes: Sequence[Runtime]
) -> Runtime | None:
    """What OME takes; where no model says what fits, the runtime that is named, or the only one."""
    if answer.selected:
        return answer.selected.runtime
    if answer.found:
        return None
    namespace = service.key.namespace
    if service.runtime_name:
        return selection.resolve(service.runtime_name, runtimes, namespace)
    seen = selection.visible(runtimes, namespace)
    return seen[0] if len(seen) == 1 else None


def why(choice: Choice) -> str:
    """How it came to this choice, in a sentence."""
    if choice.panics:
        return f"{_PANIC}: {choice.error.partition(': ')[2] or choice.error}"
    if choice.error:
        return choice.error
    if choice.name and choice.policy:
        return f"policy {choice.policy} picks it{_among(choice)}"
    if choice.name:
        return "the service names it"
    if choice.policy:
        return f"policy {choice.policy} finds none{_among(choice)}"
    return "nothing asks for a class, or the runtime lists none"


def _among(choice: Choice) -> str:
    eligible = sum(one.eligible for one in choice.considered)
    return f" among {eligible} eligible of {len(choice.considered)}"


def _to_json(one: Placement) -> dict[str, Any]:
    return {
        "service": identity(one.service.ref),
        "model": one.answer.model and identity(one.answer.model),
        "runtime": one.runtime and identity(one.runtime.ref),
        "error": one.error or None,
        "components": [_component(name, choice) for name, choice in one.choices.items()],
    }


def _component(name: str, choice: Choice) -> dict[str, Any]:
    return {
        "component": name,
        "class": choice.name,
        "why": why(choice),
        "error": choice.error or None,
        "panics": choice.panics,
        "policy": choice.policy or None,
        "considered": [output.plain(each) for each in choice.considered],
        "warnings": list(choice.warnings),
    }


def _show(found: Sequence[Placement]) -> None:
    for index, one in enumerate(found):
        if index:
            output.line()
        output.line(f"{one.service.ref}: {one.runtime.ref if one.runtime else one.error}")
        for name, choice in one.choices.items():
            output.line(f"  {name}: {choice.name or 'no class'}: {why(choice)}")
            for each in choice.considered:
                output.line(f"    {each.name}: {_remark(each)}")
            for warning in choice.warnings:
                output.line(f"    warning: {warning}")


def _remark(one: Considered) -> str:
    if not one.eligible:
        return one.reason
    return "eligible" if one.score is None else f"eligible, compared by {one.score:g}"
