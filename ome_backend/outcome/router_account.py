"""The account a router finds its engines with (reconcilers/rbac)."""

from typing import Final

from ome_backend.outcome import component_metadata
from ome_backend.outcome.decision import Decision
from ome_backend.resources.manifest import Manifest, text

_GROUP: Final = "rbac.authorization.k8s.io"
_READ_PODS: Final[Manifest] = {
    "apiGroups": [""],
    "resources": ["pods"],
    "verbs": ["get", "list", "watch"],
}


def account(decision: Decision) -> list[Manifest]:
    """ServiceAccount, Role and RoleBinding, all of the router's name."""
    labels = component_metadata.labels(decision, "router")
    name = component_metadata.name(decision, "router")
    metadata = component_metadata.of_object(decision, name, labels)
    subject = {
        "kind": "ServiceAccount",
        "name": name,
        "namespace": text(decision.service, "metadata", "namespace"),
    }
    binding = {
        "roleRef": {"apiGroup": _GROUP, "kind": "Role", "name": name},
        "subjects": [subject],
    }
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata},
        _rbac("Role", metadata) | {"rules": [_READ_PODS]},
        _rbac("RoleBinding", metadata) | binding,
    ]


def _rbac(kind: str, metadata: Manifest) -> Manifest:
    return {"apiVersion": f"{_GROUP}/v1", "kind": kind, "metadata": metadata}
