"""What a Hub says, as values: listings, repositories, files, revisions, accounts. Sizes are bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ome_backend.errors import HubError

Sort = Literal["trending", "downloads", "likes", "modified", "created"]
Gate = Literal["", "auto", "manual"]


@dataclass(frozen=True)
class Query:
    """What to look for; empty means whatever. `tags` must all be there, `library` is one of them.

    `cursor` comes from the page before; `limit` is the size of a page.
    """

    text: str = ""
    author: str = ""
    task: str = ""
    library: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    gated: bool | None = None
    sort: Sort = "trending"
    limit: int = 20
    cursor: str = ""


@dataclass(frozen=True)
class About:
    """What a Hub says of a repository wherever it names one.

    `gated` says who grants access: "" nobody needs to, "auto" whoever accepts the terms, "manual" its
    authors. `parameters` counts by safetensors dtype; empty when the Hub does not know.
    `storage` is all revisions together, None when not told. `config` is the Hub's extract of config.json.
    """

    id: str
    author: str = ""
    sha: str = ""
    task: str = ""
    library: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    gated: Gate = ""
    private: bool = False
    disabled: bool = False
    downloads: int = 0
    likes: int = 0
    modified: datetime | None = None
    created: datetime | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)
    parameter_count: int | None = None
    storage: int | None = None
    config: Mapping[str, object] = field(default_factory=dict)

    @property
    def custom_code(self) -> bool:
        """Whether loading it runs code that the repository brings along."""
        return "custom_code" in self.tags

    @property
    def formats(self) -> tuple[str, ...]:
        """The weight formats its tags name."""
        return tuple(name for name in _FORMATS if name in self.tags)


_FORMATS = ("safetensors", "pytorch", "gguf", "onnx", "tf", "jax", "openvino", "tensorrt", "mlx")


@dataclass(frozen=True)
class Page:
    """One page of a search; `cursor` asks for the next one, "" when this is the last."""

    listings: tuple[About, ...]
    cursor: str = ""


@dataclass(frozen=True)
class RepositoryFile:
    """`sha256` is known of files in large file storage (`lfs`) only."""

    path: str
    size: int | None = None
    lfs: bool = False
    sha256: str = ""


@dataclass(frozen=True)
class Repository(About):
    """A repository at one revision; `sha` is its commit.

    `moved_to` is its new id when it was asked for by an old one (or in other letter case).
    `unsafe_files` are those the Hub's scanners object to.
    """

    revision: str = "main"
    files: tuple[RepositoryFile, ...] = ()
    moved_to: str = ""
    unsafe_files: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """All files of this revision together, as far as their sizes are known."""
        return sum(file.size or 0 for file in self.files)

    def file(self, path: str) -> RepositoryFile | None:
        """The file at a path, if it is there."""
        return next((file for file in self.files if file.path == path), None)


@dataclass(frozen=True)
class Ref:
    """A branch or tag and the commit it stands for."""

    name: str
    commit: str


@dataclass(frozen=True)
class Commit:
    id: str
    title: str
    created: datetime | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Revisions:
    """What a repository can be pinned to; `commits` are the newest of one revision, newest first."""

    branches: tuple[Ref, ...]
    tags: tuple[Ref, ...]
    commits: tuple[Commit, ...]


@dataclass(frozen=True)
class File:
    """The text of a file and the commit it was read from, "" when the Hub did not say."""

    path: str
    text: str
    commit: str = ""


@dataclass(frozen=True)
class Account:
    """Whose a token is. `role` is `read`, `write`, `fineGrained` or what else the Hub says.

    `reads_gated` is False when a fine-grained token may not read public gated repositories,
    None when the token is of another kind.
    """

    name: str
    kind: str = "user"
    organisations: tuple[str, ...] = ()
    token_name: str = ""
    role: str = ""
    reads_gated: bool | None = None
    expires: datetime | None = None


@dataclass(frozen=True)
class Access:
    """Whether a repository may be read, and what the Hub said when not."""

    allowed: bool
    refusal: HubError | None = None
