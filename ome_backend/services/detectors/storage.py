"""Where models are stored, and whether OME's agent can do anything with that."""

from collections import Counter
from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import node_label
from ome_backend.resources.model import Model
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes

_FETCHED = ("hf", "oci")
_USUAL_ROOT = "/mnt/data/models"  # where OME's chart puts models by default


def no_downloader(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Every URI is admitted; what no agent downloads shows as a model that never arrives."""
    for model in cluster.models:
        handling = storage_uri.downloadable(model.storage_uri)
        if handling.ready or _arrived(model):
            continue
        yield DoctorFinding(
            "no-downloader",
            Severity.BROKEN,
            model.ref,
            "Nothing will ever fetch it",
            f"spec.storage.storageUri: {model.storage_uri or 'not set'}. {handling.reason}",
            "The model stays In_Transit for ever, and services of it never get a pod.",
            "Store it on Hugging Face (hf://), in OCI object storage (oci://), or on the nodes "
            "themselves (local://).",
        )


def path_missing(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The CRD calls the path optional; the agent dereferences it."""
    root = _usual_root(cluster)
    for model in cluster.models:
        scheme = storage_uri.scheme(model.storage_uri)
        if scheme not in _FETCHED or model.storage_path or _arrived(model):
            continue
        tail = model.storage_uri.partition("://")[2].partition("@")[0].strip("/")
        path = f"{root}/{tail if scheme == 'hf' else model.key.name}"
        patch = changes(model.ref, model.raw, (("spec", "storage", "path"), path))
        yield DoctorFinding(
            "storage-path-missing",
            Severity.BROKEN,
            model.ref,
            "It says no spec.storage.path",
            f"spec.storage.storageUri: {model.storage_uri}; spec.storage.path is not set.",
            "The model agent needs the path and crashes on the node without it: the model never arrives.",
            "Set spec.storage.path to a directory below the agent's.",
            patch,
            commands.patch_json(model.ref, patch),
        )


def path_roots(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The agent mounts one directory of the host; what is stored elsewhere is lost with its pod."""
    root = _usual_root(cluster)
    for model in _fetched(cluster):
        if _root(model) == root:
            continue
        yield DoctorFinding(
            "storage-roots-differ",
            Severity.RISK,
            model.ref,
            f"It is stored under {_root(model)}, most models under {root}",
            f"spec.storage.path: {model.storage_path}.",
            "The model agent mounts one directory of the host. If that is not above the path, the "
            "weights land inside the agent's container and the engine finds an empty directory.",
            f"Put it under {root}, unless the agent mounts {_root(model)} as well. OME does not move "
            "what is downloaded: import the model anew.",
            command=commands.listing("daemonsets", namespace=cluster.ome_namespace, output="yaml")
            + " | grep -B1 -A2 hostPath",
        )


def hashed_label(cluster: Cluster) -> Iterator[DoctorFinding]:
    """Node labels have room for 32 characters of a name, 38 with the namespace."""
    for model in cluster.models:
        label = node_label(model.key)
        if label.endswith(f".{model.key.name}") and f"/{model.key.namespace}" in label:
            continue
        yield DoctorFinding(
            "hashed-label",
            Severity.NOTE,
            model.ref,
            "Its node label holds a hash instead of its name",
            f"The label is {label}.",
            "Whoever looks for the name on the nodes, or selects nodes by it, finds nothing.",
            "Use the label as it is here.",
            command=commands.listing(kinds.NODE, labels=f"{label}=Ready"),
        )


def _arrived(model: Model) -> bool:
    """Somebody made it ready after all, such as a later OME."""
    return bool(model.nodes_ready) or model.state == "Ready"


def _fetched(cluster: Cluster) -> Iterator[Model]:
    for model in cluster.models:
        absolute = model.storage_path.startswith("/")
        if absolute and storage_uri.scheme(model.storage_uri) in _FETCHED:
            yield model


def _usual_root(cluster: Cluster) -> str:
    """The root most models share, the first by name of equals."""
    counted = Counter(map(_root, _fetched(cluster)))
    return min(counted, key=lambda root: (-counted[root], root), default=_USUAL_ROOT)


def _root(model: Model) -> str:
    return "/".join(model.storage_path.split("/")[:3])
