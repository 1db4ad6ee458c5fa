"""Storage URIs as OME reads them (pkg/utils/storage/storage.go): what is wrong with one, in its words."""

import re
from collections.abc import Callable, Mapping


def scheme(uri: str) -> str:
    """`hf` of `hf://org/name`; the empty string for anything OME does not know."""
    name, separator, _ = uri.partition("://")
    return name if separator and name in _FORMS else ""


def problem(uri: str) -> str:
    """Why OME refuses this URI, or the empty string."""
    name = scheme(uri)
    if not name:
        return f"unknown storage type for URI: {uri}"
    said = _FORMS[name](uri.partition("://")[2])
    return f"invalid {said}" if said else ""


def _oci(path: str) -> str:
    parts = path.split("/")
    if len(parts) >= 6 and (parts[0], parts[2], parts[4]) == ("n", "b", "o"):
        return ""
    expected = "oci://n/{namespace}/b/{bucket}/o/{object_path}"
    return f"OCI storage URI format. Expected: {expected}"


def _pvc(path: str) -> str:
    claim, separator, sub_path = path.partition("/")
    namespace, colon, name = claim.rpartition(":")
    said = ""
    if colon and not namespace:
        said = "empty namespace before colon"
    elif colon and not re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", namespace):
        rule = "must be lowercase alphanumeric with hyphens, max 63 chars"
        said = f'invalid namespace "{namespace}" ({rule})'
    elif not name:
        said = "empty PVC name after colon" if colon else "missing PVC name"
    elif not separator or not sub_path:
        said = "missing subpath"
    return f"PVC storage URI format: {said}" if said else ""


def _vendor(path: str) -> str:
    if not path:
        return "vendor storage URI format: missing vendor name"
    parts = path.split("/", 2)
    if len(parts) == 3 and all(parts):
        return ""
    expected = "vendor://{vendor-name}/{resource-type}/{resource-path}"
    return f"vendor storage URI format. Expected: {expected}"


def _hf(path: str) -> str:
    return "" if path.partition("@")[0] else "Hugging Face storage URI format: missing model ID"


def _bucket(service: str) -> Callable[[str], str]:
    def check(path: str) -> str:
        bucket = path.partition("/")[0].partition("@")[0]
        return "" if bucket else f"{service} storage URI format: bucket name cannot be empty"

    return check


def _azure(path: str) -> str:
    account, separator, rest = path.partition("/")
    if not separator:
        return "Azure storage URI format: missing container name"
    if not account or not rest.partition("/")[0]:
        return "Azure storage URI format: account name and container name are required"
    return ""


def _github(path: str) -> str:
    owner, _, rest = path.partition("/")
    if owner and rest.partition("@")[0]:
        return ""
    return "GitHub storage URI format: owner and repository are required"


def _local(path: str) -> str:
    return "" if path else "local storage URI format: missing path"


_FORMS: Mapping[str, Callable[[str], str]] = {
    "oci": _oci,
    "pvc": _pvc,
    "vendor": _vendor,
    "hf": _hf,
    "s3": _bucket("S3"),
    "az": _azure,
    "gs": _bucket("GCS"),
    "github": _github,
    "local": _local,
}
