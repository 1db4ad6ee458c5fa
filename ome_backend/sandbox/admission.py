"""The gate every write of the simulated cluster passes: OME's webhooks, defaulting first, then validating."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.lookup import Lookup
from ome_backend.sandbox.webhooks import (
    benchmarks,
    runtimes,
    service_defaults,
    service_validation,
)
from ome_backend.sandbox.webhooks.refusal import Refused

Operation = Literal["CREATE", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Admitted:
    """The object as the defaulters left it, and what the validators want the person to know."""

    object: Manifest
    warnings: tuple[str, ...] = ()


def review(
    operation: Operation, kind: Kind, new: Manifest, old: Manifest | None, objects: Lookup
) -> Admitted:
    """What OME's webhooks make of a write. `new` already carries the CRD's defaults and is not changed.

    Raises Refused with the webhook's own message. Deletions pass, and so does whatever has no webhook
    (models, accelerator classes, fine-tuned weights). An object that is being deleted is not
    validated again by OME either, but its updates are: only its finalizers may be on the way out.
    """
    if operation == "DELETE" or kind not in _WEBHOOKS:
        return Admitted(new)
    if old is not None and new.get("metadata", {}).get("deletionTimestamp"):
        return Admitted(new)
    return _WEBHOOKS[kind](kind, new, objects)


def _service(_kind: Kind, new: Manifest, objects: Lookup) -> Admitted:
    filled = service_defaults.default(new, objects)
    return Admitted(filled, service_validation.validate(filled, objects))


def _runtime(kind: Kind, new: Manifest, objects: Lookup) -> Admitted:
    runtimes.validate(kind, new, objects)
    return Admitted(new)


def _benchmark(_kind: Kind, new: Manifest, _objects: Lookup) -> Admitted:
    benchmarks.validate(new)
    return Admitted(new)


_WEBHOOKS: Mapping[Kind, Callable[[Kind, Manifest, Lookup], Admitted]] = {
    kinds.INFERENCE_SERVICE: _service,
    kinds.SERVING_RUNTIME: _runtime,
    kinds.CLUSTER_SERVING_RUNTIME: _runtime,
    kinds.BENCHMARK_JOB: _benchmark,
}

__all__ = ["Admitted", "Operation", "Refused", "review"]
