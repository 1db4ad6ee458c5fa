"""The little OpenAPI that `kubectl` needs to know that the server checks unknown fields."""

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.discovery import GIT_VERSION
from ome_backend.sandbox.registry import Registry, Resource

ROOT = "/openapi/v3"


def document(registry: Registry, path: str) -> Manifest | None:
    """The OpenAPI v3 document at a path: the index, or one group version without its schemas."""
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
        "components": {"schemas": {}},
    }


def _place(version: str) -> str:
    return f"apis/{version}" if "/" in version else f"api/{version}"


def _path(resource: Resource) -> tuple[str, Manifest]:
    kind = resource.kind
    namespaced = "namespaces/{namespace}/" if kind.namespaced else ""
    parameter = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    meaning = {"group": kind.group, "version": kind.version, "kind": kind.name}
    return f"/{_place(kind.api_version)}/{namespaced}{kind.plural}/{{name}}", {
        "patch": {
            "parameters": [parameter],
            "responses": {"200": {"description": "OK"}},
            "x-kubernetes-action": "patch",
            "x-kubernetes-group-version-kind": meaning,
        }
    }
