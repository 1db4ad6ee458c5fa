"""The front door to a Hub; `ome_backend.hub` says what a caller may rely on."""

import json
import re
from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.utils import (
    build_hf_headers,
    get_session,
    hf_raise_for_status,
    validate_repo_id,
)

from ome_backend.config import Settings
from ome_backend.errors import (
    HubFileNotFound,
    HubGated,
    HubNotFound,
    HubOffline,
    HubUnauthorised,
    HubUnreadable,
    OmeError,
)
from ome_backend.hub import failures, reading
from ome_backend.hub.answers import (
    Access,
    Account,
    File,
    Page,
    Query,
    Repository,
    Revisions,
)
from ome_backend.hub.client import Line, within

PUBLIC = "https://huggingface.co"
MAIN = "main"
MOST_COMMITS = 20
LARGEST_ANSWER = 32_000_000  # bytes; a repository of 50,000 files has about 15 MB
LARGEST_FILE = 2_000_000  # bytes

_TOKEN = re.compile(r"[!-~]*")

T = TypeVar("T")


class Hub:
    """A Hub, asked without a token or with one (`using`). `timeout` is seconds for a whole question."""

    def __init__(
        self,
        endpoint: str = PUBLIC,
        *,
        token: str = "",
        timeout: float = 10.0,
        ca_file: str = "",
        offline: bool = False,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.timeout = timeout
        self.offline = offline
        self._line = Line(ca_file)
        self._token = _Token(token.strip())

    def __repr__(self) -> str:
        return f"Hub({self.endpoint!r}, {'with' if self._token.value else 'without'} a token)"

    def using(self, token: str) -> "Hub":
        """The same Hub, asked with this token; "" asks without one."""
        other = copy(self)
        other._token = _Token(token.strip())
        return other

    def search(self, query: Query) -> Page:
        """One page of the repositories that a query finds."""
        return self._ask("Searching the Hub", lambda: self._search(query))

    def repository(self, repo: str, revision: str = MAIN) -> Repository:
        """The facts and files of a repository at a branch, tag or commit."""
        return self._ask(f"Reading {repo}", lambda: self._repository(repo, revision))

    def revisions(self, repo: str, revision: str = MAIN) -> Revisions:
        """The branches and tags of a repository, and the newest commits of one of them."""
        return self._ask(
            f"Reading the revisions of {repo}", lambda: self._revisions(repo, revision)
        )

    def file(self, repo: str, path: str, revision: str = MAIN, limit: int = LARGEST_FILE) -> File:
        """A text file of a repository. Raises HubTooLarge beyond `limit` bytes."""
        doing = f"Reading {path} of {repo}"
        return self._ask(doing, lambda: self._file(repo, path, revision), limit)

    def config(self, repo: str, revision: str = MAIN) -> dict[str, Any]:
        """The config.json of a repository. Raises HubUnreadable when it is not a JSON object."""
        file = self.file(repo, "config.json", revision)
        try:
            config = json.loads(file.text)
        except (ValueError, RecursionError) as exc:
            raise HubUnreadable(f"The config.json of {repo} is not JSON.", reason=str(exc)) from exc
        if not isinstance(config, dict):
            raise HubUnreadable(f"The config.json of {repo} is not a JSON object.")
        return config

    def card(self, repo: str, revision: str = MAIN) -> str:
        """The README of a repository, in markdown without its front matter; "" when there is none."""
        try:
            return reading.without_front_matter(self.file(repo, "README.md", revision).text)
        except HubFileNotFound:
            return ""

    def licence(self, repo: str, revision: str = MAIN) -> str:
        """The licence that the README of a repository names; "" when it names none, or there is none."""
        try:
            return reading.licence(self.file(repo, "README.md", revision).text)
        except HubFileNotFound:
            return ""

    def whoami(self) -> Account:
        """Whose the token is. Raises HubUnauthorised when it is nobody's, or there is none."""
        if not self._token.value:
            raise HubUnauthorised("There is no token to ask about.", hint="Give a token first.")
        return self._ask("Checking the token", self._whoami)

    def may_read(self, repo: str) -> Access:
        """Whether the files of a repository may be read with this token, or without one."""
        try:
            self._ask(f"Reading {repo}", lambda: self._api().auth_check(repo))
        except (HubGated, HubNotFound, HubUnauthorised) as refusal:
            return Access(False, refusal)
        return Access(True)

    def _search(self, query: Query) -> Page:
        answer = self._get("/api/models", reading.asked(query))
        return reading.page(answer.json(), answer.links.get("next", {}).get("url", ""))

    def _repository(self, repo: str, revision: str) -> Repository:
        info = self._api().model_info(
            repo, revision=revision, files_metadata=True, securityStatus=True, timeout=self.timeout
        )
        return reading.repository(info, repo, revision)

    def _revisions(self, repo: str, revision: str) -> Revisions:
        refs = self._api().list_repo_refs(repo)
        # The library's own call reads every commit there ever was.
        path = f"/api/models/{repo}/commits/{quote(revision, safe='')}"
        commits = self._get(path, {"limit": MOST_COMMITS}).json()
        return Revisions(
            tuple(reading.ref(each) for each in refs.branches),
            tuple(reading.ref(each) for each in refs.tags),
            tuple(reading.commit(each) for each in commits[:MOST_COMMITS]),
        )

    def _file(self, repo: str, path: str, revision: str) -> File:
        # The library's own download keeps the file in the home directory.
        validate_repo_id(repo)
        address = hf_hub_url(repo, path, revision=revision, endpoint=self.endpoint)
        answer = self._get(address.removeprefix(self.endpoint), {})
        commits = [each.headers.get("X-Repo-Commit", "") for each in (*answer.history, answer)]
        text = answer.content.decode("utf-8", "replace")
        return File(path, text, next((each for each in commits if each), ""))

    def _whoami(self) -> Account:
        # The library's own call looks for tokens of this machine when this one is refused.
        return reading.account(self._get("/api/whoami-v2", {}).json())

    def _api(self) -> HfApi:
        return HfApi(self.endpoint, token=self._token.value or False, library_name="ome-console")

    def _get(self, path: str, params: dict[str, Any]) -> httpx2.Response:
        headers = build_hf_headers(token=self._token.value or False, library_name="ome-console")
        answer = get_session().get(self.endpoint + path, params=params, headers=headers)
        hf_raise_for_status(answer)
        return answer

    def _ask(self, doing: str, ask: Callable[[], T], limit: int = LARGEST_ANSWER) -> T:
        """Raises HubError, or Invalid; never with the client's exception as its cause."""
        if self.offline:
            raise HubOffline(f"{doing} is impossible: the console is offline by its settings.")
        if not _TOKEN.fullmatch(self._token.value):
            raise HubUnauthorised(f"{doing} is impossible: what was given cannot be a token.")

        def asked() -> T:
            try:
                return ask()
            except OmeError as exc:
                failure = exc
            except failures.EXPECTED as exc:
                failure = failures.translated(exc, doing, self.endpoint, self._token.value)
            failure.__cause__ = failure.__context__ = None
            raise failure.with_traceback(None)

        return within(self.timeout, self._line, limit, asked)


class _Token:
    """A secret that does not show itself."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "a token" if self.value else "no token"

    def __reduce__(self) -> str:
        raise TypeError("a token is not to be stored")


def open_hub(settings: Settings) -> Hub:
    """The Hub of the settings, without a token."""
    return Hub(
        settings.hub_url,
        timeout=settings.hub_timeout,
        ca_file=settings.hub_ca_file,
        offline=settings.hub_offline,
    )
