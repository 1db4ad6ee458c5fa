"""Whether labels and taints of a node suit what a pod or a model asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.node_selector import meets


def selected(node: Manifest, selector: Mapping[str, Any]) -> bool:
    """The node carries every label of the selector."""
    labels = mapping(node, "metadata", "labels")
    return all(labels.get(name) == value for name, value in selector.items())


def affine(node: Manifest, affinity: Mapping[str, Any]) -> bool:
    """The node meets one of the required terms of a node affinity; no terms suit every node."""
    required = mapping(affinity, "requiredDuringSchedulingIgnoredDuringExecution")
    terms = items(required, "nodeSelectorTerms")
    return not required or any(meets(node, term) for term in terms)


def untolerated(node: Manifest, tolerations: Iterable[Manifest]) -> Manifest | None:
    """The first taint that keeps a pod with these tolerations away, or None."""
    tolerated = list(tolerations)
    for taint in items(node, "spec", "taints"):
        hard = text(taint, "effect") in ("NoSchedule", "NoExecute")
        if hard and not any(_tolerates(each, taint) for each in tolerated):
            return dict(taint)
    return None


def _tolerates(toleration: Manifest, taint: Manifest) -> bool:
    if text(toleration, "effect") not in ("", text(taint, "effect")):
        return False
    exists = text(toleration, "operator") == "Exists"
    if not text(toleration, "key"):
        return exists
    same = text(toleration, "key") == text(taint, "key")
    return same and (exists or text(toleration, "value") == text(taint, "value"))
