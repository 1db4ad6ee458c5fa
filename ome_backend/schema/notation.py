r"""A compact notation for OpenAPI v3 structural schemas, and its expansion.

    # A type starts at the left margin, its fields are indented: name, type, rules.
    ContainerPort
      containerPort*  int32                   the star says required
      protocol        string = TCP            a default: JSON, or one bare word

    Container
      ports   [ContainerPort] by containerPort, protocol
      args    [string]
      policy  Policy  -- a note becomes the description

    EphemeralContainer
      ...Container                            every field of another type; a later line replaces one
      targetContainerName  string

    Policy = "BestFit" | "Cheapest"           a name for a type; a leading | continues the line

Types  `string`, `bool`, `int`, `int32`, `int64`, `date-time`, Kubernetes' `quantity` and
       `int-or-string`, `object` (may hold nothing), `json` (may hold anything), a declared name,
       `[T]` a list, `{T}` a map with text keys, `"a" | "b"` one of these texts.
Lists  are replaced as a whole (x-kubernetes-list-type atomic) unless `by key, key` (map), `set` or
       `untracked` (no list type). Maps and types are merged field by field unless `atomic`.
       A type is `open` when it keeps unknown fields.
Rules  in this order: `>= 1`, `length 1..64` (either end may be left out), `matching REGEX`,
       `= default`.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

Schema = dict[str, Any]

QUANTITY_PATTERN: Final = (
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
    r"(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
)
_INT_OR_STRING: Final[Schema] = {
    "anyOf": [{"type": "integer"}, {"type": "string"}],
    "x-kubernetes-int-or-string": True,
}
_BUILT_IN: Final[dict[str, Schema]] = {
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "date-time": {"type": "string", "format": "date-time"},
    "int-or-string": _INT_OR_STRING,
    "quantity": {**_INT_OR_STRING, "pattern": QUANTITY_PATTERN},
    "object": {"type": "object"},
    "json": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
}
_TYPE_WORDS: Final = {
    "atomic": ("x-kubernetes-map-type", "atomic"),
    "open": ("x-kubernetes-preserve-unknown-fields", True),
}
_FIELD = re.compile(
    r"(?P<type>\"[^\"]*\"(?: \| \"[^\"]*\")*|[\[{\w][^\s]*)"
    r"(?: by (?P<keys>\w+(?:, \w+)*)| (?P<word>set|untracked|atomic))?"
    r"(?: >= (?P<minimum>\d+))?"
    r"(?: length (?P<shortest>\d*)\.\.(?P<longest>\d*))?"
    r"(?: matching (?P<pattern>\S+))?"
    r"(?: = (?P<default>\S+))?"
    r"(?:\s+-- (?P<note>.+))?"
)


class Types:
    """The types declared in a text, expanded when first asked for.

    A type that occurs in many places is one dict: treat what is returned as read-only.
    Raises ValueError for a line that is not notation, KeyError for a name that nobody declared.
    """

    def __init__(self, text: str) -> None:
        self._declared = dict(_declarations(text))
        self._expanded: dict[str, Schema] = dict(_BUILT_IN)

    def __getitem__(self, name: str) -> Schema:
        if name not in self._expanded:
            self._expanded[name] = self._expand(*self._declared[name])
        return self._expanded[name]

    def _expand(self, head: str, body: list[str]) -> Schema:
        _, _, alias = head.partition(" = ")
        return self._field(alias) if alias else self._object(head.split()[1:], body)

    def _object(self, words: list[str], body: Iterable[str]) -> Schema:
        properties: dict[str, Schema] = {}
        required: set[str] = set()
        for line in body:
            if line.startswith("..."):
                base = self[line.removeprefix("...")]
                properties |= base["properties"]
                required |= set(base.get("required", ()))
                continue
            name, _, rest = line.partition(" ")
            field = name.removesuffix("*")
            properties[field] = self._field(rest.strip())
            (required.add if name.endswith("*") else required.discard)(field)
        schema = {"type": "object", "properties": dict(sorted(properties.items()))}
        return schema | _present(required=sorted(required)) | _type_words(words)

    def _field(self, text: str) -> Schema:
        match = _FIELD.fullmatch(text)
        if match is None:
            raise ValueError(f"not a type with its rules: {text!r}")
        rules = _rules(match.groupdict())
        schema = self._type(match["type"], match["word"], match["keys"])
        return schema | rules if rules else schema

    def _type(self, text: str, word: str | None, keys: str | None) -> Schema:
        if text.startswith("["):
            return {
                "type": "array",
                "items": self._type(text[1:-1], None, None),
                **_list_type(word, keys),
            }
        if text.startswith("{"):
            schema = {"type": "object", "additionalProperties": self._type(text[1:-1], None, None)}
            return schema | _type_words([word] if word else [])
        if text.startswith('"'):
            return {"type": "string", "enum": [json.loads(word) for word in text.split(" | ")]}
        return self[text]


def _declarations(text: str) -> Iterable[tuple[str, tuple[str, list[str]]]]:
    """(name, (line at the margin, indented lines)) of every type, without comments and blanks."""
    body: list[str] = []
    for line in re.sub(r"\n\s*\|", " |", text).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            body.append(line.strip())
        else:
            body = []
            yield line.split()[0], (line.rstrip(), body)


def _type_words(words: Iterable[str]) -> Schema:
    return dict(_TYPE_WORDS[word] for word in words)


def _list_type(word: str | None, keys: str | None) -> Schema:
    if keys:
        return {
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": keys.split(", "),
        }
    return {} if word == "untracked" else {"x-kubernetes-list-type": word or "atomic"}


def _rules(parts: dict[str, str | None]) -> Schema:
    numbers = {
        "minimum": parts["minimum"],
        "minLength": parts["shortest"],
        "maxLength": parts["longest"],
    }
    rules: Schema = {name: int(number) for name, number in numbers.items() if number}
    if parts["default"] is not None:
        rules["default"] = _literal(parts["default"])
    return rules | _present(pattern=parts["pattern"], description=parts["note"])


def _present(**entries: Any) -> Schema:
    return {name: value for name, value in entries.items() if value}


def _literal(text: str) -> Any:
    """JSON, or the word itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
