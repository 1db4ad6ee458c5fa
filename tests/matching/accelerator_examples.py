"""Small accelerator classes, and services and runtimes that ask for them."""

from typing import Any

from ome_backend.matching.accelerators import choose
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.runtime import Runtime

SELECTOR = {"nodeSelector": {"gpu": "yes"}}


def accelerator(
    name: str, *, cost: dict[str, Any] | None = None, nodes: int = 1, **capabilities: Any
) -> AcceleratorClass:
    """A Hopper of 80Gi whose nodes are labelled."""
    spec = {
        "vendor": "NVIDIA",
        "family": "Hopper",
        "discovery": SELECTOR,
        "capabilities": {"memoryGB": "80Gi", "computeCapability": "9.0", **capabilities},
    }
    if cost:
        spec["cost"] = cost
    return AcceleratorClass(
        {"metadata": {"name": name}, "spec": spec, "status": {"availableNodes": nodes}}
    )


def runtime(*names: str, **required: Any) -> Runtime:
    listed = {"acceleratorClasses": list(names), **required}
    return Runtime({"metadata": {"name": "rt"}, "spec": {"acceleratorRequirements": listed}})


def service(
    selector: dict[str, Any] | None = None,
    engine: dict[str, Any] | None = None,
    annotation: str | None = None,
) -> InferenceService:
    notes = {} if annotation is None else {"ome.io/accelerator-class": annotation}
    spec = {
        "acceleratorSelector": selector or {},
        "engine": {"acceleratorOverride": engine} if engine else {},
    }
    return InferenceService({"metadata": {"name": "s", "annotations": notes}, "spec": spec})


def by_policy(policy: str, *classes: AcceleratorClass, **wanted: Any) -> Choice:
    """The choice of `policy` among `classes`, all of which the runtime lists."""
    names = [one.key.name for one in classes]
    asked = service({"policy": policy, "constraints": wanted})
    return choose(asked, runtime(*names), "engine", {one.key.name: one for one in classes})


LARGE = accelerator("large", memoryGB="141Gi", cost={"perHour": "5"})
SMALL = accelerator("small", memoryGB="24Gi", cost={"perHour": "1"})
