"""What OME reads of a storage beside its URI: of models its agent, of results the benchmark's job.

Sources: pkg/modelagent/gopher.go (hf: a Secret or a token; oci: auth, region; nothing for the others, which
it cannot download) and pkg/controller/v1beta1/benchmark/utils (BuildStorageArgs). The schema takes
`key` and any `parameters` for every storage; what is not named here, nothing reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

KEY: Final = "key"
TOKEN: Final = "token"
SECRET_KEY: Final = "secretKey"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that is read: `key` of the storage, else one of its `parameters`.

    `example` is what it looks like, or what it is when left out; an `open` one is a secret that
    everybody sees who may see the object.
    """

    name: str
    label: str
    note: str
    example: str = ""
    open: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands below the storage."""
        return (KEY,) if self.name == KEY else ("parameters", self.name)


_MODELS: Final[Mapping[str, tuple[Setting, ...]]] = {
    "hf": (
        Setting(KEY, "Secret with the token", "For gated and private repositories."),
        Setting(SECRET_KEY, "Name of the token in the Secret", "Left out, it is token.", TOKEN),
    ),
    "oci": (
        Setting("auth", "Sign-in", "How the agent proves who it is to OCI.", "InstancePrincipal"),
        Setting("region", "Region", "The region of the bucket.", "eu-frankfurt-1"),
    ),
}
_RESULTS: Final[Mapping[str, tuple[Setting, ...]]] = {
    "oci": (
        Setting("auth", "Sign-in", "How the benchmark proves who it is to OCI."),
        Setting("region", "Region", "The region of the bucket.", "eu-frankfurt-1"),
        Setting("config_file", "Configuration file", "A path in the benchmark's container."),
        Setting("profile", "Profile", "A profile of the configuration file."),
        Setting("security_token", "Security token", "For a session.", open=True),
    ),
    "s3": (
        Setting("aws_region", "AWS region", "Goes before the region in the URI.", "eu-central-1"),
        Setting("aws_profile", "AWS profile", "A profile in the benchmark's container."),
        Setting("aws_access_key_id", "Access key ID", "The name of the access key."),
        Setting("aws_secret_access_key", "Secret access key", "Of the access key.", open=True),
    ),
    "az": (
        Setting("azure_account_name", "Account", "Goes before the account in the URI."),
        Setting("azure_account_key", "Account key", "Of the account.", open=True),
        Setting("azure_connection_string", "Connection string", "Instead of a key.", open=True),
        Setting("azure_sas_token", "SAS token", "Instead of a key.", open=True),
    ),
    "gs": (
        Setting("gcp_project_id", "Project", "The project of the bucket."),
        Setting("gcp_credentials_path", "Credentials file", "A path in the benchmark's container."),
    ),
    "github": (Setting("github_token", "Token", "Who may publish there.", open=True),),
}
_ELSEWHERE: Final = (
    "Copy the files into OCI Object Storage, or into a directory of the nodes (local://)."
)
_INSTEAD: Final[Mapping[str, str]] = {
    "s3": _ELSEWHERE,
    "az": _ELSEWHERE,
    "gs": _ELSEWHERE,
    "github": _ELSEWHERE,
    "pvc": "Put the files into a directory of the nodes instead (local://).",
}
_READ: Final[Mapping[str, str]] = {
    "hf": "The agent asks with the token of the Secret, or without one.",
    "oci": "The agent signs in as the node's instance unless told otherwise.",
}

_IN_PLACE: Final = ("local", "vendor")
_OPEN: Final = "The benchmark reads no Secret for it: what is written here, everybody reads who may see the job."
_NOTHING: Final = "OME reads neither key nor parameters for it, although the schema takes both."


def settings(scheme: str, *, results: bool = False) -> tuple[Setting, ...]:
    """What is read beside a URI of this scheme; nothing where nothing is."""
    return (_RESULTS if results else _MODELS).get(scheme, ())


def connecting(scheme: str, *, results: bool = False) -> str:
    """How OME connects to such a storage, in a sentence; empty where that needs no word."""
    read = settings(scheme, results=results)
    if any(each.open for each in read):
        return _OPEN
    if read:
        return "" if results else _READ[scheme]
    return "" if scheme in _IN_PLACE else _NOTHING


def instead(scheme: str) -> str:
    """What to do with a model in a storage that OME cannot download from; empty for the others."""
    return _INSTEAD.get(scheme, "")


def open_secrets(
    scheme: str, parameters: Mapping[str, object], *, results: bool = False
) -> tuple[str, ...]:
    """The parameters that are secrets in plain sight."""
    known = {each.name for each in settings(scheme, results=results) if each.open}
    known |= set() if results or scheme != "hf" else {TOKEN}
    return tuple(sorted(known & {name for name, value in parameters.items() if value}))
