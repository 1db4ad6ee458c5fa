"""Which resources the sandbox serves, and which one a path names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest

_SHORT_NAMES = {
    kinds.NAMESPACE: ("ns",),
    kinds.NODE: ("no",),
    kinds.POD: ("po",),
    kinds.EVENT: ("ev",),
    kinds.SERVICE: ("svc",),
    kinds.CONFIG_MAP: ("cm",),
    kinds.DEPLOYMENT: ("deploy",),
    kinds.CUSTOM_RESOURCE_DEFINITION: ("crd", "crds"),
    kinds.INFERENCE_SERVICE: ("isvc",),
}
_WITHOUT_STATUS = {
    kinds.SERVING_RUNTIME,
    kinds.CLUSTER_SERVING_RUNTIME,
    kinds.EVENT,
    kinds.CONFIG_MAP,
    kinds.SECRET,
}
_READ_VERBS = ("get", "list", "watch")
_ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource type as it is served; `custom` ones come from a CustomResourceDefinition."""

    kind: Kind
    custom: bool
    status: bool
    short_names: tuple[str, ...]
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names: a collection, an object or a subresource of an object."""

    resource: Resource
    namespace: str
    name: str
    subresource: str


class Registry:
    """The resources by group version and plural name."""

    def __init__(self, without: Collection[str] = ()) -> None:
        served = [_resource(kind) for kind in kinds.BY_NAME.values() if kind.plural not in without]
        self.resources = tuple(served)
        self._by_path = {(item.kind.api_version, item.kind.plural): item for item in served}
        self.plurals = frozenset(item.kind.plural for item in served)
        self.versions = tuple(dict.fromkeys(item.kind.api_version for item in served))

    def within(self, api_version: str) -> tuple[Resource, ...]:
        """The resources of one group version, in alphabetical order."""
        found = (item for item in self.resources if item.kind.api_version == api_version)
        return tuple(sorted(found, key=lambda item: item.kind.plural))

    def target(self, path: str) -> Target | None:
        """What the path names, or None when nothing is served there."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[:1] == ["api"]:
            return self._target("/".join(parts[1:2]), parts[2:])
        if parts[:1] == ["apis"]:
            return self._target("/".join(parts[1:3]), parts[3:])
        return None

    def _target(self, api_version: str, parts: list[str]) -> Target | None:
        namespace = ""
        if len(parts) > 2 and parts[0] == "namespaces" and parts[2] != "status":
            namespace, parts = parts[1], parts[2:]
        resource = self._by_path.get((api_version, parts[0])) if parts else None
        if resource is None or len(parts) > 3 or not all(parts):
            return None
        name, subresource = (*parts[1:], "", "")[:2]
        if bool(namespace) > resource.kind.namespaced or (
            resource.kind.namespaced and name and not namespace
        ):
            return None
        return Target(resource, namespace, name, subresource)


def subresources(resource: Resource) -> Iterable[str]:
    """The subresources that are served, as they stand in a path."""
    if resource.status:
        yield "status"
    if resource.kind == kinds.POD:
        yield "log"


def list_head(kind: Kind) -> Manifest:
    """The first fields of a list of this kind."""
    return {"kind": f"{kind.name}List", "apiVersion": kind.api_version}


def _resource(kind: Kind) -> Resource:
    return Resource(
        kind,
        custom=kind in kinds.OME_KINDS,
        status=kind not in _WITHOUT_STATUS,
        short_names=_SHORT_NAMES.get(kind, ()),
        verbs=_READ_VERBS if kind == kinds.CUSTOM_RESOURCE_DEFINITION else _ALL_VERBS,
    )
