"""Which nodes a model belongs on, as OME's agent sees it (`pkg/modelagent/scout.go`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node


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
        and (not terms or any(_meets(node, term) for term in terms))
    )


def _terms(storage: Manifest) -> list[Any]:
    """Any one of them is enough."""
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    return items(storage, "nodeAffinity", required, "nodeSelectorTerms")


def _meets(node: Node, term: Manifest) -> bool:
    labels = {**node.labels, "metadata.name": node.name}
    wanted = items(term, "matchExpressions") + items(term, "matchFields")
    return bool(wanted) and all(_holds(labels, each) for each in wanted)


def _holds(labels: Mapping[str, Any], expression: Manifest) -> bool:
    value, values = labels.get(text(expression, "key")), items(expression, "values")
    match text(expression, "operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case "Gt" | "Lt" as operator:
            return _compared(operator, value, values)
    return False


def _compared(operator: str, value: Any, values: list[Any]) -> bool:
    try:
        ours, theirs = int(value), int(values[0])
    except (TypeError, ValueError, IndexError):
        return False
    return ours > theirs if operator == "Gt" else ours < theirs
