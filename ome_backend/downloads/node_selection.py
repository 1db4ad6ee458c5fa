"""Which nodes a model belongs on, as OME's agent sees it (`pkg/modelagent/scout.go`)."""

from collections.abc import Iterable
from typing import Any

from ome_backend.resources.manifest import Manifest, items, mapping
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.node_selector import meets


def choosy(model: Model) -> bool:
    """The model does not belong on every node."""
    storage = mapping(model.raw, "spec", "storage")
    return bool(mapping(storage, "nodeSelector") or _terms(storage))


def chosen(model: Model, nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The nodes it belongs on."""
    storage = mapping(model.raw, "spec", "storage")
    wanted, terms = mapping(storage, "nodeSelector"), _terms(storage)
    return tuple(
        node
        for node in nodes
        if all(node.labels.get(name) == value for name, value in wanted.items())
        and (not terms or any(meets(node.raw, term) for term in terms))
    )


def _terms(storage: Manifest) -> list[Any]:
    """Any one of them is enough."""
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    return items(storage, "nodeAffinity", required, "nodeSelectorTerms")
