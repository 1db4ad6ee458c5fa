"""What stands between a request to write and the store: fields, rules, admission, field owners."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import NAMESPACE
from ome_backend.resources.manifest import Manifest, items, text
from ome_backend.sandbox import content, lifecycle
from ome_backend.sandbox.call import Call, WriteOptions
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.status import (
    StatusError,
    bad_request,
    conflict,
    forbidden,
    invalid,
    not_found,
)

Review = Callable[[str, Kind, Manifest, Manifest | None], tuple[Manifest, tuple[str, ...]]]
"""Admission: (operation, kind, new, old) -> the object and warnings. Raises StatusError."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An object fit to be stored, and what to warn of."""

    manifest: Manifest
    warnings: tuple[str, ...]


def accept(
    call: Call,
    options: WriteOptions,
    review: Review,
    before: Manifest | None,
    after: Manifest,
) -> Accepted:
    """The object with defaults, checked and admitted. Raises StatusError for what is refused."""
    found = content.checked(call.resource, after)
    if found.unknown and options.validation == "Strict":
        raise _strict(call, after, found.unknown)
    content.refuse_problems(call, found.manifest, before)
    warnings = content.warning_texts(found.unknown) if options.validation == "Warn" else ()
    if call.target.subresource:
        return Accepted(found.manifest, warnings)
    operation = "CREATE" if before is None else "UPDATE"
    admitted, more = review(operation, call.kind, found.manifest, before)
    return Accepted(admitted, (*warnings, *more))


def require_namespace(objects: Objects, call: Call, name_of_new: str) -> None:
    """Raises StatusError when the namespace is not there or on its way out."""
    name = call.target.namespace
    namespace = objects.get(NAMESPACE, Key("", name)) if name else None
    if name and namespace is None:
        raise not_found(NAMESPACE, name)
    if namespace is not None and lifecycle.terminating(namespace):
        why = f"unable to create new content in namespace {name} because it is being terminated"
        raise forbidden(call.kind, name_of_new, why)


def require_identity(call: Call, before: Manifest, after: Manifest) -> None:
    """Raises StatusError when the write is for another object, or for an older state of it."""
    name = text(after, "metadata", "name")
    _require_name(call, name)
    given, own = text(after, "metadata", "uid"), text(before, "metadata", "uid")
    if given and given != own:
        raise _another(call, name, given, own)
    _require_revision(call, before, text(after, "metadata", "resourceVersion"))


def _require_name(call: Call, name: str) -> None:
    if not name:
        raise bad_request(
            f"the name of the object ({call.target.name} based on URL) was undeterminable: name "
            "must be provided"
        )
    if name != call.target.name:
        raise bad_request(
            f"the name of the object ({name}) does not match the name on the URL "
            f"({call.target.name})"
        )


def _another(call: Call, name: str, given: str, own: str) -> StatusError:
    if call.verb == "patch":
        why = f'Invalid value: "{given}": field is immutable'
        return invalid(call.kind, name, [FieldProblem("metadata.uid", why)])
    kind, where = call.kind, "/".join(filter(None, (call.target.namespace, name)))
    key = f"/registry/{kind.group + '/' if call.resource.custom else ''}{kind.plural}/{where}"
    why = (
        f"StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, "
        f"AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object "
        f"meta: {own}"
    )
    return conflict(kind, name, why)


def _require_revision(call: Call, before: Manifest, revision: str) -> None:
    if revision and not (revision.isascii() and revision.isdigit()):
        raise StatusError(500, "", f'strconv.ParseUint: parsing "{revision}": invalid syntax')
    if call.verb == "update" and call.resource.custom and not int(revision or 0):
        why = "Invalid value: 0: must be specified for an update"
        # Here, and only here, the server names the resource instead of the kind.
        word, problem = call.kind.resource, FieldProblem("metadata.resourceVersion", why)
        raise invalid(word, call.target.name, [problem])
    if int(revision or 0) and revision != text(before, "metadata", "resourceVersion"):
        raise conflict(call.kind, call.target.name)


def require_old_finalizers(call: Call, before: Manifest, after: Manifest) -> None:
    """Raises StatusError when a terminating object is to get another finalizer."""
    if not lifecycle.terminating(before):
        return
    had = items(before, "metadata", "finalizers")
    new = [name for name in items(after, "metadata", "finalizers") if name not in had]
    if new:
        listed = ", ".join(f'"{name}"' for name in new)
        why = (
            "Forbidden: no new finalizers can be added if the object is being deleted, found new "
            f"finalizers []string{{{listed}}}"
        )
        problem = FieldProblem("metadata.finalizers", why)
        raise invalid(call.kind, call.target.name, [problem])


def within_subresource(call: Call, before: Manifest, after: Manifest) -> Manifest:
    """The part of a write that counts: the status under /status, all but the status elsewhere."""
    if not call.resource.status:
        return after
    kept, source = (before, after) if call.target.subresource else (after, before)
    result = {name: value for name, value in kept.items() if name != "status"}
    if call.target.subresource and "managedFields" in after["metadata"]:
        owned = {"managedFields": after["metadata"]["managedFields"]}
        result["metadata"] = before["metadata"] | owned
    return result | ({"status": source["status"]} if "status" in source else {})


def _strict(call: Call, after: Manifest, unknown: Sequence[str]) -> StatusError:
    kind, why = call.kind, content.strict_text(unknown)
    if call.verb == "patch":
        shown = json.dumps(json.dumps(after, separators=(",", ":")))
        return invalid("", "", [FieldProblem("patch", f"Invalid value: {shown}: {why}")])
    return bad_request(
        f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {why}'
    )
