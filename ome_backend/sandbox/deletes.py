"""DELETE: one object or a whole selection, with preconditions and propagation."""

from dataclasses import dataclass

import orjson

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import NAMESPACE
from ome_backend.resources.manifest import Manifest, items, key_of, text
from ome_backend.sandbox import lifecycle, reads
from ome_backend.sandbox.call import Answer, Call, answer, dry_run
from ome_backend.sandbox.content import JSON, YAML, parsed
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.status import (
    StatusError,
    bad_request,
    forbidden,
    invalid,
    not_found,
    success,
    unsupported_media_type,
)

_PROTECTED = ("default", "kube-system", "kube-public")
_POLICIES = ("Foreground", "Background", "Orphan", "nil")


@dataclass(frozen=True, slots=True)
class _Options:
    """How to delete. They come from the body or, when there is none, from the query; never both."""

    dry_run: bool
    orphan: bool
    uid: str
    revision: str


def delete(objects: Objects, call: Call) -> Answer:
    """Deletes one object; answers with it when something holds it, else with a `Status`."""
    options = _options(call)
    found = objects.get(call.kind, call.key)
    if found is None:
        raise not_found(call.kind, call.target.name)
    _require_preconditions(call, options, found)
    if call.kind == NAMESPACE and call.target.name in _PROTECTED:
        raise forbidden(call.kind, call.target.name, "this namespace may not be deleted")
    if options.dry_run:
        return _rehearsed(call, found)
    _remove(objects, call, call.key, options, found)
    remaining = objects.stored(call.kind, call.key)
    return Answer(remaining.body) if remaining is not None else _done(call, found)


def delete_selection(objects: Objects, pages: reads.Pages, call: Call) -> Answer:
    """Deletes what the selectors choose; answers with the list of it."""
    options = _options(call)
    metadata, chosen = reads.select(objects, pages, call)
    if not options.dry_run:
        for item in chosen:
            _remove(objects, call, item.key, options, item.manifest())
    return Answer(reads.encode_list(call.kind, metadata, chosen, custom=call.resource.custom))


def _rehearsed(call: Call, found: Manifest) -> Answer:
    after = lifecycle.terminated(call.kind, found)
    return _done(call, found) if lifecycle.finished(after) else answer(after)


def _done(call: Call, found: Manifest) -> Answer:
    return answer(success(call.kind, call.target.name, text(found, "metadata", "uid")))


def _options(call: Call) -> _Options:
    given = _body(call) if call.body else _query(call)
    chosen = [dry_run(call, "DeleteOptions", str(value)) for value in items(given, "dryRun")]
    policy, orphan = text(given, "propagationPolicy"), given.get("orphanDependents")
    if policy and policy not in _POLICIES:
        listed = ", ".join(f'"{name}"' for name in _POLICIES)
        raise _wrong(f'Unsupported value: "{policy}": supported values: {listed}')
    if policy and orphan is not None:
        why = "orphanDependents and deletionPropagation cannot be both set"
        raise _wrong(f'Invalid value: "{policy}": {why}')
    return _Options(
        any(chosen),
        policy == "Orphan" or orphan is True,
        text(given, "preconditions", "uid"),
        text(given, "preconditions", "resourceVersion"),
    )


def _body(call: Call) -> Manifest:
    if call.media_type not in ("", JSON, YAML):
        raise unsupported_media_type((JSON, YAML))
    if call.media_type == YAML:
        return parsed(call, yaml_too=True)
    try:
        given = orjson.loads(call.body)
    except orjson.JSONDecodeError as exc:
        raise bad_request(f"couldn't get version/kind; json parse error: {exc}") from exc
    return given if isinstance(given, dict) else {}


def _query(call: Call) -> Manifest:
    given: Manifest = {
        name: call.params[name] for name in ("propagationPolicy",) if name in call.params
    }
    if "orphanDependents" in call.params:
        given["orphanDependents"] = call.flag("orphanDependents")
    return given | ({"dryRun": [call.params["dryRun"]]} if "dryRun" in call.params else {})


def _wrong(message: str) -> StatusError:
    return invalid("DeleteOptions.meta.k8s.io", "", [FieldProblem("propagationPolicy", message)])


def _remove(objects: Objects, call: Call, key: Key, options: _Options, found: Manifest) -> None:
    if options.orphan:
        objects.disown(text(found, "metadata", "uid"))
    objects.remove(call.kind, key)


def _require_preconditions(call: Call, options: _Options, found: Manifest) -> None:
    for wanted, own, word, done in (
        (options.uid, "uid", "UID", "deleted and then recreated"),
        (options.revision, "resourceVersion", "ResourceVersion", "modified"),
    ):
        actual = text(found, "metadata", own)
        if wanted and wanted != actual:
            raise _precondition_failed(call, found, word, wanted, actual, done)


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
