"""An object as a person wrote it: without what the API server and controllers added."""

from copy import deepcopy

from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, mapping

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
SERVER_FIELDS = frozenset(
    {
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generation",
        "managedFields",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
OF_ONE_OBJECT = frozenset({"finalizers", "generateName", "ownerReferences"})


def clean(raw: Manifest) -> Manifest:
    """A copy without status and the metadata that only the API server sets."""
    kept = deepcopy({name: value for name, value in raw.items() if name != "status"})
    kept["metadata"] = _metadata(mapping(kept, "metadata"), SERVER_FIELDS)
    return kept


def without_last_applied(raw: Manifest) -> Manifest:
    """The object without the copy of it that `kubectl apply` notes in an annotation."""
    return raw | {"metadata": _metadata(mapping(raw, "metadata"), frozenset())}


def cloned(raw: Manifest, key: Key) -> Manifest:
    """A copy to be created under another name: owners and finalizers belong to the one object alone."""
    copy = clean(raw)
    metadata = _metadata(copy["metadata"], OF_ONE_OBJECT) | {"name": key.name}
    if key.namespace:
        metadata["namespace"] = key.namespace
    else:
        metadata.pop("namespace", None)
    return copy | {"metadata": metadata}


def _metadata(metadata: Manifest, without: frozenset[str]) -> Manifest:
    """Annotations that become empty go, too: nobody wrote an empty map."""
    kept = {name: value for name, value in metadata.items() if name not in without}
    notes = mapping(kept, "annotations")
    if LAST_APPLIED in notes:
        kept["annotations"] = {name: text for name, text in notes.items() if name != LAST_APPLIED}
        if not kept["annotations"]:
            del kept["annotations"]
    return kept
