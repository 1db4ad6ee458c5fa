"""The list of models: what it is filtered and ordered by, and where its next page begins."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from tests.support.local_hub.stored import StoredRepository

_ORDERS = ("trendingScore", "downloads", "likes", "lastModified", "createdAt")
_SHORT = ["_id", "id", "likes", "trendingScore", "private", "downloads"]
_SHORT += ["tags", "pipeline_tag", "library_name", "createdAt", "modelId"]
_FULL = [*_SHORT, "author", "sha", "lastModified", "gated", "disabled", "siblings"]

Asked = Mapping[str, list[str]]


def page(
    repositories: Iterable[StoredRepository], asked: Asked
) -> tuple[list[dict[str, Any]], str]:
    """One page, and the cursor of the next one or ""."""
    found = [each.said(each.commits[0].id) for each in repositories if _matches(each, asked)]
    order = asked.get("sort", ["trendingScore"])[0]
    if order in _ORDERS:
        found.sort(key=lambda item: (item[order], item["id"]), reverse=True)
    start = _place(asked.get("cursor", [""])[0])
    size = min(int(asked.get("limit", ["1000"])[0]), 1000)
    wanted = ["_id", "id", *expanded(asked)] if expanded(asked) else _default(asked)
    items = [{name: item.get(name) for name in wanted} for item in found[start : start + size]]
    return items, _cursor(start + size) if start + size < len(found) else ""


def expanded(asked: Asked) -> list[str]:
    """The properties that `expand` names."""
    return [*asked.get("expand", []), *asked.get("expand[]", [])]


def query(asked: Asked) -> str:
    return urlencode(asked, doseq=True)


def address(path: str, asked: Asked, cursor: str, name: str = "cursor") -> str:
    """Where the next page is."""
    return f"{path}?{query({**asked, name: [cursor]})}"


def _default(asked: Asked) -> list[str]:
    return _FULL if asked.get("full", [""])[0] in ("true", "1", "True") else _SHORT


def _matches(repository: StoredRepository, asked: Asked) -> bool:
    tags = repository.all_tags
    one = {name: values[0] for name, values in asked.items()}
    words = one.get("search", "").lower().split()
    gated = one.get("gated", "").lower()
    return (
        all(word in repository.id.lower() for word in words)
        and one.get("author", repository.id.split("/")[0]) == repository.id.split("/")[0]
        and one.get("pipeline_tag", repository.task) == repository.task
        and all(tag in tags for tag in asked.get("filter", []))
        and gated in ("", str(bool(repository.gate)).lower())
    )


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f'{{"$skip":{place}}}'.encode()).decode()


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    return int(base64.urlsafe_b64decode(cursor).decode().split(":")[1].rstrip("}"))
