"""Node selector terms, as Kubernetes and OME's model agent read them."""

from collections.abc import Mapping
from typing import Any

from ome_backend.resources.manifest import Manifest, items, mapping, text


def meets(node: Manifest, term: Manifest) -> bool:
    """Whether a node meets every expression of one term; an empty term is met by none."""
    labels = mapping(node, "metadata", "labels") | {"metadata.name": text(node, "metadata", "name")}
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
