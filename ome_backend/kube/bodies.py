"""What requests carry besides an object as it is: options, and objects fit for their verb."""

from collections.abc import Mapping

from ome_backend.resources.manifest import Manifest, mapping


def delete_options(conditions: Mapping[str, str], dry_run: bool) -> Manifest:
    """All options of a delete: when there is a body, the server does not read those of the query."""
    body: Manifest = {"kind": "DeleteOptions", "apiVersion": "v1"}
    if conditions:
        body["preconditions"] = dict(conditions)
    return body | ({"dryRun": ["All"]} if dry_run else {})


def appliable(manifest: Manifest) -> Manifest:
    """The object without its managers, with which the server refuses to apply it."""
    if "managedFields" not in mapping(manifest, "metadata"):
        return manifest
    metadata = {k: v for k, v in manifest["metadata"].items() if k != "managedFields"}
    return manifest | {"metadata": metadata}
