"""The fields of a form, read from a structural schema: what a newer OME adds simply appears."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from ome_backend.editing.field_order import foreign, in_place, rank, rare

Schema = Mapping[str, Any]
FieldType = Literal[
    "text",
    "integer",
    "number",
    "switch",
    "choice",
    "quantity",
    "either",  # a text or an integer
    "texts",
    "integers",
    "map",  # plain values by name
    "object",
    "objects",
    "named",  # objects by name
    "anything",  # any YAML
]
PLAIN: Final = frozenset({"text", "integer", "number", "switch", "choice", "quantity", "either"})

_SMALL = 4  # so many plain fields are drawn in place even before one of them is set
_SIMPLE: Final[Mapping[str, FieldType]] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "switch",
}
_PYTHON: Final[Mapping[str, tuple[type, ...]]] = {
    "text": (str,),
    "choice": (str, int, float),
    "integer": (int,),
    "number": (int, float),
    "quantity": (str, int, float),
    "either": (str, int),
    "switch": (bool,),
    "map": (dict,),
    "object": (dict,),
    "named": (dict,),
    "texts": (list,),
    "integers": (list,),
    "objects": (list,),
}
_WORDS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_CAPITALS: Final = {
    word.lower(): word
    for word in ("URI", "URL", "ID", "IDs", "API", "GPU", "PCI", "TFLOPS", "TOPS", "IPC", "PID")
}
_LABELS: Final = {
    "memoryGB": "Memory",
    "memoryBandwidthGBps": "Memory bandwidth in GB/s",
    "clockSpeedMHz": "Clock speed in MHz",
    "huggingFaceSecretReference": "Hugging Face secret",
    "env": "Environment",
    "args": "Arguments",
    "numConcurrency": "Requests at once",
    "requiredDuringSchedulingIgnoredDuringExecution": "Required",
    "preferredDuringSchedulingIgnoredDuringExecution": "Preferred",
}


@dataclass(frozen=True, eq=False)
class Field:
    """One field of an object, as its schema describes it. `schema` is read-only.

    A `common` field is offered from the start, others when they are asked for.
    """

    name: str
    schema: Schema = field(repr=False)
    required: bool = False
    common: bool = True

    @cached_property
    def type(self) -> FieldType:
        return _type(self.schema)

    @cached_property
    def label(self) -> str:
        """The name in words: `storageUri` is Storage URI."""
        return _LABELS.get(self.name) or _label(self.name)

    @property
    def description(self) -> str:
        return str(self.schema.get("description", ""))

    @property
    def default(self) -> Any:
        """What the API server writes when the field is left out; None for nothing."""
        return self.schema.get("default")

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values a choice has, the empty text left out: that is the field left out."""
        return tuple(each for each in self.schema.get("enum", ()) if each != "")

    @property
    def least(self) -> float | None:
        found: float | None = self.schema.get("minimum")
        return found

    @property
    def most(self) -> float | None:
        found: float | None = self.schema.get("maximum")
        return found

    @property
    def plain(self) -> bool:
        """One value, drawn as one widget."""
        return self.type in PLAIN

    @cached_property
    def inside(self) -> tuple["Field", ...]:
        """The fields of the object, or of each object of a list or map."""
        return fields(self.part)

    @property
    def part(self) -> Schema:
        """The schema of the object, of a list's items, or of a map's values."""
        part = self.schema.get("items") or self.schema.get("additionalProperties") or self.schema
        return part if isinstance(part, Mapping) else {}

    @cached_property
    def small(self) -> bool:
        """An object of plain values only, of which there are few."""
        few = self.type == "object" and len(self.inside) <= _SMALL
        return few and all(each.plain for each in self.inside)

    @property
    def inline(self) -> bool:
        """A small object that is drawn even while it is absent, and gone with the last of its values."""
        return self.small and in_place(self.name)

    def takes(self, value: Any) -> bool:
        """Whether a value of the text is one this field can show; what is absent always is."""
        if value is None or self.type == "anything":
            return True
        wanted = _PYTHON[self.type]
        if isinstance(value, bool) and bool not in wanted:
            return False
        return isinstance(value, wanted) and self._takes_inside(value)

    def _takes_inside(self, value: Any) -> bool:
        inner: Mapping[str, type | tuple[type, ...]] = {
            "texts": str,
            "integers": int,
            "objects": dict,
            "named": dict,
            "map": (str, int, float),
        }
        if self.type not in inner:
            return True
        within = value.values() if isinstance(value, dict) else value
        return all(isinstance(each, inner[self.type]) for each in within)


def fields(schema: Schema) -> tuple[Field, ...]:
    """The fields of an object: required ones first, then by use, those rarely met at the end."""
    required, properties = frozenset(schema.get("required", ())), schema.get("properties", {})
    found = [
        Field(name, known, name in required, name in required or not rare(name, properties))
        for name, known in properties.items()
        if not foreign(name)
    ]
    return tuple(sorted(found, key=_usual_order))


def root_fields(schema: Schema, metadata: Schema, *, namespaced: bool) -> tuple[Field, ...]:
    """What a person writes of an object: metadata, and all but its type and status."""
    rest = {"apiVersion", "kind", "metadata", "status"}
    own = [each for each in fields(schema) if each.name not in rest]
    return (Field("metadata", _metadata(metadata, namespaced), required=True), *own)


def _metadata(schema: Schema, namespaced: bool) -> Schema:
    properties = dict(schema["properties"])
    if not namespaced:
        del properties["namespace"]
    required = ["name", "namespace"] if namespaced else ["name"]
    return {**schema, "properties": properties, "required": required}


def _usual_order(each: Field) -> tuple[bool, bool, int, str]:
    return (not each.required, not each.common, rank(each.name), each.name)


def _type(schema: Schema) -> FieldType:
    if schema.get("x-kubernetes-int-or-string"):
        return "quantity" if "pattern" in schema else "either"
    if schema.get("enum"):
        return "choice"
    kind = schema.get("type", "")
    if kind == "array":
        return _list_type(schema.get("items", {}))
    if kind == "object":
        return _object_type(schema)
    return _SIMPLE.get(kind, "anything")


def _list_type(items: Schema) -> FieldType:
    lists: Mapping[FieldType, FieldType] = {
        "text": "texts",
        "choice": "texts",
        "integer": "integers",
        "object": "objects",
    }
    return lists.get(_type(items), "anything")


def _object_type(schema: Schema) -> FieldType:
    if schema.get("properties"):
        return "object"
    values = schema.get("additionalProperties")
    if not isinstance(values, Mapping):
        return "anything"
    inner = _type(values)
    if inner in PLAIN - {"switch"}:
        return "map"
    return "named" if inner == "object" else "anything"


def _label(name: str) -> str:
    words: list[str] = [
        _CAPITALS.get(word.lower(), word.lower()) for word in _WORDS.findall(name)
    ] or [name]
    return words[0][:1].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])
