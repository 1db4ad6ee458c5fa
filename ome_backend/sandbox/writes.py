"""POST, PUT and PATCH: from the request to the store."""

from collections.abc import Callable
from typing import Any

import orjson

from ome_backend.errors import Conflict
from ome_backend.resources.kinds import NODE
from ome_backend.resources.manifest import Manifest, text
from ome_backend.sandbox import content, names, patch, strategic
from ome_backend.sandbox.accept import (
    Accepted,
    Review,
    accept,
    require_identity,
    require_namespace,
    require_old_finalizers,
    within_subresource,
)
from ome_backend.sandbox.apply_requests import apply_object, option_problem
from ome_backend.sandbox.call import Answer, Call, WriteOptions, write_options
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.status import (
    StatusError,
    bad_request,
    conflict,
    not_found,
    unsupported_media_type,
)
from ome_backend.sandbox.storing import TRIES, owned, store, store_new

_JSON_PATCH = "application/json-patch+json"
_MERGE_PATCH = "application/merge-patch+json"
_STRATEGIC_PATCH = "application/strategic-merge-patch+json"
_APPLY_PATCH = "application/apply-patch+yaml"
_SYSTEM = (
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "resourceVersion",
    "selfLink",
)
Edit = Callable[[Manifest], Manifest]


def create(objects: Objects, review: Review, call: Call) -> Answer:
    """Makes a new object."""
    options = write_options(call, "CreateOptions")
    given = content.manifest_of(call)
    manifest = _fresh(call, given)
    require_namespace(objects, call, text(manifest, "metadata", "name"))
    accepted = accept(call, options, review, None, manifest)
    made = owned(call, options, None, accepted.manifest)
    if text(given, "metadata", "resourceVersion") and not options.dry_run:
        raise StatusError(500, "", "resourceVersion should not be set on objects to be created")
    return store_new(objects, call, options, Accepted(made, accepted.warnings))


def update(objects: Objects, review: Review, call: Call) -> Answer:
    """Replaces an object, or its status."""
    options = write_options(call, "UpdateOptions")
    manifest = content.manifest_of(call)
    return _change(objects, review, call, options, lambda _before: dict(manifest))


def patch_object(objects: Objects, review: Review, call: Call) -> Answer:
    """Changes an object, or its status, by one of the patch formats."""
    _require_format(call)
    options = write_options(call, "PatchOptions")
    if call.media_type == _APPLY_PATCH:
        return apply_object(objects, review, call, options)
    if "force" in call.params:
        raise option_problem("force", "Forbidden: may not be specified for non-apply patch")
    body = _patch_body(call)
    return _change(objects, review, call, options, lambda before: _patched(call, before, body))


def _change(
    objects: Objects, review: Review, call: Call, options: WriteOptions, edit: Edit
) -> Answer:
    """Reads, edits and writes; again when another writer came first, as the API server does."""
    for _ in range(TRIES):
        found = objects.stored(call.kind, call.key)
        if found is None:
            raise not_found(call.kind, call.target.name)
        before = found.manifest()
        accepted = _edited(review, call, options, before, edit)
        after = owned(call, options, before, accepted.manifest)
        try:
            return store(objects, call, options, found.revision, before, after, accepted.warnings)
        except Conflict:
            continue
    raise conflict(call.kind, call.target.name)


def _edited(
    review: Review, call: Call, options: WriteOptions, before: Manifest, edit: Edit
) -> Accepted:
    after = content.identified(call, edit(before))
    require_identity(call, before, after)
    require_old_finalizers(call, before, after)
    after = within_subresource(call, before, after)
    return accept(call, options, review, before, after)


def _fresh(call: Call, manifest: Manifest) -> Manifest:
    """The manifest of a new object without what only the server sets, and with its name."""
    metadata = {name: value for name, value in manifest["metadata"].items() if name not in _SYSTEM}
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = names.generated(metadata["generateName"])
    fresh = manifest | {"metadata": metadata}
    if call.resource.status and call.kind != NODE:
        fresh.pop("status", None)
    return fresh


def _require_format(call: Call) -> None:
    accepted = [_JSON_PATCH, _MERGE_PATCH]
    if not call.resource.custom:
        accepted.append(_STRATEGIC_PATCH)
    accepted.append(_APPLY_PATCH)
    if call.media_type not in accepted:
        raise unsupported_media_type(accepted)


def _patch_body(call: Call) -> Any:
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as exc:
        raise bad_request(f"error decoding patch: {exc}") from exc
    if call.media_type != _JSON_PATCH and not isinstance(body, dict):
        raise bad_request(
            f"error decoding patch: json: cannot unmarshal {patch.go_type(body)} into Go value of "
            "type map[string]interface {}"
        )
    return body


def _patched(call: Call, before: Manifest, body: Any) -> Manifest:
    if call.media_type == _JSON_PATCH:
        return patch.operate(before, body)
    merge = strategic.merge if call.media_type == _STRATEGIC_PATCH else patch.merge
    patched: Manifest = merge(before, body)
    return patched
