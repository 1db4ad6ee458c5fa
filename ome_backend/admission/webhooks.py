"""OME's webhooks by kind: defaulting first, then validating."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ome_backend.admission import (
    benchmark_rules,
    runtime_rules,
    service_defaults,
    service_outlook,
    service_rules,
)
from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Answer, Refused
from ome_backend.errors import FieldProblem
from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest

Operation = Literal["CREATE", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Admitted:
    """The object as the defaulters left it, and what the validators want the person to know."""

    object: Manifest
    warnings: tuple[str, ...] = ()


def review(
    operation: Operation, kind: Kind, new: Manifest, old: Manifest | None, known: Known
) -> Admitted:
    """What OME's webhooks make of a write. `new` already carries the CRD's defaults and is not changed.

    Raises Refused with the webhook's own message. Deletions pass, and so does whatever has no webhook
    (models, accelerator classes, fine-tuned weights). An object that is being deleted is not
    validated again by OME either, but its updates are: only its finalizers may be on the way out.
    """
    if operation == "DELETE" or kind not in _VALIDATORS:
        return Admitted(new)
    if old is not None and new.get("metadata", {}).get("deletionTimestamp"):
        return Admitted(new)
    filled = _DEFAULTERS.get(kind, _as_it_is)(new, known)
    said = _VALIDATORS[kind](kind, filled, known)
    if said.problems:
        first, webhook = said.problems[0], f"{kind.name.lower()}.ome-webhook-server.validator"
        raise Refused(first.message, webhook=webhook, path=first.path)
    return Admitted(filled, tuple(each.message for each in said.warnings))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`objections`: everything OME's webhooks would refuse of an object as a person wrote it, in OME's own
    words; OME itself names only the first.

    `warnings`: what they say of an object that they take, and what they should have said: that OME's
    controller will give up on it, or cannot do what was meant. The paths are those of the object, with
    an annotation in brackets; some name a field that is not there yet.
    """

    objections: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


def foresee(kind: Kind, manifest: Manifest, known: Known) -> Verdict:
    """What OME's webhooks will make of an object; nothing of a kind without a webhook."""
    if kind not in _VALIDATORS:
        return Verdict()
    filled, refused = _filled(kind, manifest, known)
    said = _VALIDATORS[kind](kind, filled, known)
    doubts = _DOUBTS.get(kind, _none)(kind, filled, known)
    return Verdict((*refused, *said.problems), (*said.warnings, *doubts))


def objections(kind: Kind, manifest: Manifest, known: Known) -> tuple[FieldProblem, ...]:
    """The objections of `foresee`."""
    return foresee(kind, manifest, known).objections


def warnings(kind: Kind, manifest: Manifest, known: Known) -> tuple[FieldProblem, ...]:
    """The warnings of `foresee`."""
    return foresee(kind, manifest, known).warnings


def _filled(
    kind: Kind, manifest: Manifest, known: Known
) -> tuple[Manifest, tuple[FieldProblem, ...]]:
    """The object after the CRD's defaults and OME's, and what the defaulter had against it."""
    whole = with_defaults(manifest)
    try:
        return _DEFAULTERS.get(kind, _as_it_is)(whole, known), ()
    except Refused as refused:
        return whole, (FieldProblem(refused.path, refused.message),)


def _as_it_is(manifest: Manifest, _known: Known) -> Manifest:
    return manifest


def _none(_kind: Kind, _manifest: Manifest, _known: Known) -> Iterable[FieldProblem]:
    return ()


def _service_doubts(_kind: Kind, service: Manifest, known: Known) -> Iterable[FieldProblem]:
    return service_outlook.doubts(service, known)


_DEFAULTERS: Mapping[Kind, Callable[[Manifest, Known], Manifest]] = {
    kinds.INFERENCE_SERVICE: service_defaults.default,
}
_VALIDATORS: Mapping[Kind, Callable[[Kind, Manifest, Known], Answer]] = {
    kinds.INFERENCE_SERVICE: service_rules.validate,
    kinds.SERVING_RUNTIME: runtime_rules.validate,
    kinds.CLUSTER_SERVING_RUNTIME: runtime_rules.validate,
    kinds.BENCHMARK_JOB: benchmark_rules.validate,
}
_DOUBTS: Mapping[Kind, Callable[[Kind, Manifest, Known], Iterable[FieldProblem]]] = {
    kinds.INFERENCE_SERVICE: _service_doubts,
    kinds.SERVING_RUNTIME: runtime_rules.doubts,
    kinds.CLUSTER_SERVING_RUNTIME: runtime_rules.doubts,
}
