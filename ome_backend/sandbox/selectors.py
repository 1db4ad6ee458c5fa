"""Label and field selectors: what a list or watch leaves in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.sandbox.history import Stored
from ome_backend.sandbox.status import bad_request

_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    kinds.POD: (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    kinds.EVENT: (
        *(
            f"involvedObject.{part}"
            for part in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion")
        ),
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
    kinds.NAMESPACE: ("status.phase",),
    kinds.NODE: ("spec.unschedulable",),
    kinds.SECRET: ("type",),
    kinds.SERVICE: ("spec.clusterIP", "spec.type"),
}
_NAME = r"[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?"
_SET = re.compile(rf"^({_NAME})\s+(in|notin)\s*\(([^()]*)\)$")
_COMPARED = re.compile(rf"^({_NAME})\s*(==|=|!=|>|<)\s*([-A-Za-z0-9_.]*)$")
_PRESENT = re.compile(rf"^(!?)\s*({_NAME})$")
_OUTSIDE_PARENTHESES = re.compile(r",(?![^()]*\))")
_FIELD = re.compile(r"^(.+?)(==|!=|=)(.*)$", re.DOTALL)

Test = Callable[[str | None], bool]


@dataclass(frozen=True, slots=True)
class Selector:
    """All conditions a list or watch sets; an empty one matches everything."""

    labels: tuple[tuple[str, Test], ...] = ()
    fields: tuple[tuple[str, Test], ...] = ()

    def matches(self, item: Stored) -> bool:
        """Whether the object meets every condition."""
        if not all(test(item.labels.get(name)) for name, test in self.labels):
            return False
        return not self.fields or self._fields_match(item)

    def _fields_match(self, item: Stored) -> bool:
        known = {"metadata.name": item.key.name, "metadata.namespace": item.key.namespace}
        raw = item.manifest() if any(name not in known for name, _ in self.fields) else {}
        return all(
            test(known[name] if name in known else _field(raw, name)) for name, test in self.fields
        )


def selector(kind: Kind, labels: str, fields: str) -> Selector:
    """The selectors as a query gives them. Raises StatusError 400 for what cannot be read."""
    return Selector(label_conditions(labels), field_conditions(kind, fields))


def label_conditions(text: str) -> tuple[tuple[str, Test], ...]:
    """`a=b,c!=d,e in (f,g),h,!i` as (label, test) pairs."""
    parts = [part.strip() for part in _OUTSIDE_PARENTHESES.split(text)]
    return tuple(_label_condition(part) for part in parts if part or len(parts) > 1)


def field_conditions(kind: Kind, text: str) -> tuple[tuple[str, Test], ...]:
    """`metadata.name=x,status.phase!=Running` as (field, test) pairs."""
    parts = [part for part in re.split(r"(?<!\\),", text) if part]
    return tuple(_field_condition(kind, part) for part in parts)


def _label_condition(part: str) -> tuple[str, Test]:
    if found := _SET.match(part):
        chosen = frozenset(value.strip() for value in found[4].split(","))
        return found[1], _among(chosen) if found[3] == "in" else _not_among(chosen)
    if found := _COMPARED.match(part):
        return found[1], _compared(found[3], found[4])
    if found := _PRESENT.match(part):
        return found[2], _absent if found[1] else _present
    raise bad_request(f"unable to parse requirement: couldn't parse the selector string {part!r}")


def _compared(operator: str, value: str) -> Test:
    if operator in (">", "<"):
        if not re.fullmatch(r"-?\d+", value):
            raise bad_request(f"for 'Gt', 'Lt' operators, the value must be an integer: {value!r}")
        return _above(int(value)) if operator == ">" else _below(int(value))
    return _not_among(frozenset([value])) if operator == "!=" else _among(frozenset([value]))


def _field_condition(kind: Kind, part: str) -> tuple[str, Test]:
    found = _FIELD.match(part)
    if not found:
        raise bad_request(f"invalid selector: '{part}'; can't understand '{part}'")
    name, operator, value = found.groups()
    if name not in ("metadata.name", "metadata.namespace", *_FIELDS.get(kind, ())):
        raise bad_request(f"field label not supported: {name}")
    chosen = frozenset([re.sub(r"\\([\\,=])", r"\1", value)])
    return name, _not_among(chosen) if operator == "!=" else _among(chosen)


def _field(raw: Manifest, name: str) -> str:
    value = dig(raw, *name.split("."))
    if name == "source":
        value = dig(raw, "source", "component")
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "false" if name == "spec.unschedulable" else ""
    return str(value)


def _present(value: str | None) -> bool:
    return value is not None


def _absent(value: str | None) -> bool:
    return value is None


def _among(chosen: frozenset[str]) -> Test:
    return lambda value: value in chosen


def _not_among(chosen: frozenset[str]) -> Test:
    return lambda value: value not in chosen


def _above(limit: int) -> Test:
    return lambda value: _whole(value) and int(value or 0) > limit


def _below(limit: int) -> Test:
    return lambda value: _whole(value) and int(value or 0) < limit


def _whole(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"-?\d+", value) is not None
