"""Under which keys OME's model agent speaks of a model: node labels and ConfigMap entries.

Source: OME `pkg/constants/constants.go` (GetModelLabel..., GetModelConfigMapKey, truncateWithHash).
"""

from hashlib import sha256

from ome_backend.resources.kind import Key

_LABEL_ROOM_CLUSTER, _LABEL_ROOM_NAMESPACED = 32, 38
_ENTRY_ROOM_CLUSTER, _ENTRY_ROOM_NAMESPACED = 236, 242


def node_label(model: Key) -> str:
    """The label a node carries for a model; its value is Ready, Updating or Failed."""
    if not model.namespace:
        return f"models.ome.io/clusterbasemodel.{truncated(model.name, _LABEL_ROOM_CLUSTER)}"
    namespace, name = _shared(model, _LABEL_ROOM_NAMESPACED)
    return f"models.ome.io/{namespace}.basemodel.{name}"


def config_map_entry(model: Key) -> str:
    """The key in the data of each node's ConfigMap."""
    if not model.namespace:
        return f"clusterbasemodel.{truncated(model.name, _ENTRY_ROOM_CLUSTER)}"
    namespace, name = _shared(model, _ENTRY_ROOM_NAMESPACED)
    return f"{namespace}.basemodel.{name}"


def truncated(name: str, room: int) -> str:
    """The name where it fits, else eight hexadecimal digits of its hash, a hyphen and its end."""
    if len(name) <= room:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    rest = room - 9
    return digest[:room] if rest <= 0 else f"{digest}-{name[-rest:]}"


def _shared(model: Key, room: int) -> tuple[str, str]:
    if len(model.namespace) + len(model.name) <= room:
        return model.namespace, model.name
    own = min(len(model.namespace), 8)
    return truncated(model.namespace, own), truncated(model.name, room - own)
