"""Which accelerator class OME runs a component on, read from whatever holds the objects."""

from ome_backend.admission.known import Known
from ome_backend.matching import accelerators
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.runtime import Runtime


def choose(
    service: Manifest, runtime: Manifest, component: str, objects: Known
) -> Manifest | str | None:
    """The class, None when OME uses none, or OME's error text."""
    found = [AcceleratorClass(raw) for raw in objects.list(kinds.ACCELERATOR_CLASS)]
    classes = {one.key.name: one for one in found}
    choice = accelerators.choose(InferenceService(service), Runtime(runtime), component, classes)
    if choice.error:
        return choice.error
    return classes[choice.name].raw if choice.name else None
