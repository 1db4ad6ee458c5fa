"""Accelerator classes that OME's webhooks do not look at and its controller cannot use."""

from collections.abc import Iterator

from ome_backend.admission import runtime_choice
from ome_backend.admission.known import Found, Known
from ome_backend.admission.refusal import LATER
from ome_backend.errors import FieldProblem
from ome_backend.matching import accelerators
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.resources.runtime import Runtime


def doubts(service: Manifest, model: Found, known: Known) -> Iterator[FieldProblem]:
    """Why no class can be chosen for engine or decoder, on the runtime that OME takes."""
    runtime = _runtime(service, model, known)
    if runtime is None:
        return
    listed = known.list(kinds.ACCELERATOR_CLASS)
    classes = {one.key.name: one for one in map(AcceleratorClass, listed)}
    said = set()
    for component in ("engine", "decoder"):
        if dig(service, "spec", component) is None:
            continue
        choice = accelerators.choose(InferenceService(service), runtime, component, classes)
        if choice.error and choice.error not in said:
            said.add(choice.error)
            yield FieldProblem(_path(service, component), f"{LATER} {choice.error}")


def _runtime(service: Manifest, model: Found, known: Known) -> Runtime | None:
    """The runtime that is named and fits, or the one that OME selects."""
    if text(service, "spec", "runtime", "name"):
        judged = runtime_choice.named(service, model, known)
        return judged.verdict.runtime if judged.verdict and judged.accepted else None
    selected = runtime_choice.ranking(service, model, known).selected
    return selected.runtime if selected else None


def _path(service: Manifest, component: str) -> str:
    own = f"spec.{component}.acceleratorOverride"
    overridden = dig(service, "spec", component, "acceleratorOverride") is not None
    return own if overridden else "spec.acceleratorSelector"
