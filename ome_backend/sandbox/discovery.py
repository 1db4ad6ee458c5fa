"""Discovery: what clients read to learn which resources there are."""

from ome_backend.resources.kinds import DEPLOYMENT, POD, SERVICE
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.registry import Registry, Resource, subresources

GIT_VERSION = "v1.36.0-ome-sandbox"
VERSION: Manifest = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": GIT_VERSION,
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "none",
    "compiler": "none",
    "platform": "linux/amd64",
}
_REVIEWS = {
    "authorization.k8s.io/v1": ("SelfSubjectAccessReview", "selfsubjectaccessreviews"),
    "authentication.k8s.io/v1": ("SelfSubjectReview", "selfsubjectreviews"),
}

_IN_ALL = (POD, SERVICE, DEPLOYMENT)
"""What `kubectl get all` shows."""


def document(registry: Registry, path: str, host: str) -> Manifest | None:
    """The discovery document at a path, or None when there is none."""
    parts = path.strip("/").split("/")
    if parts == ["api"]:
        return _core_versions(host)
    if parts == ["apis"]:
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": _groups(registry)}
    if parts[0] == "apis" and len(parts) == 2:
        group = next((group for group in _groups(registry) if group["name"] == parts[1]), None)
        return group and {"kind": "APIGroup", "apiVersion": "v1", **group}
    api_version = "/".join(parts[1:])
    if parts[0] in ("api", "apis") and api_version in (*registry.versions, *_REVIEWS):
        return _resource_list(registry, api_version)
    return None


def is_built_in(registry: Registry, path: str) -> bool:
    """Whether a path lies in the core API or in a group that no definition made."""
    parts = path.strip("/").split("/")
    groups = {item.kind.group for item in registry.resources if not item.custom}
    groups |= {version.partition("/")[0] for version in _REVIEWS}
    return parts[0] == "api" or (parts[0] == "apis" and parts[1:2] != [] and parts[1] in groups)


def _core_versions(host: str) -> Manifest:
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": host}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def _groups(registry: Registry) -> list[Manifest]:
    named = [version for version in (*registry.versions, *_REVIEWS) if "/" in version]
    return [_group(*version.split("/")) for version in sorted(named)]


def _group(name: str, version: str) -> Manifest:
    preferred = {"groupVersion": f"{name}/{version}", "version": version}
    return {"name": name, "versions": [preferred], "preferredVersion": preferred}


def _resource_list(registry: Registry, api_version: str) -> Manifest:
    found = [entry for item in registry.within(api_version) for entry in _entries(item)]
    if api_version in _REVIEWS:
        kind, plural = _REVIEWS[api_version]
        found.append(_entry(plural, kind, kind.lower(), namespaced=False, verbs=("create",)))
    head = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version}
    return head | {"resources": found}


def _entries(resource: Resource) -> list[Manifest]:
    kind = resource.kind
    main = _entry(
        kind.plural,
        kind.name,
        kind.name.lower(),
        namespaced=kind.namespaced,
        verbs=resource.verbs,
    )
    if resource.short_names:
        main["shortNames"] = list(resource.short_names)
    if kind in _IN_ALL:
        main["categories"] = ["all"]
    return [
        main,
        *(
            _entry(
                f"{kind.plural}/{name}",
                kind.name,
                "",
                namespaced=kind.namespaced,
                verbs=("get",) if name == "log" else ("get", "patch", "update"),
            )
            for name in subresources(resource)
            if resource.verbs != ("get", "list", "watch")
        ),
    ]


def _entry(
    name: str, kind: str, singular: str, *, namespaced: bool, verbs: tuple[str, ...]
) -> Manifest:
    return {
        "name": name,
        "singularName": singular,
        "namespaced": namespaced,
        "kind": kind,
        "verbs": list(verbs),
    }
