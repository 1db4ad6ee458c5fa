"""Storage URIs as OME reads them, and what its agent does with them.

Prefixes are matched letter by letter. Neither the CRDs nor a webhook look at the URI of a model:
what is wrong with it shows only when an agent tries to use it.
Source: pkg/utils/storage/storage.go (NewObjectURI), pkg/modelagent/scout.go and gopher.go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ome_backend.facts.failure import Failure
from ome_backend.facts.storage_schemes import SCHEMES, Components


@dataclass(frozen=True)
class StorageUri:
    """A URI OME accepts: `type` is its name for the scheme, `components` are its parts by name."""

    scheme: str
    type: str
    components: Components


@dataclass(frozen=True)
class ObjectUri:
    """Where a download finds its objects; a model of Hugging Face is a bucket, its branch a prefix."""

    namespace: str = ""
    bucket_name: str = ""
    prefix: str = ""
    region: str = ""


@dataclass(frozen=True)
class Handling:
    """Whether the agent downloads, whether the model can become Ready, and why, in a sentence."""

    downloads: bool
    ready: bool
    reason: str


def scheme(uri: str) -> str:
    """`hf` of `hf://org/name`; the empty string for anything OME does not know."""
    name, separator, _ = uri.partition("://")
    return name if separator and name in SCHEMES else ""


def parse(uri: str) -> StorageUri | Failure:
    """The parts of a URI of any scheme."""
    name = scheme(uri)
    if not name:
        return Failure(f"unknown storage type for URI: {uri}")
    return parse_as(name, uri)


def parse_as(name: str, uri: str) -> StorageUri | Failure:
    """The parts of a URI that must be of the scheme `name`, one of SCHEMES."""
    kind = SCHEMES[name]
    title = f"invalid {kind.title} storage URI format"
    if not uri.startswith(f"{name}://"):
        return Failure(f"{title}: missing {name}:// prefix")
    found = kind.parse(uri.removeprefix(f"{name}://"))
    return Failure(title + found) if isinstance(found, str) else StorageUri(name, kind.type, found)


def problem(uri: str) -> str:
    """Why OME refuses this URI, or the empty string."""
    found = parse(uri)
    return found.text if isinstance(found, Failure) else ""


def object_uri(uri: str) -> ObjectUri | Failure:
    """The objects a URI stands for; OCI has more forms here than `parse` accepts."""
    name = scheme(uri)
    if name == "oci":
        return _oci(uri.removeprefix("oci://"))
    if name not in ("", "hf", "pvc", "local"):
        return Failure(f"unsupported storage type for object URI: {SCHEMES[name].type}")
    found = parse(uri)
    return found if isinstance(found, Failure) else _object(name, found.components)


def downloadable(uri: str) -> Handling:
    """What becomes of a model with this storage URI on a node; for `hf` and `oci` a path must be set."""
    name = scheme(uri)
    if not name:
        return Handling(False, False, f"OME knows no such storage: {uri or 'the URI is empty'}.")
    usual = handling(name)
    # The agent never looks into a vendor's URI, and what it leaves alone cannot fail.
    found = object_uri(uri) if usual.ready and name != "vendor" else None
    if isinstance(found, Failure):
        return Handling(False, False, f"OME cannot read the URI: {found.text}.")
    return usual


def handling(name: str) -> Handling:
    """What becomes of models whose URI has this scheme, one of SCHEMES, and is complete."""
    return _HANDLING[name]


def _object(name: str, parts: Mapping[str, str]) -> ObjectUri:
    if name == "hf":
        return ObjectUri("huggingface", parts["model_id"], parts["branch"])
    if name == "local":
        return ObjectUri("local", prefix=parts["path"])
    return ObjectUri(parts["namespace"], parts["pvc_name"], parts["sub_path"])


def _oci(path: str) -> ObjectUri | Failure:
    if path.startswith("n/"):
        return _oci_by_names(path)
    namespace, at, rest = path.partition("@")
    region, _, place = rest.partition("/")
    bucket, _, prefix = (place if at else path).partition("/")
    if not bucket:
        return Failure(f"invalid URI format, missing bucket name: {path}")
    return ObjectUri(namespace if at else "", bucket, prefix, region)


def _oci_by_names(path: str) -> ObjectUri | Failure:
    parts = path.split("/")
    if len(parts) < 5 or (parts[2], parts[4]) != ("b", "o"):
        expected = "oci://n/namespace/b/bucket/o/prefix"
        return Failure(f"invalid OCI URI format, expected '{expected}': {path}")
    return ObjectUri(parts[1], parts[3], "/".join(parts[5:]))


_NOT_DOWNLOADED: Final = (
    "OME accepts the URI, but its agent cannot download from there: the node stays Updating."
)
_HANDLING: Final[Mapping[str, Handling]] = {
    "hf": Handling(True, True, "The model agent downloads it from Hugging Face."),
    "oci": Handling(True, True, "The model agent downloads it from OCI Object Storage."),
    "local": Handling(
        False, True, "Nothing is downloaded: the path must exist on each node the model belongs to."
    ),
    "vendor": Handling(
        False, True, "Nothing is downloaded: the vendor serves the model, which is Ready at once."
    ),
    "pvc": Handling(
        False, False, "The model agent skips volumes and nothing else makes the model Ready."
    ),
    **{name: Handling(False, False, _NOT_DOWNLOADED) for name in ("s3", "az", "gs", "github")},
}
