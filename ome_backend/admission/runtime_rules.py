"""What OME refuses of a runtime (wh/servingruntime/servingruntime_webhook.go)."""

from collections.abc import Iterator
from dataclasses import replace

from ome_backend.admission import priorities
from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Answer
from ome_backend.errors import FieldProblem
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.optional import optional_number, optional_text, texts

_MULTI_NODE = (
    "for MultiNode deployment, both leader and worker must be defined and worker.size must be "
    "greater than 0"
)
_RAW = "for RawDeployment, leader and worker must not be defined"


def validate(kind: Kind, runtime: Manifest, known: Known) -> Answer:
    """What OME answers; a disabled runtime passes unseen."""
    spec = mapping(runtime, "spec")
    if spec.get("disabled") is True:
        return Answer()
    others = list(known.list(kind, text(runtime, "metadata", "namespace") or None))
    where = f"under the {kind.name.lower()} {text(runtime, 'metadata', 'name')}"
    found = (
        *(
            replace(each, message=f"invalid configuration: {each.message}")
            for each in configuration(spec)
        ),
        *accelerators(spec, known),
        # OME looks at the runtime's own priorities once for every runtime that exists: never, if none does.
        *(_ending(each, where) for each in priorities.own(spec) if others),
        *(each for other in others for each in _ties(kind, runtime, other, priorities.identical)),
    )
    return Answer(found)


def doubts(kind: Kind, runtime: Manifest, known: Known) -> Iterator[FieldProblem]:
    """What OME admits although nobody can have meant it."""
    spec = mapping(runtime, "spec")
    if spec.get("disabled") is True:
        return
    for bound in ("min", "max") if dig(spec, "modelSizeRange") is not None else ():
        if optional_text(spec, "modelSizeRange", bound) is None:
            message = f"OME's controller crashes on a modelSizeRange without {bound}."
            yield FieldProblem("spec.modelSizeRange", message)
    for other in known.list(kind, text(runtime, "metadata", "namespace") or None):
        for each in _ties(kind, runtime, other, priorities.alike):
            message = f"{each.message}: OME does not notice and takes the first by name."
            yield replace(each, message=message)


def configuration(spec: Manifest) -> Iterator[FieldProblem]:
    """Workers must go with the deployment mode that the runtime declares."""
    if spec.get("engineConfig") is not None and spec.get("decoderConfig") is not None:
        return
    size = optional_number(spec, "workers", "size")
    modes = set(_declared_modes(spec)) if spec.get("engineConfig") is not None else set()
    if size is not None and size <= 0:
        yield FieldProblem("spec.workers.size", _MULTI_NODE)
    elif "MultiNode" in modes and size is None:
        yield FieldProblem("spec.workers", _MULTI_NODE)
    elif "RawDeployment" in modes and size is not None:
        yield FieldProblem("spec.workers", _RAW)


def accelerators(spec: Manifest, known: Known) -> Iterator[FieldProblem]:
    """Every accelerator class that is listed must exist."""
    listed = texts(spec, "acceleratorRequirements", "acceleratorClasses")
    unknown = [name for name in listed if known.get(kinds.ACCELERATOR_CLASS, Key("", name)) is None]
    if unknown:
        names = " ".join(unknown)
        message = f"unknown accelerator classes referenced in AcceleratorRequirements: [{names}]"
        yield FieldProblem("spec.acceleratorRequirements.acceleratorClasses", message)


def _declared_modes(spec: Manifest) -> Iterator[str]:
    for container in items(spec, "containers"):
        for variable in items(container, "env"):
            if text(variable, "name") == "DEPLOYMENT_MODE":
                yield text(variable, "value")


def _ties(
    kind: Kind, runtime: Manifest, other: Manifest, same: priorities.Same
) -> Iterator[FieldProblem]:
    where = priorities.between(kind, runtime, other)
    for each in priorities.shared(runtime, other, same):
        yield _ending(each, where)


def _ending(problem: FieldProblem, where: str) -> FieldProblem:
    return replace(problem, message=f"{problem.message} {where}")
