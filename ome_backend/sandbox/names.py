"""The rules for names, labels and annotations, with the API server's texts."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import NAMESPACE
from ome_backend.resources.manifest import Manifest, items, mapping, text

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_VALUE = r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_KEY = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
    ", and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    f"validation is '{_SUBDOMAIN}')"
)
_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    f"for validation is '{_LABEL}')"
)
_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    f"'12345', regex used for validation is '{_VALUE}')"
)
_KEY_TEXT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    f"validation is '{_KEY}')"
)
_ANNOTATIONS_LIMIT = 256 * 1024
_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


def generated(prefix: str) -> str:
    """A name for `metadata.generateName`, within 63 characters."""
    return prefix[:58] + "".join(secrets.choice(_SUFFIX) for _ in range(5))


def problems(kind: Kind, manifest: Manifest) -> Iterator[FieldProblem]:
    """What is wrong with the metadata of an object."""
    yield from _name(kind, text(manifest, "metadata", "name"))
    for name, value in mapping(manifest, "metadata", "labels").items():
        yield from _key("metadata.labels", name)
        yield from _label_value(value)
    yield from _finalizers(manifest)
    yield from _owners(manifest)
    annotations = mapping(manifest, "metadata", "annotations")
    for name in annotations:
        yield from _key("metadata.annotations", name.lower())
    if sum(len(name) + len(str(value).encode()) for name, value in annotations.items()) > (
        _ANNOTATIONS_LIMIT
    ):
        message = f"Too long: may not be more than {_ANNOTATIONS_LIMIT} bytes"
        yield FieldProblem("metadata.annotations", message)


def _finalizers(manifest: Manifest) -> Iterator[FieldProblem]:
    for name in items(manifest, "metadata", "finalizers"):
        yield from _key("metadata.finalizers", str(name))


def _owners(manifest: Manifest) -> Iterator[FieldProblem]:
    for owner in items(manifest, "metadata", "ownerReferences"):
        if not text(owner, "apiVersion"):
            yield _bad("metadata.ownerReferences.apiVersion", "", "version must not be empty")
        for part in ("kind", "name", "uid"):
            if not text(owner, part):
                yield _bad(f"metadata.ownerReferences.{part}", "", "must not be empty")


def _name(kind: Kind, name: str) -> Iterator[FieldProblem]:
    if not name:
        yield FieldProblem("metadata.name", "Required value: name or generateName is required")
        return
    label = kind == NAMESPACE
    if label and "." in name:
        yield _bad("metadata.name", name, "must not contain dots")
        return
    limit, pattern = (63, _LABEL) if label else (253, _SUBDOMAIN)
    if not re.fullmatch(pattern, name):
        yield _bad("metadata.name", name, _LABEL_TEXT if label else _SUBDOMAIN_TEXT)
    if len(name) > limit:
        yield _bad("metadata.name", name, f"must be no more than {limit} bytes")


def _key(field: str, key: str) -> Iterator[FieldProblem]:
    prefix, slash, name = key.rpartition("/")
    if slash and not re.fullmatch(_SUBDOMAIN, prefix):
        yield _bad(field, key, f"prefix part {_SUBDOMAIN_TEXT}")
    if not re.fullmatch(_KEY, name):
        yield _bad(field, key, _KEY_TEXT)
    if len(name) > 63:
        yield _bad(field, key, "name part must be no more than 63 bytes")


def _label_value(value: Any) -> Iterator[FieldProblem]:
    if not isinstance(value, str) or not re.fullmatch(_VALUE, value):
        yield _bad("metadata.labels", str(value), _VALUE_TEXT)
    elif len(value) > 63:
        yield _bad("metadata.labels", value, "must be no more than 63 bytes")


def _bad(field: str, value: str, why: str) -> FieldProblem:
    return FieldProblem(field, f'Invalid value: "{value}": {why}')
