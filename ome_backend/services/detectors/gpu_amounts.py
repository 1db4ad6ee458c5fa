"""GPUs that are asked for with a request that differs from the limit, which no API server takes."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ome_backend.editing import commands
from ome_backend.resources.gpu import GPU_RESOURCES
from ome_backend.resources.manifest import Manifest, mapping
from ome_backend.resources.quantity import quantity
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes
from ome_backend.services.detectors.service_spec import PARTS

_COMPONENTS = ("engine", "decoder")
_REFUSED = "The API server refuses the pods: request and limit of a GPU must be equal."


class _Unequal(NamedTuple):
    """A GPU resource of one runner, as merged from runtime and service."""

    path: tuple[str, ...]
    resource: str
    request: str
    limit: str


def unequal(cluster: Cluster) -> Iterator[DoctorFinding]:
    """In runtimes by themselves, and in services whose runner changes one of the two only."""
    for runtime in cluster.runtimes:
        for component in _COMPONENTS:
            path = ("spec", f"{component}Config")
            for found in _differences({}, mapping(runtime.raw, *path), path):
                amount = found.limit or found.request
                patch = changes(runtime.ref, runtime.raw, *_both(found, amount))
                yield DoctorFinding(
                    "unequal-gpus",
                    Severity.BROKEN,
                    runtime.ref,
                    f"It requests {found.request} {found.resource} with a limit of {found.limit or 'none'}",
                    f"{'.'.join(found.path)}.resources: {_words(found)}.",
                    _REFUSED,
                    f"Set both to {amount}.",
                    patch,
                    commands.patch_json(runtime.ref, patch),
                )
    yield from _of_services(cluster)


def _of_services(cluster: Cluster) -> Iterator[DoctorFinding]:
    for service in cluster.services:
        runtime = cluster.runtime_of(service)
        for component in _COMPONENTS:
            own = mapping(service.raw, "spec", component)
            base = mapping(runtime.raw, "spec", f"{component}Config") if runtime is not None else {}
            for found in _differences(base, own, ("spec", component)):
                amount = found.limit or found.request
                patch = changes(service.ref, service.raw, *_both(found, amount))
                yield DoctorFinding(
                    "unequal-gpus",
                    Severity.BROKEN,
                    service.ref,
                    f"Merged with its runtime it requests {found.request} {found.resource} with a limit "
                    f"of {found.limit or 'none'}",
                    f"{'.'.join(found.path)}.resources, merged key by key: {_words(found)}.",
                    _REFUSED,
                    f"Set request and limit in {'.'.join(found.path)}.resources, both to {amount}.",
                    patch,
                    commands.patch_json(service.ref, patch),
                    also=(runtime.ref,) if runtime is not None else (),
                )


def _differences(base: Manifest, own: Manifest, path: tuple[str, ...]) -> Iterator[_Unequal]:
    """Where `own`, laid over `base`, asks for GPUs that differ; nothing where it says nothing of them."""
    for part in PARTS:
        theirs = mapping(base, *part, "runner", "resources")
        ours = mapping(own, *part, "runner", "resources")
        for resource in GPU_RESOURCES:
            if not any(resource in mapping(ours, side) for side in ("limits", "requests")):
                continue
            request, limit = (
                _amount(mapping(theirs, side) | mapping(ours, side), resource)
                for side in ("requests", "limits")
            )
            if request and quantity(request) != quantity(limit):
                yield _Unequal((*path, *part, "runner"), resource, request, limit)


def _amount(amounts: Mapping[str, Any], resource: str) -> str:
    """As written; empty where absent. The API server takes an absent request for the limit."""
    return "" if amounts.get(resource) is None else str(amounts[resource])


def _both(found: _Unequal, amount: str) -> list[tuple[tuple[str, ...], str]]:
    return [
        ((*found.path, "resources", side, found.resource), amount)
        for side in ("requests", "limits")
    ]


def _words(found: _Unequal) -> str:
    return f"requests {found.request}, limits {found.limit or 'nothing'} of {found.resource}"
