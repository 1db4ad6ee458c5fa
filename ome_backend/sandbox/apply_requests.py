"""PATCH with an apply configuration: server-side apply from the request to the store."""

from ome_backend.errors import Conflict, FieldProblem
from ome_backend.resources.manifest import Manifest, items, text
from ome_backend.sandbox import apply, content, lifecycle
from ome_backend.sandbox.accept import (
    Accepted,
    Review,
    accept,
    require_identity,
    require_namespace,
    require_old_finalizers,
    within_subresource,
)
from ome_backend.sandbox.call import Answer, Call, WriteOptions
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.status import StatusError, bad_request, conflict, invalid, not_found
from ome_backend.sandbox.storing import TRIES, manager, schema, store, store_new
from ome_backend.schema import structural


def apply_object(objects: Objects, review: Review, call: Call, options: WriteOptions) -> Answer:
    """Makes or changes an object by server-side apply."""
    if not call.params.get("fieldManager"):
        raise option_problem("fieldManager", "Required value: is required for apply patch")
    wanted = _wanted(call)
    for _ in range(TRIES):
        found = objects.stored(call.kind, call.key)
        before = found.manifest() if found else None
        merged = _merged(call, options, before, wanted)
        accepted = accept(call, options, review, before, merged)
        if found is None or before is None:
            return _apply_new(objects, call, options, accepted)
        after, warnings = accepted.manifest, accepted.warnings
        try:
            return store(objects, call, options, found.revision, before, after, warnings)
        except Conflict:
            continue
    raise conflict(call.kind, call.target.name)


def _apply_new(objects: Objects, call: Call, options: WriteOptions, accepted: Accepted) -> Answer:
    if call.target.subresource:
        raise not_found(call.kind, call.target.name)
    require_namespace(objects, call, call.target.name)
    _refuse_uid(call, accepted.manifest)
    return store_new(objects, call, options, accepted)


def _refuse_uid(call: Call, manifest: Manifest) -> None:
    if uid := text(manifest, "metadata", "uid"):
        why = (
            f"uid mismatch: the provided object specified uid {uid}, and no existing object was "
            "found"
        )
        raise conflict(call.kind, call.target.name, why)


def _merged(
    call: Call, options: WriteOptions, before: Manifest | None, wanted: Manifest
) -> Manifest:
    if before is not None:
        require_identity(call, before, wanted)
    by, now = manager(call, options, "Apply"), lifecycle.timestamp()
    merged = apply.applied(schema(call), before, wanted, by, force=options.force, now=now)
    if before is None:
        return merged
    require_old_finalizers(call, before, merged)
    return within_subresource(call, before, merged)


def _wanted(call: Call) -> Manifest:
    """What an apply asks for, without what it cannot set through this door."""
    raw = content.parsed(call, yaml_too=True)
    _require_kind(call, raw)
    namespace = text(raw, "metadata", "namespace")
    wanted = content.identified(call, raw)
    if items(wanted, "metadata", "managedFields"):
        raise bad_request("metadata.managedFields must be nil")
    name = wanted["metadata"].setdefault("name", call.target.name)
    if name != call.target.name:
        raise bad_request(
            f"the name of the object ({name}) does not match the name on the URL "
            f"({call.target.name})"
        )
    _refuse_undeclared(call, wanted, namespace)
    if call.target.subresource:
        return {part: wanted[part] for part in wanted if part != "spec"}
    if call.resource.status:
        wanted.pop("status", None)
    return wanted


def _require_kind(call: Call, raw: Manifest) -> None:
    version, kind = text(raw, "apiVersion"), text(raw, "kind")
    if (version, kind) != (call.kind.api_version, call.kind.name):
        raise bad_request(f"invalid object type: {version or '/'}, Kind={kind}")


def _refuse_undeclared(call: Call, wanted: Manifest, given: str) -> None:
    """`given` is the namespace that the request's body names, which is all that the server shows."""
    schema = content.schema_of(call.kind)
    unknown = structural.unknown_fields(schema, wanted) if schema else []
    if unknown:
        lines = [f".{path}: field not declared in schema" for path in unknown]
        where = f"{given}/{text(wanted, 'metadata', 'name')}"
        listed = lines[0] if len(lines) == 1 else "\n  ".join(("errors:", *lines))
        raise StatusError(
            500,
            "",
            f"failed to create typed patch object ({where}; {call.kind.api_version}, "
            f"Kind={call.kind.name}): {listed}",
        )


def option_problem(name: str, message: str) -> StatusError:
    """A parameter of a patch is wrong."""
    return invalid("PatchOptions.meta.k8s.io", "", [FieldProblem(name, message)])
