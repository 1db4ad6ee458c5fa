"""What OME refuses of an InferenceService (wh/isvc/inference_service_validation.go)."""

import re
from collections.abc import Iterator

from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.sandbox import lookup
from ome_backend.sandbox.lookup import Lookup
from ome_backend.sandbox.runtime_choice import ranking
from ome_backend.sandbox.webhooks import autoscaling
from ome_backend.sandbox.webhooks.refusal import Refused

_NAME = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_NEEDS_MODEL = (
    "model reference is required when runtime is not specified and engine does not have complete "
    "runner configuration"
)


def validate(service: Manifest, objects: Lookup) -> tuple[str, ...]:
    """The warnings for an acceptable service. Raises Refused with the first problem OME finds.

    A runtime that the service names is not looked at: whether it exists and fits shows only later,
    as an event of the controller.
    """
    message = next(_problems(service, objects), "")
    if message:
        _refuse(message)
    selected = _selected(service, objects)
    name = text(service, "spec", "model", "name")
    return (f"Runtime {selected} will be auto-selected for model {name}",) if selected else ()


def _refuse(message: str) -> None:
    raise Refused(message, webhook="inferenceservice.ome-webhook-server.validator")


def _problems(service: Manifest, objects: Lookup) -> Iterator[str]:
    name = text(service, "metadata", "name")
    if not re.fullmatch(_NAME, name):
        yield f'invalid InferenceService name "{name}", must match "{_NAME}"'
    scaling = autoscaling.problem(service)
    if scaling:
        yield scaling
    if dig(service, "spec", "decoder") is not None and dig(service, "spec", "engine") is None:
        yield "decoder cannot be specified without engine"
    yield from _model_problems(service, objects)


def _model_problems(service: Manifest, objects: Lookup) -> Iterator[str]:
    name = text(service, "spec", "model", "name")
    if name and lookup.model_of(objects, service) is None:
        namespace = text(service, "metadata", "namespace")
        yield (
            f'referenced model "{name}" not found in namespace "{namespace}": ensure a BaseModel '
            "exists in this namespace or a ClusterBaseModel exists cluster-wide with this name"
        )
    if _needs_selection(service) and not name:
        yield _NEEDS_MODEL


def _needs_selection(service: Manifest) -> bool:
    engine = dig(service, "spec", "engine")
    runtime = dig(service, "spec", "runtime")
    return isinstance(engine, dict) and runtime is None and not _complete(engine)


def _complete(engine: Manifest) -> bool:
    leader, worker = (
        text(engine, "leader", "runner", "image"),
        text(engine, "worker", "runner", "image"),
    )
    return bool(text(engine, "runner", "image") or (leader and worker))


def _selected(service: Manifest, objects: Lookup) -> str:
    if not _needs_selection(service):
        return ""
    model = lookup.model_of(objects, service)
    if model is None:
        return ""
    name = text(service, "spec", "model", "name")
    if dig(model[0], "spec", "disabled") is True:
        _refuse(f"model {name} is disabled")
    found = ranking(service, model, objects)
    if found.selected is None:
        _refuse(
            f"no supporting runtime found for model {name} and engine does not have complete "
            f"runner configuration: {found.error}"
        )
        return ""
    return found.selected.runtime.key.name
