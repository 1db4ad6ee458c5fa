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


def operate(target: Manifest, operations: Any) -> Manifest:
    """The target with a JSON patch applied; it is not changed.

    Raises StatusError 400 for what is no JSON patch, 422 when an operation does not apply.
    """
    if not isinstance(operations, list):
        raise bad_request(
            f"error decoding patch: json: cannot unmarshal {go_type(operations)} into Go value of type "
            "[]handlers.jsonPatchOp"
        )
    try:
        patched: Any = jsonpatch.JsonPatch(operations).apply(deepcopy(target))
    except jsonpatch.InvalidJsonPatch as exc:
        raise bad_request(f"error decoding patch: {exc}") from exc
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as exc:
        raise _does_not_apply() from exc
    if not isinstance(patched, dict):
        raise _does_not_apply()
    return patched


def _does_not_apply() -> StatusError:
    """The server keeps to itself which operation failed, and why."""
    message = "the server rejected our request due to an error in our request"
    return StatusError(422, "Invalid", message, details={})


def go_type(value: Any) -> str:
    """What Go's JSON decoder calls the type of a value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
