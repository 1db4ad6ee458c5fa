"""The last step of every write: field owners, then the store, or only the answer of a dry run."""

from ome_backend.errors import AlreadyExists
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, text
from ome_backend.sandbox import content, lifecycle, ownership
from ome_backend.sandbox.accept import Accepted
from ome_backend.sandbox.call import Answer, Call, WriteOptions, answer
from ome_backend.sandbox.fields import Schema, with_metadata
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.ownership import Manager
from ome_backend.sandbox.status import already_exists

TRIES = 5
"""How often a write that another one overtook is made again, as the API server does."""


def store(
    objects: Objects,
    call: Call,
    options: WriteOptions,
    revision: int,
    before: Manifest,
    after: Manifest,
    warnings: tuple[str, ...],
) -> Answer:
    """Writes what became of the object read at `revision`. Raises Conflict when it moved on."""
    status = call.target.subresource == "status"
    if options.dry_run:
        return answer(lifecycle.successor(before, after, status=status), 200, warnings)
    return answer(objects.swap(call.kind, after, revision, status=status), 200, warnings)


def store_new(objects: Objects, call: Call, options: WriteOptions, accepted: Accepted) -> Answer:
    """Writes a new object. Raises StatusError 409 when the name is taken."""
    key = Key(call.target.namespace, text(accepted.manifest, "metadata", "name"))
    try:
        if not options.dry_run:
            made = objects.create(call.kind, accepted.manifest)
            return answer(made, 201, accepted.warnings)
    except AlreadyExists as exc:
        raise already_exists(call.kind, key.name) from exc
    if objects.stored(call.kind, key):
        raise already_exists(call.kind, key.name)
    return answer(lifecycle.newborn(call.kind, accepted.manifest), 201, accepted.warnings)


def owned(call: Call, options: WriteOptions, before: Manifest | None, after: Manifest) -> Manifest:
    """The object with the managedFields it has after this update."""
    now = lifecycle.timestamp()
    fields = ownership.updated(schema(call), before, after, manager(call, options, "Update"), now)
    metadata = {name: value for name, value in after["metadata"].items() if name != "managedFields"}
    return after | {"metadata": metadata | ({"managedFields": fields} if fields else {})}


def manager(call: Call, options: WriteOptions, operation: str) -> Manager:
    """Who gets the credit for the write."""
    return Manager(options.manager, operation, call.kind.api_version, call.target.subresource)


def schema(call: Call) -> Schema:
    """The schema that says which lists and maps are owned item by item."""
    return with_metadata(content.schema_of(call.kind) or {})
