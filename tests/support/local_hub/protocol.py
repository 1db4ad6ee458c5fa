"""What the Hub answers to a request: status, headers and body. Knows no sockets.

Codes and texts as huggingface.co sends them and `huggingface_hub` reads them (`hf_raise_for_status`).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.support.local_hub import listing
from tests.support.local_hub.people import PEOPLE, Person
from tests.support.local_hub.stored import StoredFile, StoredRepository

_API = re.compile(
    r"/api/models/(?P<id>[^/]+(?:/[^/]+)??)(?:/(?P<verb>revision|tree|refs|commits|auth-check)(?:/(?P<rest>.+))?)?"
)
_RESOLVE = re.compile(r"/(?P<id>[^/]+(?:/[^/]+)?)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")
_CDN = re.compile(r"/cdn/(?P<sha>[0-9a-f]{64})")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
TREE_PAGE = 1000
COMMITS_PAGE = 50


@dataclass(frozen=True)
class Request:
    """`path` is as it was sent, still quoted; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return self.query.get(name, [""])[0]


@dataclass(frozen=True)
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()
    length: int = 0


@dataclass(frozen=True)
class World:
    """`url` is where the Hub is, `cdn` where its large files are."""

    repositories: Mapping[str, StoredRepository]
    moved: Mapping[str, str]
    url: str
    cdn: str


def said(value: Any, status: int = 200, **headers: str) -> Answer:
    """JSON."""
    body = json.dumps(value).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Answer(status, kind | headers, (body,), len(body))


def refused(status: int, message: str, code: str = "") -> Answer:
    """A refusal: the words in a header and in the body, the code in a header."""
    headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
    return said({"error": message}, status, **headers)


def answer(world: World, request: Request) -> Answer:
    """What the Hub says."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if cdn := _CDN.fullmatch(request.path):
        return _large_file(world, request, cdn["sha"], bool(given))
    person = PEOPLE.get(given)
    if given and person is None:
        return refused(401, "Invalid credentials in Authorization header")
    if person is not None and person.expired:
        return refused(401, f'User Access Token "{person.name}-token" is expired')
    if request.path == "/api/whoami-v2":
        return said(person.said()) if person else refused(401, "Invalid username or password.")
    if request.path == "/api/models":
        return _list(world, request, person)
    return _of_repository(world, request, person)


def _list(world: World, request: Request, person: Person | None) -> Answer:
    visible = [each for each in world.repositories.values() if _sees(person, each)]
    items, cursor = listing.page(visible, request.query)
    if not cursor:
        return said(items)
    more = listing.address(f"{world.url}/api/models", request.query, cursor)
    return said(items, Link=f'<{more}>; rel="next"')


def _of_repository(world: World, request: Request, person: Person | None) -> Answer:
    found = _RESOLVE.fullmatch(request.path) or _API.fullmatch(request.path)
    if found is None:
        return refused(404, "Sorry, we can't find the page you are looking for.")
    name = unquote(found["id"])
    if name in world.moved:
        return _moved(request, found["id"], world.moved[name])
    repository = world.repositories.get(name)
    if repository is None or not _sees(person, repository):
        return _not_there(person)
    if repository.disabled:
        return refused(403, "Access to this resource is disabled.")
    if found.re is _RESOLVE:
        return _resolve(world, request, person, repository, found["revision"], found["path"])
    return _api(request, person, repository, found["verb"] or "", found["rest"] or "")


def _moved(request: Request, old: str, new: str) -> Answer:
    address = request.path.replace(f"/{old}", f"/{new}", 1)
    query = listing.query(request.query)
    target = f"{address}?{query}" if query else address
    return said(f"Temporary Redirect. Redirecting to {target}", 307, Location=target)


def _not_there(person: Person | None) -> Answer:
    if person is None:
        return refused(401, "Invalid username or password.")
    return refused(404, "Repository not found", "RepoNotFound")


def _sees(person: Person | None, repository: StoredRepository) -> bool:
    owner = repository.id.split("/")[0]
    return not repository.private or (person is not None and owner in person.organisations)


def _api(
    request: Request, person: Person | None, repository: StoredRepository, verb: str, rest: str
) -> Answer:
    if verb == "auth-check":
        return _gate(person, repository) or said({})
    if verb == "refs":
        return said(_refs(repository))
    revision = unquote(rest.split("/")[0]) if rest else "main"
    commit = repository.commit(revision)
    if not commit:
        return refused(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    if verb == "tree":
        return _tree(request, repository, commit)
    if verb == "commits":
        return _commits(request, repository, commit)
    return said(_model(request, repository, commit))


def _model(request: Request, repository: StoredRepository, commit: str) -> dict[str, Any]:
    whole = repository.said(commit, with_blobs=request.one("blobs") == "true")
    if wanted := listing.expanded(request.query):
        return {name: value for name, value in whole.items() if name in ("_id", "id", *wanted)}
    if request.one("securityStatus") == "true":
        whole["securityRepoStatus"] = repository.scans()
    return {name: value for name, value in whole.items() if name != "downloadsAllTime"}


def _refs(repository: StoredRepository) -> dict[str, Any]:
    def refs(named: Mapping[str, str], kind: str) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": commit}
            for name, commit in named.items()
            if not name.startswith("refs/")
        ]

    heads, tags = refs(repository.branches, "heads"), refs(repository.versions, "tags")
    return {"branches": heads, "converts": [], "tags": tags, "pullRequests": []}


def _tree(request: Request, repository: StoredRepository, commit: str) -> Answer:
    start = int(request.one("cursor") or 0)
    files = repository.files_at(commit)
    items = [file.entry() for file in files[start : start + TREE_PAGE]]
    return _paged(request, items, start + TREE_PAGE, len(files), "cursor")


def _commits(request: Request, repository: StoredRepository, commit: str) -> Answer:
    size = min(int(request.one("limit") or COMMITS_PAGE), 100)
    first = next(n for n, each in enumerate(repository.commits) if each.id == commit)
    page = int(request.one("p") or 0)
    known = repository.commits[first:]
    items = [each.said() for each in known[page * size : (page + 1) * size]]
    more = (page + 1) * size < len(known)
    return _paged(request, items, page + 1, page + 2 if more else 0, "p")


def _paged(request: Request, items: list[Any], following: int, count: int, name: str) -> Answer:
    if following >= count:
        return said(items)
    host = f"{request.headers.get('x-scheme', 'http')}://{request.headers['host']}"
    more = listing.address(host + request.path, request.query, str(following), name)
    return said(items, Link=f'<{more}>; rel="next"')


def _gate(person: Person | None, repository: StoredRepository) -> Answer | None:
    """The refusal of a gated repository, if it refuses."""
    if not repository.gate or (person is not None and person.standing == "granted"):
        return None
    name, standing = repository.id, person.standing if person else "nobody"
    return refused(401 if person is None else 403, _WORDS[standing].format(name=name), "GatedRepo")


_WORDS = {
    "nobody": "Access to model {name} is restricted. You must have access to it and be authenticated "
    "to access it. Please log in.",
    "unknown": "Access to model {name} is restricted and you are not in the authorized list. "
    "Visit https://huggingface.co/{name} to ask for access.",
    "pending": "Your request to access model {name} is awaiting a review from the repo authors.",
    "rejected": "Your request to access model {name} has been rejected by the repo's authors.",
    "narrow": "Please enable access to public gated repositories in your fine-grained token settings "
    "to view this repository.",
}


def _resolve(
    world: World,
    request: Request,
    person: Person | None,
    repository: StoredRepository,
    revision: str,
    path: str,
) -> Answer:
    if gate := _gate(person, repository):
        return gate
    commit = repository.commit(unquote(revision))
    if not commit:
        return refused(404, f"Invalid rev id: {unquote(revision)}", "RevisionNotFound")
    files = repository.files_at(commit)
    file = next((each for each in files if each.path == unquote(path)), None)
    if file is None:
        return refused(404, "Entry not found", "EntryNotFound")
    known = {"X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
    if not file.lfs:
        return _bytes(request, file, known | {"ETag": f'"{file.blob}"'})
    linked = {"X-Linked-Size": str(file.length), "X-Linked-Etag": f'"{file.sha256}"'}
    target = {"Location": f"{world.cdn}/cdn/{file.sha256}?Signature=local&Expires=1"}
    return Answer(302, known | linked | target)


def _large_file(world: World, request: Request, sha: str, has_token: bool) -> Answer:
    if has_token:
        return refused(400, "Only one auth mechanism allowed")
    files = (file for each in world.repositories.values() for file in each.files)
    file = next((each for each in files if each.sha256 == sha), None)
    if file is None:
        return refused(404, "NoSuchKey")
    return _bytes(request, file, {"ETag": f'"{sha}"', "Accept-Ranges": "bytes"})


def _bytes(request: Request, file: StoredFile, headers: dict[str, str]) -> Answer:
    headers = {"Content-Type": "application/octet-stream"} | headers
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None:
        return Answer(200, headers, file.part(0, file.length), file.length)
    first, last = asked.groups()
    start = int(first) if first else max(0, file.length - int(last))
    stop = min(int(last) + 1, file.length) if first and last else file.length
    if start >= file.length:
        return Answer(416, headers | {"Content-Range": f"bytes */{file.length}"})
    spoken = {"Content-Range": f"bytes {start}-{stop - 1}/{file.length}"}
    return Answer(206, headers | spoken, file.part(start, stop), stop - start)
