"""Remedies in short, as tests compare them."""

from ome_backend.matching.remedies import Remedy

MODEL, RUNTIME, SERVICE = "cluster model m", "cluster runtime rt", "service demo/s"
NEW_ENTRY = f"{RUNTIME}: add /spec/supportedModelFormats/-"
OPERATOR = "/spec/supportedModelFormats/0/modelFramework/operator"


def operations(remedy: Remedy) -> list[str]:
    """What the patches do, in short: `cluster model m: add /spec/x = 1`; tests are left out."""
    return [
        f"{edit.target}: {one['op']} {one['path']}"
        + (f" = {one['value']}" if isinstance(one.get("value"), str | bool) else "")
        for edit in remedy.edits
        for one in edit.patch
        if one["op"] != "test"
    ]
