"""The smallest JSON merge patch (RFC 7386) between two objects."""

from typing import Any

from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_changes import same


def merge_patch(before: Manifest, after: Manifest) -> Manifest:
    """What has to be merged into `before`; a field that goes is null, lists are given whole."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        held = before.get(key)
        if key in before and same(held, value):
            continue
        if isinstance(held, dict) and isinstance(value, dict):
            patch[key] = merge_patch(held, value)
        else:
            patch[key] = value
    return patch
