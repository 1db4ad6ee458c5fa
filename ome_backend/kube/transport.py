"""The one way to the API server: URL, credentials, a time limit on every call, raw bodies."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import urllib3
from urllib3.exceptions import HTTPError, ProtocolError

from ome_backend.config import Settings
from ome_backend.kube import failures
from ome_backend.kube.access import Access
from ome_backend.kube.body import decode, parse_warnings
from ome_backend.kube.credentials import Credentials, Signed
from ome_backend.kube.stream import Stream

JSON = "application/json"

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a successful answer and the warnings that came with it."""

    doing: str
    body: bytes
    warnings: tuple[str, ...]

    def json(self) -> Any:
        """The body decoded. Raises ServerFailed when it is not JSON (a proxy's page, say)."""
        try:
            return decode(self.body)
        except orjson.JSONDecodeError as exc:
            raise failures.not_json(self.doing, self.body) from exc


class Transport:
    """Sends requests to one API server; safe for use from many threads at once."""

    def __init__(self, access: Access, settings: Settings) -> None:
        self._server = access.server
        self._credentials = Credentials(access)
        self._connect_timeout = settings.connect_timeout
        self._read_timeout = settings.request_timeout

    def call(
        self,
        doing: str,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        content_type: str = JSON,
        *,
        compressed: bool = False,
    ) -> Answer:
        """One request and its whole answer.

        `doing` says in plain words what is attempted; every error starts with it. `compressed`
        accepts gzip, which pays for lists only. Raises OmeError for every answer but 2xx.
        """
        headers = {"Accept": JSON, "Accept-Encoding": "gzip" if compressed else "identity"}
        if body is not None:
            headers["Content-Type"] = content_type
            body = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
        response = self._open(doing, method, path, query, headers, body)
        with self._failing(doing), _closing(response):
            data = response.read(decode_content=True)
        return Answer(doing, data, parse_warnings(response.headers.getlist("Warning")))

    def stream(self, doing: str, path: str, query: Query, silence: float) -> Stream:
        """An answer that goes on: closable lines. `silence` seconds without a byte end it."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        response = self._open(doing, "GET", path, query, headers, None)
        if response.connection is not None and response.connection.sock is not None:
            response.connection.sock.settimeout(silence)
        return Stream(doing, self._server, response)

    def _open(
        self,
        doing: str,
        method: str,
        path: str,
        query: Query | None,
        headers: dict[str, str],
        body: bytes | None,
    ) -> Any:
        url = f"{self._server}{path}?{urlencode(query)}" if query else f"{self._server}{path}"
        timeout = urllib3.Timeout(connect=self._connect_timeout, read=self._read_timeout)
        signed = self._credentials.current()
        with self._failing(doing):
            response = _send(signed, method, url, headers, body, timeout)
            if response.status < 300:
                return response
            with _closing(response):
                text = response.read(decode_content=True)
        if response.status == 401:
            self._credentials.refuse(signed)
        raise failures.from_answer(doing, response.status, response.headers, text)

    @contextmanager
    def _failing(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (HTTPError, OSError) as exc:
            raise failures.from_exception(doing, self._server, exc) from exc


def _send(
    signed: Signed,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None,
    timeout: urllib3.Timeout,
) -> Any:
    def send() -> Any:
        return signed.pool.urlopen(
            method,
            url,
            headers=headers | signed.headers,
            body=body,
            timeout=timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )

    try:
        return send()
    except ProtocolError:
        # The server may close a kept-alive connection just as it is used again. Asking twice
        # is harmless; writing twice is not.
        if method != "GET":
            raise
        return send()


@contextmanager
def _closing(response: Any) -> Iterator[None]:
    """Give the connection back when the answer was read whole, else end it."""
    try:
        yield
    except BaseException:
        response.close()
        raise
    response.release_conn()
