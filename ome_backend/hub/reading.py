"""From what `huggingface_hub` parsed, or from the Hub's JSON, to the values of `answers`."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml
from huggingface_hub import GitRefInfo, ModelInfo
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import parse_datetime

from ome_backend.hub.answers import (
    About,
    Account,
    Commit,
    Gate,
    Page,
    Query,
    Ref,
    Repository,
    RepositoryFile,
)

EXPANDED = [
    "author",
    "config",
    "createdAt",
    "disabled",
    "downloads",
    "gated",
    "lastModified",
    "library_name",
    "likes",
    "pipeline_tag",
    "private",
    "safetensors",
    "sha",
    "tags",
    "usedStorage",
]
_SORTS = {
    "trending": "trendingScore",
    "downloads": "downloads",
    "likes": "likes",
    "modified": "lastModified",
    "created": "createdAt",
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def asked(query: Query) -> dict[str, Any]:
    """The parameters of `/api/models` for a query, as `HfApi.list_models` sends them, and the cursor."""
    licence = f"license:{query.licence}" if query.licence else ""
    given: dict[str, Any] = {
        "search": query.text.strip(),
        "author": query.author,
        "pipeline_tag": query.task,
        "filter": [tag for tag in (query.library, licence, *query.tags) if tag],
        "cursor": query.cursor,
    }
    known = {name: value for name, value in given.items() if value}
    if query.gated is not None:
        known["gated"] = query.gated
    return known | {"sort": _SORTS[query.sort], "limit": query.limit, "expand": EXPANDED}


def page(items: Iterable[Mapping[str, Any]], next_address: str) -> Page:
    """A page of listings; of the next page's address only the cursor is believed."""
    cursor = parse_qs(urlsplit(next_address).query).get("cursor", [""])[0]
    return Page(tuple(About(**_about(ModelInfo(**item))) for item in items), cursor)


def repository(info: ModelInfo, asked: str, revision: str) -> Repository:
    """A repository from `model_info` with the metadata of its files."""
    return Repository(
        **_about(info),
        revision=revision,
        files=tuple(_file(each) for each in info.siblings or ()),
        moved_to=info.id if info.id != asked else "",
        unsafe_files=_unsafe(info.security_repo_status),
    )


def ref(info: GitRefInfo) -> Ref:
    return Ref(info.name, info.target_commit)


def commit(item: Mapping[str, Any]) -> Commit:
    """A commit from the JSON of `/commits/{revision}`."""
    authors = tuple(str(each.get("user", "")) for each in item.get("authors") or ())
    return Commit(item["id"], item.get("title") or "", _moment(item.get("date")), authors)


def account(said: Mapping[str, Any]) -> Account:
    """An account from the JSON of `/api/whoami-v2`."""
    token = (said.get("auth") or {}).get("accessToken") or {}
    fine = token.get("fineGrained")
    return Account(
        name=said["name"],
        kind=said.get("type") or "user",
        organisations=tuple(each["name"] for each in said.get("orgs") or ()),
        token_name=token.get("displayName") or "",
        role=token.get("role") or "",
        reads_gated=None if fine is None else bool(fine.get("canReadGatedRepos")),
        expires=_moment(token.get("expiration")),
    )


def without_front_matter(text: str) -> str:
    """A card without the metadata it begins with."""
    return _FRONT_MATTER.sub("", text.lstrip("\ufeff"), count=1).strip()


def licence(text: str) -> str:
    """The licence that a card's front matter names, as its tag does; "" when it names none.

    Of `other` licences the name is told instead, where there is one.
    """
    found = _FRONT_MATTER.match(text.lstrip("\ufeff"))
    try:
        said = yaml.safe_load(found[0].strip().strip("-")) if found else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return ""
    if not isinstance(said, dict):
        return ""
    named, own = said.get("license"), said.get("license_name")
    if named == "other" and isinstance(own, str):
        return own
    each = named if isinstance(named, list) else [named]
    return ", ".join(name for name in each if isinstance(name, str))


def _about(info: ModelInfo) -> dict[str, Any]:
    safetensors = info.safetensors
    tags = tuple(info.tags or ())
    return {
        "id": info.id,
        "author": info.author or info.id.rpartition("/")[0],
        "sha": info.sha or "",
        "task": info.pipeline_tag or "",
        "library": info.library_name or "",
        "licence": _licence(tags),
        "tags": tags,
        "gated": _gate(info.gated),
        "private": bool(info.private),
        "disabled": bool(info.disabled),
        "downloads": info.downloads or 0,
        "likes": info.likes or 0,
        "modified": info.last_modified,
        "created": info.created_at,
        "parameters": dict(safetensors.parameters) if safetensors else {},
        "parameter_count": safetensors.total if safetensors else None,
        "storage": info.used_storage,
        "config": dict(info.config or {}),
    }


def _gate(gated: object) -> Gate:
    if gated == "manual":
        return "manual"
    return "auto" if gated else ""


def _licence(tags: Iterable[str]) -> str:
    return next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "")


def _file(sibling: RepoSibling) -> RepositoryFile:
    lfs = sibling.lfs
    size = lfs.size if lfs else sibling.size
    return RepositoryFile(sibling.rfilename, size, lfs is not None, lfs.sha256 if lfs else "")


def _unsafe(status: object) -> tuple[str, ...]:
    issues = status.get("filesWithIssues") if isinstance(status, dict) else None
    return tuple(sorted({str(each["path"]) for each in issues or () if "path" in each}))


def _moment(text: object) -> datetime | None:
    return parse_datetime(text) if isinstance(text, str) and text else None
