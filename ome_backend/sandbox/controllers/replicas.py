"""What deployments and groups have in common: revisions, pod names and readiness."""

import json
from hashlib import sha256

from ome_backend.resources.condition import condition
from ome_backend.resources.manifest import Manifest, text

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


def revision(template: Manifest) -> str:
    """The hash a pod template is known by; any change of it makes another."""
    written = json.dumps(template, sort_keys=True, separators=(",", ":"))
    return letters(written, 10)


def letters(seed: str, count: int) -> str:
    """Characters as Kubernetes uses them in generated names, the same for the same seed."""
    digest = sha256(seed.encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:count])


def ready(pod: Manifest) -> bool:
    """The pod reports Ready and is not on its way out."""
    found = condition(pod, "Ready")
    ending = bool(text(pod, "metadata", "deletionTimestamp"))
    return found is not None and found.true and not ending
