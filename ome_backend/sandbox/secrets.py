"""Secrets as they are stored: texts become base64 and are never given back as they were written."""

import base64

from ome_backend.resources.manifest import Manifest, mapping


def stored(secret: Manifest) -> Manifest:
    """The Secret with `stringData` moved into `data`, and the usual type (k8s.io/kubernetes, core/v1)."""
    given = mapping(secret, "stringData")
    kept = {name: value for name, value in secret.items() if name != "stringData"}
    encoded = {
        name: base64.b64encode(str(value).encode()).decode() for name, value in given.items()
    }
    data = mapping(secret, "data") | encoded
    return kept | ({"data": data} if data else {}) | {"type": secret.get("type") or "Opaque"}
