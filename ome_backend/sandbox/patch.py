"""Patches: RFC 7386 merge patches and RFC 6902 JSON patches."""

from copy import deepcopy
from typing import Any

import jsonpatch
import jsonpointer

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.status import StatusError, bad_request


def merge(target: Any, patch: Any) -> Any:
    """The target with a merge patch applied; neither is changed. Null takes a field away."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def strategic(patch: Any) -> Any:
    """A strategic merge patch read as a merge patch: its `$` directives go, lists are replaced."""
    if isinstance(patch, list):
        return [strategic(item) for item in patch]
    if not isinstance(patch, dict):
        return patch
    return {name: strategic(value) for name, value in patch.items() if not name.startswith("$")}


def operate(target: Manifest, operations: Any) -> Manifest:
    """The target with a JSON patch applied; it is not changed.

    Raises StatusError 400 for what is no JSON patch, 422 when an operation does not apply.
    """
    if not isinstance(operations, list):
        raise bad_request(
            "error decoding patch: json: cannot unmarshal object into Go value of type "
            "jsonpatch.Patch"
        )
    try:
        patched: Any = jsonpatch.JsonPatch(operations).apply(deepcopy(target))
    except jsonpatch.InvalidJsonPatch as exc:
        raise bad_request(f"error decoding patch: {exc}") from exc
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as exc:
        raise _does_not_apply(str(exc)) from exc
    if not isinstance(patched, dict):
        raise _does_not_apply("the patch leaves no object")
    return patched


def _does_not_apply(why: str) -> StatusError:
    causes = [{"reason": "UnexpectedServerResponse", "message": why}]
    message = "the server rejected our request due to an error in our request"
    return StatusError(422, "Invalid", message, details={"causes": causes})
