"""Everything an API server would say about a document before it is sent, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.resources.manifest import Manifest, dig, mapping, text
from ome_backend.schema import go_text, structural
from ome_backend.schema.crds import OBJECT_META, Crd
from ome_backend.schema.yaml_text import Document

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
    "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
    f"regex used for validation is '{_NAME.pattern}')"
)
_LONGEST_NAME = 253


def problems(document: Document, crd: Crd | None) -> tuple[FieldProblem, ...]:
    """Missing identity, unknown fields and schema violations, sorted by line.

    Without a `crd` only what every resource has is checked: apiVersion, kind and metadata.
    """
    value = document.value
    found = [*_identity(value, crd), *_metadata(value)]
    if crd is not None:
        found += _by_schema(value, crd)
    placed = [replace(one, line=document.line_of(one.path) or document.line) for one in found]
    return tuple(sorted(placed, key=lambda one: one.line or 0))


def _identity(value: Manifest, crd: Crd | None) -> Iterator[FieldProblem]:
    for field in ("apiVersion", "kind"):
        if not text(value, field):
            yield FieldProblem(field, "Required value")
    version, kind = text(value, "apiVersion"), text(value, "kind")
    if crd and version and kind and (version, kind) != (crd.kind.api_version, crd.kind.name):
        message = f'no matches for kind "{kind}" in version "{version}"'
        yield FieldProblem("apiVersion", message)


def _metadata(value: Manifest) -> Iterator[FieldProblem]:
    name = dig(value, "metadata", "name")
    if not name and not text(value, "metadata", "generateName"):
        yield FieldProblem("metadata.name", "Required value: name or generateName is required")
    if name and isinstance(name, str):
        yield from _name(name)
    yield from _within_metadata(mapping(value, "metadata"))


def _name(name: str) -> Iterator[FieldProblem]:
    """Names of custom resources are DNS subdomains."""
    if len(name) > _LONGEST_NAME:
        detail = f"must be no more than {_LONGEST_NAME} characters"
    elif not _NAME.fullmatch(name):
        detail = _NAME_RULE
    else:
        return
    yield FieldProblem("metadata.name", f"Invalid value: {go_text.quote(name)}: {detail}")


def _within_metadata(metadata: dict[str, Any]) -> Iterator[FieldProblem]:
    wrapped = {"metadata": metadata}
    schema = {"type": "object", "properties": {"metadata": OBJECT_META}}
    for path in structural.unknown_fields(OBJECT_META, metadata):
        yield _unknown(f"metadata.{path}")
    yield from structural.problems(schema, structural.default(schema, wrapped))


def _by_schema(value: Manifest, crd: Crd) -> Iterator[FieldProblem]:
    pruned, unknown = structural.split(crd.schema, value)
    yield from map(_unknown, unknown)
    yield from structural.problems(crd.schema, structural.default(crd.schema, pruned))


def _unknown(path: str) -> FieldProblem:
    return FieldProblem(path, f'unknown field "{path}"')
