"""Reading a text from outside: https, from hosts that were allowed, never from an inner network.

A name is resolved once, every address it stands for is judged, and the connection goes to an address
that was judged: what the name stands for a moment later does not matter. The environment's proxies
are not used. Resolving a name takes as long as the system's resolver lets it.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from ome_backend.errors import Forbidden, Invalid, NotFound, OmeError, TimedOut, Unreachable

LARGEST = 1_000_000  # bytes
SECONDS = 10.0  # for everything together, redirects included
MOST_REDIRECTS = 3
MOST_ADDRESSES = 3
MEDIA_TYPES = ("text/plain", "text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml")

Resolve = Callable[[str, int], Sequence[str]]
Permit = Callable[[str], bool]

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_PRINTABLE = re.compile(r"[!-~]+")


class _Moved(NamedTuple):
    """An answer that only leads elsewhere."""

    location: str


def addresses(host: str, port: int) -> Sequence[str]:
    """The addresses a name stands for now. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def public(address: str) -> bool:
    """Whether an address belongs to the internet: not to this machine, its network or a special use."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return public(str(inner))
        if any(found in network for network in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


@dataclass(frozen=True)
class Remote:
    """What may be read from. `hosts` are names, with `:port` where it is not 443.

    `resolve`, `permit` and `trust` are what a test puts in the place of the internet.
    """

    hosts: tuple[str, ...]
    resolve: Resolve = addresses
    permit: Permit = public
    trust: ssl.SSLContext | None = None
    seconds: float = SECONDS

    def read(self, url: str) -> str:
        """The text at an address. Raises OmeError for whatever stands in the way, each in its own words."""
        deadline = time.monotonic() + self.seconds
        at = raw_address(url.strip())
        for _ in range(MOST_REDIRECTS + 1):
            found = self._ask(at, deadline)
            if not isinstance(found, _Moved):
                return found
            at = urljoin(at, found.location)
        raise Invalid(
            f"{_host(at)} redirects again and again.", hint="Give the last address itself."
        )

    def _ask(self, url: str, deadline: float) -> "str | _Moved":
        parts = self._allowed(url)
        with self._connected(parts, deadline) as connection:
            connection.sendall(_request(parts))
            with HTTPResponse(connection, method="GET") as answer:
                answer.begin()
                if answer.status in (301, 302, 303, 307, 308):
                    return _Moved(answer.headers.get("Location") or "")
                _require_text(answer, parts)
                return _decoded(_body(answer, parts), parts)

    def _allowed(self, url: str) -> SplitResult:
        """The parts of an address that may be asked."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as exc:
            raise Invalid("This is no address.", reason=str(exc), hint=_EXAMPLE) from exc
        if parts.scheme != "https" or not parts.hostname or not _PRINTABLE.fullmatch(url):
            raise Invalid("Only addresses that begin with https:// are read.", hint=_EXAMPLE)
        if parts.username is not None or parts.password is not None:
            raise Invalid("The address holds credentials.", hint="Give it without them.")
        named = parts.hostname if port in (None, 443) else f"{parts.hostname}:{port}"
        if named not in self.hosts:
            raise Forbidden(
                f"Nothing is read from {named}.",
                hint=f"Allowed are {', '.join(self.hosts) or 'no hosts'}; OME_TEMPLATE_HOSTS sets them.",
            )
        return parts

    @contextmanager
    def _connected(self, parts: SplitResult, deadline: float) -> Iterator[ssl.SSLSocket]:
        """A connection that is cut at the deadline, however slowly the other side goes on."""
        host = str(parts.hostname)
        with _failing(host, deadline):
            plain = self._connect(host, parts.port or 443, deadline)
            trust = self.trust or ssl.create_default_context()
            secure = trust.wrap_socket(
                plain,
                server_hostname=host,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,
            )
            with secure, _cut_at(secure, deadline):
                secure.do_handshake()
                yield secure
                if time.monotonic() >= deadline:
                    raise TimeoutError("the time was over before the text was complete")

    def _connect(self, host: str, port: int, deadline: float) -> socket.socket:
        found = self.resolve(host, port)
        inner = [each for each in found if not self.permit(each)]
        if inner or not found:
            raise Forbidden(
                f"{host} stands for {inner[0] if inner else 'no address'}, which is not on the internet.",
                hint="Addresses of this machine and of inner networks are never read.",
            )
        failure: OSError = OSError("no address answered")
        for address in found[:MOST_ADDRESSES]:
            try:
                return socket.create_connection((address, port), _left(deadline))
            except OSError as exc:
                failure = exc
        raise failure


_EXAMPLE = "Such as https://raw.githubusercontent.com/organisation/repository/main/file.yaml."


def raw_address(url: str) -> str:
    """The address of the file itself, where a Git host's page about it was given."""
    parts = urlsplit(url) if "[" not in url else SplitResult("", "", url, "", "")
    steps = parts.path.split("/")
    host, path = parts.netloc.lower(), parts.path
    if host == "github.com" and len(steps) > 5 and steps[3] in ("blob", "raw"):
        host, path = "raw.githubusercontent.com", "/".join(steps[:3] + steps[4:])
    elif host == "gist.github.com" and len(steps) == 3:
        host, path = "gist.githubusercontent.com", f"{path}/raw"
    elif host == "gitlab.com":
        path = path.replace("/-/blob/", "/-/raw/", 1)
    elif host == "bitbucket.org" and len(steps) > 4 and steps[3] == "src":
        path = "/".join([*steps[:3], "raw", *steps[4:]])
    if (host, path) == (parts.netloc.lower(), parts.path):
        return url
    return urlunsplit((parts.scheme, host, path, parts.query, ""))


def _request(parts: SplitResult) -> bytes:
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    port = "" if parts.port in (None, 443) else f":{parts.port}"
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {parts.hostname}{port}",
        "User-Agent: ome-console",
        f"Accept: {', '.join(MEDIA_TYPES)}",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _require_text(answer: HTTPResponse, parts: SplitResult) -> None:
    host = parts.hostname
    if answer.status == 404:
        raise NotFound(
            f"{host} has nothing at {parts.path}.",
            hint="The path may be misspelt, or the repository private: then use a folder or a config map.",
        )
    if answer.status != 200:
        reason = f"{answer.status} {answer.reason}"
        raise Unreachable(
            f"{host} refused to give the text.", reason=reason, hint="Try again later."
        )
    kind = answer.headers.get_content_type()
    if kind not in MEDIA_TYPES:
        raise Invalid(
            f"{host} sent {kind}, which is not the text of a YAML file.",
            hint="Give the address of the raw file, not that of a page about it.",
        )
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise Invalid(f"{host} sent the text compressed.", hint="Give another address of it.")


def _body(answer: HTTPResponse, parts: SplitResult) -> bytes:
    data = answer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(
            f"What {parts.hostname} sends is larger than {LARGEST // 1_000_000} MB.",
            hint="A template is a small text; give the address of one.",
        )
    if answer.length:
        raise HTTPException("the answer ended before it was complete")
    return data


def _decoded(data: bytes, parts: SplitResult) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise Invalid(
            f"What {parts.hostname} sends is not UTF-8.", reason=str(exc), hint="Save it as UTF-8."
        ) from exc


@contextmanager
def _failing(host: str, deadline: float) -> Iterator[None]:
    try:
        yield
    except OmeError:
        raise
    except (OSError, HTTPException) as exc:
        if isinstance(exc, TimeoutError) or time.monotonic() >= deadline:
            raise TimedOut(
                f"{host} did not send the text in time.", reason=str(exc), hint="Try again later."
            ) from exc
        raise Unreachable(
            f"The text could not be read from {host}.",
            reason=str(exc) or type(exc).__name__,
            hint="Check the address, and that the console may reach the internet without a proxy.",
        ) from exc


@contextmanager
def _cut_at(connection: ssl.SSLSocket, deadline: float) -> Iterator[None]:
    """Shuts the socket below TLS, which wakes whoever waits for it."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(_left(deadline), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())


def _host(url: str) -> str:
    return urlsplit(url).hostname or "The host"
