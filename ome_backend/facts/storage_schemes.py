"""The forms of OME's storage URIs, one per scheme: which parts follow the prefix, what is wrong.

Source: pkg/utils/storage/storage.go.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Components = Mapping[str, str]
Parsed = Components | str  # the parts, or what OME says after "invalid ... storage URI format"


@dataclass(frozen=True)
class Scheme:
    """OME's name for a scheme, its name in error texts, and how to take apart what follows it."""

    type: str
    title: str
    parse: Callable[[str], Parsed]


def is_namespace(name: str) -> bool:
    """OME's simplified rule for the name of a namespace."""
    return re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", name) is not None


def _oci(path: str) -> Parsed:
    parts = path.split("/")
    if len(parts) < 6 or (parts[0], parts[2], parts[4]) != ("n", "b", "o"):
        return ". Expected: oci://n/{namespace}/b/{bucket}/o/{object_path}"
    return {"namespace": parts[1], "bucket": parts[3], "prefix": "/".join(parts[5:])}


def _pvc(path: str) -> Parsed:
    claim, slash, sub_path = path.partition("/")
    if not path:
        return ": missing content after prefix"
    if not slash:
        return ": missing subpath"
    wrong = _wrong_claim(claim) or ("" if sub_path else "missing subpath")
    if wrong:
        return f": {wrong}"
    namespace, _, name = claim.rpartition(":")
    return {"namespace": namespace, "pvc_name": name, "sub_path": sub_path}


def _wrong_claim(claim: str) -> str:
    namespace, colon, name = claim.partition(":")
    if not colon:
        return "" if claim else "missing PVC name"
    if not namespace:
        return "empty namespace before colon"
    if not name:
        return "empty PVC name after colon"
    if ":" in name:
        return "multiple colons not allowed in namespace:pvc-name"
    if not is_namespace(namespace):
        rule = "must be lowercase alphanumeric with hyphens, max 63 chars"
        return f'invalid namespace "{namespace}" ({rule})'
    return ""


def _vendor(path: str) -> Parsed:
    if not path:
        return ": missing vendor name"
    parts = path.split("/", 2)
    if len(parts) < 3 or not all(parts):
        return ". Expected: vendor://{vendor-name}/{resource-type}/{resource-path}"
    return dict(zip(("vendor_name", "resource_type", "resource_path"), parts, strict=True))


def _hugging_face(path: str) -> Parsed:
    model, at, branch = path.partition("@")
    if not path:
        return ": missing model ID"
    if not model:
        return ": model ID cannot be empty"
    return {"model_id": model, "branch": branch if at else "main"}


def _s3(path: str) -> Parsed:
    # The first @ anywhere ends the bucket, even one in the middle of the prefix.
    bucket, at, rest = path.partition("@")
    region, _, prefix = rest.partition("/")
    if not at:
        bucket, _, prefix = path.partition("/")
    if not bucket:
        return ": bucket name cannot be empty" if path else ": missing bucket name"
    return {"bucket": bucket, "prefix": prefix, "region": region}


def _azure(path: str) -> Parsed:
    if not path:
        return ": missing account name"
    account, endpoint, rest = path.partition(".blob.core.windows.net/")
    if not endpoint:
        account, endpoint, rest = path.partition("/")
    if not endpoint:
        return ": missing container name"
    container, _, blob = rest.partition("/")
    if not account or not container:
        return ": account name and container name are required"
    return {"account_name": account, "container_name": container, "blob_path": blob}


def _gcs(path: str) -> Parsed:
    bucket, _, name = path.partition("/")
    if not bucket:
        return ": bucket name cannot be empty" if path else ": missing bucket name"
    return {"bucket": bucket, "object": name}


def _github(path: str) -> Parsed:
    if not path:
        return ": missing owner/repository"
    place, at, tag = path.partition("@")
    owner, slash, repository = place.partition("/")
    if not slash:
        return ": expected owner/repository"
    if not owner or not repository:
        return ": owner and repository are required"
    return {"owner": owner, "repository": repository, "tag": tag if at else "latest"}


def _local(path: str) -> Parsed:
    return {"path": path} if path else ": missing path"


SCHEMES: Final[Mapping[str, Scheme]] = {
    "oci": Scheme("OCI", "OCI", _oci),
    "pvc": Scheme("PVC", "PVC", _pvc),
    "vendor": Scheme("VENDOR", "vendor", _vendor),
    "hf": Scheme("HUGGINGFACE", "Hugging Face", _hugging_face),
    "s3": Scheme("S3", "S3", _s3),
    "az": Scheme("AZURE", "Azure", _azure),
    "gs": Scheme("GCS", "GCS", _gcs),
    "github": Scheme("GITHUB", "GitHub", _github),
    "local": Scheme("LOCAL", "local", _local),
}
