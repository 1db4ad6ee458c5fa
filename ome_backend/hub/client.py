"""How `huggingface_hub` reaches a Hub: one attempt, a deadline, a size limit, and nothing of this machine.

The library sends everything through one client of the process, made by a factory that may be set. Its
transport here hands each request to the line of the Hub that asks, so Hubs with different
certificates, limits and tokens live side by side.
"""

import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TypeVar

import httpx2
from huggingface_hub import constants, set_client_factory

from ome_backend.errors import HubFailed, HubTimedOut, HubTooLarge, HubUnreachable

MOST_REDIRECTS = 5
CONNECT_SECONDS = 5.0

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """The way to a Hub: the environment's proxies, and who may vouch for certificates.

    `ca_file` is trusted beside the system's authorities; without it, `REQUESTS_CA_BUNDLE` is.
    """

    ca_file: str = ""

    @cached_property
    def client(self) -> httpx2.Client:
        """Raises HubUnreachable when the authorities or a proxy cannot be used."""
        try:
            return httpx2.Client(
                verify=self._trust(),
                cookies=_no_cookies(),
                limits=httpx2.Limits(max_keepalive_connections=16, keepalive_expiry=30),
            )
        except OSError as exc:
            failure = HubUnreachable(
                "The certificate authorities for the Hub cannot be read.",
                reason=str(exc),
                hint="Check OME_HUB_CA_FILE, REQUESTS_CA_BUNDLE and SSL_CERT_FILE.",
            )
        except (ImportError, ValueError) as exc:
            failure = HubUnreachable(
                "The proxy of the environment cannot be used for the Hub.",
                reason=str(exc),
                hint="Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY; SOCKS proxies are not supported.",
            )
        raise failure

    def _trust(self) -> ssl.SSLContext:
        context = httpx2.create_ssl_context()
        authorities = self.ca_file or os.environ.get("REQUESTS_CA_BUNDLE", "")
        if authorities:
            is_folder = Path(authorities).is_dir()
            name = "capath" if is_folder else "cafile"
            context.load_verify_locations(**{name: authorities})
        return context


@dataclass(frozen=True)
class Call:
    """One question to a Hub: `deadline` is monotonic, `limit` is how many bytes an answer may have."""

    line: Line
    deadline: float
    limit: int

    @property
    def left(self) -> float:
        """Raises HubTimedOut when no time is left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise HubTimedOut("The Hub did not answer in time.")
        return left

    def send(self, request: httpx2.Request) -> httpx2.Response:
        """One request without following where it leads; its body ends at the limit and the deadline."""
        left = self.left
        waits = httpx2.Timeout(left, connect=min(left, CONNECT_SECONDS)).as_dict()
        request.extensions = {**request.extensions, "timeout": waits}
        request.headers["Accept-Encoding"] = "identity"  # a packed answer could grow past any limit
        answer = self.line.client.send(request, stream=True, follow_redirects=False)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.close()
            raise HubFailed("The Hub packed its answer although it was asked not to.")
        assert isinstance(answer.stream, httpx2.SyncByteStream)
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(answer.stream, self),
            extensions=answer.extensions,
        )


class _Bounded(httpx2.SyncByteStream):
    """A body that ends with an error where it gets too long or too late."""

    def __init__(self, body: httpx2.SyncByteStream, call: Call) -> None:
        self._body, self._call = body, call

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._body:
            size += len(chunk)
            if size > self._call.limit:
                raise HubTooLarge(f"The Hub's answer has more than {self._call.limit:,} bytes.")
            assert self._call.left
            yield chunk

    def close(self) -> None:
        self._body.close()


_CALL: ContextVar[Call] = ContextVar("the question on its way")


class _Switch(httpx2.BaseTransport):
    """Hands each request to the call it belongs to."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return _CALL.get().send(request)


def _no_cookies() -> CookieJar:
    # The client is shared: what one person's answer sets must not travel with another's question.
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def _client() -> httpx2.Client:
    return httpx2.Client(
        transport=_Switch(),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        cookies=_no_cookies(),
        trust_env=False,
    )


set_client_factory(_client)
constants.HF_HUB_DISABLE_TELEMETRY = (
    True  # otherwise it asks the Hub for a list and keeps it in ~/.cache
)
constants.HF_HUB_DISABLE_IMPLICIT_TOKEN = True  # otherwise it sends what it finds on this machine


def within(seconds: float, line: Line, limit: int, ask: Callable[[], T]) -> T:
    """What `ask` returns or raises, or HubTimedOut after so many seconds.

    It runs in a thread of its own, because a resolver, or headers that drip, know no time limit. Such a
    thread is left alone: it holds nothing up, the end of the console included.
    """
    context = copy_context()
    context.run(_CALL.set, Call(line, time.monotonic() + seconds, limit))
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(context.run(ask))
        except BaseException as exc:  # noqa: BLE001 - handed on to who waits
            answer.set_exception(exc)

    threading.Thread(target=run, name="hub", daemon=True).start()
    if not wait([answer], seconds).done:
        raise HubTimedOut(f"The Hub did not answer within {seconds:g} seconds.")
    return answer.result()
