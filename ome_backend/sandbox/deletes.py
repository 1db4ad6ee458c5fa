"""DELETE: one object or a whole selection, with preconditions and propagation."""

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import NAMESPACE
from ome_backend.resources.manifest import Manifest, dig, key_of, text
from ome_backend.sandbox import reads
from ome_backend.sandbox.call import Answer, Call, answer, dry_run
from ome_backend.sandbox.content import JSON, YAML, parsed
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.status import (
    StatusError,
    forbidden,
    not_found,
    success,
    unsupported_media_type,
)

_PROTECTED = ("default", "kube-system", "kube-public")


def delete(objects: Objects, call: Call) -> Answer:
    """Deletes one object; answers with it when finalizers hold it, else with a `Status`."""
    options = _options(call)
    found = objects.get(call.kind, call.key)
    if found is None:
        raise not_found(call.kind, call.target.name)
    _require_preconditions(call, options, found)
    if call.kind == NAMESPACE and call.target.name in _PROTECTED:
        raise forbidden(call.kind, call.target.name, "this namespace may not be deleted")
    if not _dry(call, options):
        _remove(objects, call, call.key, options, found)
        remaining = objects.stored(call.kind, call.key)
        if remaining is not None:
            return Answer(remaining.body)
    return answer(success(call.kind, call.target.name, text(found, "metadata", "uid")))


def delete_selection(objects: Objects, pages: reads.Pages, call: Call) -> Answer:
    """Deletes what the selectors choose; answers with the list of it."""
    options = _options(call)
    metadata, chosen = reads.select(objects, pages, call)
    if not _dry(call, options):
        for item in chosen:
            _remove(objects, call, item.key, options, item.manifest())
    return Answer(reads.encode_list(call.kind, metadata, chosen, custom=call.resource.custom))


def _options(call: Call) -> Manifest:
    if not call.body:
        return {}
    if call.media_type not in ("", JSON, YAML):
        raise unsupported_media_type((JSON, YAML))
    return parsed(call, yaml_too=call.media_type == YAML)


def _dry(call: Call, options: Manifest) -> bool:
    given = options.get("dryRun") or []
    return dry_run(call, "DeleteOptions") or any(
        dry_run(call, "DeleteOptions", str(value)) for value in given
    )


def _remove(objects: Objects, call: Call, key: Key, options: Manifest, found: Manifest) -> None:
    policy = options.get("propagationPolicy") or call.params.get("propagationPolicy")
    if policy == "Orphan" or options.get("orphanDependents"):
        objects.disown(text(found, "metadata", "uid"))
    objects.remove(call.kind, key)


def _require_preconditions(call: Call, options: Manifest, found: Manifest) -> None:
    for given, own, word, done in (
        ("uid", "uid", "UID", "deleted and then recreated"),
        ("resourceVersion", "resourceVersion", "ResourceVersion", "modified"),
    ):
        wanted, actual = dig(options, "preconditions", given), text(found, "metadata", own)
        if wanted and wanted != actual:
            raise _precondition_failed(call, found, word, str(wanted), actual, done)


def _precondition_failed(
    call: Call, found: Manifest, word: str, wanted: str, actual: str, done: str
) -> StatusError:
    kind, name = call.kind, key_of(found).name
    qualified = f"{kind.name}.{kind.group}" if kind.group else kind.name
    message = (
        f'Operation cannot be fulfilled on {qualified} "{name}": the {word} in the precondition '
        f"({wanted}) does not match the {word} in record ({actual}). The object might have been "
        f"{done}"
    )
    details = {"name": name, "group": kind.group, "kind": kind.name}
    return StatusError(409, "Conflict", message, details=details)
