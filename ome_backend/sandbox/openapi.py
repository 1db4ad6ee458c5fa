"""The OpenAPI that `kubectl` needs: that the server checks unknown fields, and what OME's are."""

from collections.abc import Iterable, Iterator

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.discovery import GIT_VERSION
from ome_backend.sandbox.registry import Registry, Resource
from ome_backend.schema import crds

ROOT = "/openapi/v3"


def document(registry: Registry, path: str) -> Manifest | None:
    """The OpenAPI v3 document at a path: the index, or one group version.

    Only kinds with a definition have their schemas in it.
    """
    if path == ROOT:
        addresses = {_place(version): version for version in registry.versions}
        return {"paths": {place: {"serverRelativeURL": f"{ROOT}/{place}"} for place in addresses}}
    found = (version for version in registry.versions if path == f"{ROOT}/{_place(version)}")
    version = next(found, None)
    if version is None:
        return None
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": GIT_VERSION},
        "paths": dict(_path(resource) for resource in registry.within(version)),
        "components": {"schemas": dict(_schemas(registry.within(version)))},
    }


def _place(version: str) -> str:
    return f"apis/{version}" if "/" in version else f"api/{version}"


def _schemas(resources: Iterable[Resource]) -> Iterator[tuple[str, Manifest]]:
    for resource in resources:
        crd = crds.crd(resource.kind.name)
        if crd is not None:
            group = ".".join(reversed(resource.kind.group.split(".")))
            known = {"x-kubernetes-group-version-kind": [_meaning(resource)]}
            yield f"{group}.{resource.kind.version}.{resource.kind.name}", {**crd.schema, **known}


def _meaning(resource: Resource) -> Manifest:
    kind = resource.kind
    return {"group": kind.group, "version": kind.version, "kind": kind.name}


def _path(resource: Resource) -> tuple[str, Manifest]:
    kind = resource.kind
    namespaced = "namespaces/{namespace}/" if kind.namespaced else ""
    parameter = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    return f"/{_place(kind.api_version)}/{namespaced}{kind.plural}/{{name}}", {
        "patch": {
            "parameters": [parameter],
            "responses": {"200": {"description": "OK"}},
            "x-kubernetes-action": "patch",
            "x-kubernetes-group-version-kind": _meaning(resource),
        }
    }
