"""Storage URIs in parts that a person fills in, and the URI that they make.

The other direction is `facts.storage_uri.parse`, whose names the parts have.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ome_backend.facts import storage_uri
from ome_backend.facts.failure import Failure

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a URI; an `example` is what it looks like."""

    name: str
    label: str
    example: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Storage:
    """One kind of storage: its parts in order, and how they are joined after `scheme://`."""

    scheme: str
    label: str
    parts: tuple[Part, ...]
    join: Callable[[Values], str]

    def uri(self, values: Values) -> str:
        """The URI; the empty string while a part is missing or OME would not accept it."""
        given = {part.name: values.get(part.name, "").strip() for part in self.parts}
        if any(part.required and not given[part.name] for part in self.parts):
            return ""
        made = f"{self.scheme}://{self.join(given)}"
        return "" if storage_uri.problem(made) else made


def _hf(values: Values) -> str:
    branch = values["branch"]
    return values["model_id"] + (f"@{branch}" if branch not in ("", "main") else "")


def _oci(values: Values) -> str:
    return f"n/{values['namespace']}/b/{values['bucket']}/o/{values['prefix']}"


def _pvc(values: Values) -> str:
    namespace = f"{values['namespace']}:" if values["namespace"] else ""
    return f"{namespace}{values['pvc_name']}/{values['sub_path'].lstrip('/')}"


def _s3(values: Values) -> str:
    region = f"@{values['region']}" if values["region"] else ""
    return f"{values['bucket']}{region}/{values['prefix'].lstrip('/')}".rstrip("/")


def _github(values: Values) -> str:
    tag = values["tag"]
    place = f"{values['owner']}/{values['repository']}"
    return place + (f"@{tag}" if tag not in ("", "latest") else "")


def _joined(*names: str) -> Callable[[Values], str]:
    """The parts with slashes between them; one left out at the end leaves no slash."""
    return lambda values: "/".join(values[name].strip("/") for name in names).rstrip("/")


STORAGES: Final = (
    Storage(
        "hf",
        "Hugging Face",
        (
            Part("model_id", "Model", "meta-llama/Llama-3.1-8B-Instruct"),
            Part("branch", "Branch", "main", required=False),
        ),
        _hf,
    ),
    Storage(
        "oci",
        "OCI Object Storage",
        (
            Part("namespace", "Namespace of the tenancy", "mytenancy"),
            Part("bucket", "Bucket", "models"),
            Part("prefix", "Path in the bucket", "llama-3-8b"),
        ),
        _oci,
    ),
    Storage(
        "local",
        "A directory on the nodes",
        (Part("path", "Directory", "/mnt/models/llama-3-8b"),),
        lambda values: values["path"],
    ),
    Storage(
        "vendor",
        "Served by a vendor",
        (
            Part("vendor_name", "Vendor", "openai"),
            Part("resource_type", "Kind of resource", "models"),
            Part("resource_path", "Resource", "gpt-4o"),
        ),
        _joined("vendor_name", "resource_type", "resource_path"),
    ),
    Storage(
        "pvc",
        "A volume claim",
        (
            Part("namespace", "Namespace of the claim", "models", required=False),
            Part("pvc_name", "Claim", "model-weights"),
            Part("sub_path", "Path in the volume", "llama-3-8b"),
        ),
        _pvc,
    ),
    Storage(
        "s3",
        "S3",
        (
            Part("bucket", "Bucket", "models"),
            Part("region", "Region", "eu-central-1", required=False),
            Part("prefix", "Path in the bucket", "llama-3-8b", required=False),
        ),
        _s3,
    ),
    Storage(
        "az",
        "Azure Blob Storage",
        (
            Part("account_name", "Account", "myaccount"),
            Part("container_name", "Container", "models"),
            Part("blob_path", "Path in the container", "llama-3-8b", required=False),
        ),
        _joined("account_name", "container_name", "blob_path"),
    ),
    Storage(
        "gs",
        "Google Cloud Storage",
        (
            Part("bucket", "Bucket", "models"),
            Part("object", "Path in the bucket", "llama-3-8b", required=False),
        ),
        _joined("bucket", "object"),
    ),
    Storage(
        "github",
        "GitHub",
        (
            Part("owner", "Owner", "sgl-project"),
            Part("repository", "Repository", "ome"),
            Part("tag", "Tag", "latest", required=False),
        ),
        _github,
    ),
)
BY_SCHEME: Final = {storage.scheme: storage for storage in STORAGES}

_RESULTS = frozenset(("oci", "pvc", "s3", "az", "gs", "github"))


def parts_of(uri: str) -> tuple[Storage, Values] | None:
    """The storage a URI names and its parts; None for what OME does not accept."""
    found = storage_uri.parse(uri)
    if isinstance(found, Failure):
        return None
    return BY_SCHEME[found.scheme], found.components


def objection(scheme: str, *, results: bool = False) -> str:
    """Why a model from such a storage never gets ready, or why `results` cannot be put there; else empty."""
    if results:
        fine = scheme in _RESULTS
        return (
            "" if fine else "OME accepts it, and the benchmark then fails: it cannot write there."
        )
    handling = storage_uri.handling(scheme)
    return "" if handling.ready else handling.reason
