"""Repositories as the local Hub stores them, and the JSON it shows of them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_CHUNK = bytes(65_536)


def digest(text: str) -> str:
    """A commit, blob or file hash that stays the same from run to run."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class StoredFile:
    """`size` bytes, of which `content` are the first and zeros the rest; large files are in LFS."""

    path: str
    content: bytes = b""
    size: int = 0

    @property
    def length(self) -> int:
        return max(self.size, len(self.content))

    @property
    def lfs(self) -> bool:
        return self.path.endswith((".safetensors", ".bin", ".gguf", ".onnx", ".pt"))

    @property
    def sha256(self) -> str:
        return digest(f"{self.path} {self.length}")

    @property
    def blob(self) -> str:
        return digest(f"blob {self.path} {self.length}")[:40]

    def part(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` to before `stop`."""
        head = self.content[start:stop]
        if head:
            yield head
        left = stop - start - len(head)
        while left > 0:
            yield _CHUNK[:left]
            left -= len(_CHUNK)

    def sibling(self, with_blobs: bool) -> dict[str, Any]:
        said: dict[str, Any] = {"rfilename": self.path}
        if with_blobs:
            said |= {"size": self.length, "blobId": self.blob}
        if with_blobs and self.lfs:
            said["lfs"] = {"size": self.length, "sha256": self.sha256, "pointerSize": 135}
        return said

    def entry(self) -> dict[str, Any]:
        """A line of the tree."""
        said: dict[str, Any] = {"type": "file", "oid": self.blob, "size": self.length}
        if self.lfs:
            said["lfs"] = {"oid": self.sha256, "size": self.length, "pointerSize": 135}
        return said | {"path": self.path}


@dataclass(frozen=True)
class StoredCommit:
    id: str
    title: str
    date: datetime
    author: str = "release-bot"

    def said(self) -> dict[str, Any]:
        authors = [{"user": self.author, "avatar": ""}]
        date = stamp(self.date)
        return {"id": self.id, "title": self.title, "message": "", "authors": authors, "date": date}


@dataclass(frozen=True)
class StoredRepository:
    """One repository. `commits` are newest first; `older` holds the files of commits that differ from now."""

    id: str
    files: tuple[StoredFile, ...] = ()
    gate: str = ""
    private: bool = False
    disabled: bool = False
    task: str = "text-generation"
    library: str = "transformers"
    licence: str = "apache-2.0"
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, int] = field(default_factory=dict)
    age: int = 100
    downloads: int = 0
    likes: int = 0
    commits: tuple[StoredCommit, ...] = ()
    branches: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    older: Mapping[str, tuple[StoredFile, ...]] = field(default_factory=dict)
    unsafe: tuple[str, ...] = ()

    @property
    def created(self) -> datetime:
        return FIRST_DAY + timedelta(days=1000 - self.age)

    @property
    def config(self) -> dict[str, Any]:
        """What the Hub takes from config.json."""
        file = next((each for each in self.files if each.path == "config.json"), None)
        try:
            whole = json.loads(file.content) if file else {}
        except ValueError:
            return {}
        kept = ("architectures", "model_type", "quantization_config", "auto_map")
        return {name: whole[name] for name in kept if name in whole}

    @property
    def all_tags(self) -> list[str]:
        named = [self.library, self.task, f"license:{self.licence}" if self.licence else ""]
        return [*self.tags, *(tag for tag in named if tag), "region:us"]

    def commit(self, revision: str) -> str:
        """The commit a branch, tag or (shortened) commit stands for; "" when there is none."""
        named = self.branches.get(revision) or self.versions.get(revision)
        short = (
            each.id for each in self.commits if len(revision) >= 7 and each.id.startswith(revision)
        )
        return named or next(short, "")

    def files_at(self, commit: str) -> tuple[StoredFile, ...]:
        return self.older.get(commit, self.files)

    def said(self, commit: str, with_blobs: bool = False) -> dict[str, Any]:
        """Everything the Hub says of a model, by the names that `expand` uses."""
        files = self.files_at(commit)
        total = sum(self.parameters.values())
        return {
            "_id": digest(self.id)[:24],
            "id": self.id,
            "modelId": self.id,
            "author": self.id.split("/")[0],
            "sha": commit,
            "private": self.private,
            "gated": self.gate or False,
            "disabled": self.disabled,
            "downloads": self.downloads,
            "downloadsAllTime": self.downloads * 9,
            "likes": self.likes,
            "trendingScore": self.likes // max(self.age, 1),
            "pipeline_tag": self.task,
            "library_name": self.library,
            "tags": self.all_tags,
            "createdAt": stamp(self.created),
            "lastModified": stamp(self.commits[0].date),
            "cardData": {"license": self.licence} if self.licence else {},
            "config": self.config,
            "safetensors": {"parameters": dict(self.parameters), "total": total} if total else None,
            "usedStorage": sum(file.length for file in files) * len(self.commits),
            "siblings": [file.sibling(with_blobs) for file in files],
            "spaces": [],
        }

    def scans(self) -> dict[str, Any]:
        issues = [{"path": path, "level": "unsafe"} for path in self.unsafe]
        return {"scansDone": True, "filesWithIssues": issues}


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
