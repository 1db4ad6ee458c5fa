"""The single place where what goes wrong with the API server becomes the console's errors.

`message` says what was attempted and how it ended, `reason` is the server's own text, `hint` says
what to do. Texts and causes as Kubernetes 1.36 sends them.
"""

import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from urllib3 import exceptions as net

from ome_backend.errors import (
    AlreadyExists,
    Conflict,
    Expired,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    NotInstalled,
    OmeError,
    RateLimited,
    ServerFailed,
    TimedOut,
    Unauthenticated,
    Unreachable,
    Unsupported,
    UntrustedCertificate,
)
from ome_backend.kube import refused_fields
from ome_backend.resources import manifest

_REASON_LENGTH = 2000


def from_answer(doing: str, status: int, headers: Mapping[str, str], body: bytes) -> OmeError:
    """The error for an answer other than 2xx, whose body is a `Status` or somebody's plain text."""
    return from_status(doing, status, _status(body), _text(body), _retry_after(headers))


def from_status(
    doing: str,
    code: int,
    status: Mapping[str, Any],
    text: str = "",
    retry_after: float | None = None,
) -> OmeError:
    """The error for a Kubernetes `Status` object, which also ends watches in mid-stream."""
    reason = manifest.text(status, "message") or text
    problems = refused_fields.problems(status, reason)
    if problems and code in (400, 422, 500):
        return Invalid(f"{doing} was refused.", reason=reason, problems=problems)
    if code == 409:
        return _conflict(doing, status, reason, problems)
    if code == 403:
        return _forbidden(doing, status, reason)
    if code == 404:
        return _not_found(doing, status, reason)
    kind, outcome, hint = _OUTCOMES.get(code) or _unlisted(code)
    return kind(f"{doing} {outcome}", reason=reason, hint=hint, retry_after=retry_after)


def from_exception(doing: str, server: str, error: BaseException) -> OmeError:
    """The error for a request that got no answer, or not a whole one."""
    reason = _root(error)
    address = urlsplit(server).netloc or server
    certificate = _caused_by(error, ssl.SSLCertVerificationError)
    if certificate is not None:
        return UntrustedCertificate(
            f"{doing} failed: the certificate of {address} is not trusted.", reason=reason
        )
    if _caused_by(error, net.NameResolutionError) is not None:
        return Unreachable(f"{doing} failed: there is no server called {address}.", reason=reason)
    if _caused_by(error, ConnectionRefusedError) is not None:
        return Unreachable(f"{doing} failed: nothing listens at {address}.", reason=reason)
    if _timed_out(error):
        return TimedOut(f"{doing} failed: {address} did not answer in time.", reason=reason)
    if isinstance(error, net.NewConnectionError):
        return Unreachable(f"{doing} failed: {address} cannot be reached.", reason=reason)
    if _caused_by(error, ssl.SSLError, net.SSLError) is not None:
        return Unreachable(f"{doing} failed: {address} does not speak TLS as asked.", reason=reason)
    return Unreachable(f"{doing} failed: the connection to {address} broke.", reason=reason)


def from_credentials(error: BaseException) -> OmeError:
    """The error for a token that could not be refreshed."""
    return Unauthenticated("The cluster credentials could not be refreshed.", reason=_root(error))


def not_json(doing: str, body: bytes) -> OmeError:
    """The error for a successful answer in another language than the API server's."""
    return ServerFailed(
        f"{doing} failed: the answer is not from a Kubernetes API server.",
        reason=_text(body)[:200],
        hint="Check the server's address in the kubeconfig, and proxies on the way.",
    )


def _status(body: bytes) -> Mapping[str, Any]:
    try:
        status = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return status if isinstance(status, dict) else {}


def _text(body: bytes) -> str:
    return body[:_REASON_LENGTH].decode("utf-8", "replace").strip()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def _conflict(
    doing: str, status: Mapping[str, Any], reason: str, problems: tuple[FieldProblem, ...]
) -> OmeError:
    if manifest.text(status, "reason") == "AlreadyExists":
        return AlreadyExists(f"{doing} was refused: it exists already.", reason=reason)
    if problems:
        return Conflict(
            f"{doing} was refused: others own fields that it sets.",
            reason=reason,
            hint="Leave these fields to their owners, or take them over on purpose.",
            problems=problems,
        )
    return Conflict(f"{doing} was refused: it has changed in the meantime.", reason=reason)


def _forbidden(doing: str, status: Mapping[str, Any], reason: str) -> OmeError:
    if "denied the request" in reason:
        return Invalid(
            f"{doing} was refused by the cluster's own checks.",
            reason=reason,
            hint="An admission webhook or policy refused it; change what the reason names.",
            problems=refused_fields.problems(status, reason),
        )
    causes = manifest.items(status, "details", "causes")
    if any(manifest.text(cause, "reason") == "NamespaceTerminating" for cause in causes):
        return Conflict(
            f"{doing} was refused: the namespace is being deleted.",
            reason=reason,
            hint="Wait until it is gone and create it again, or take another namespace.",
        )
    hint = None if " cannot " in reason else "The cluster forbids this; the reason says why."
    return Forbidden(f"{doing} is not allowed.", reason=reason, hint=hint)


def _not_found(doing: str, status: Mapping[str, Any], reason: str) -> OmeError:
    # An object that is absent is named; a resource the server does not know is not.
    name = manifest.text(status, "details", "name")
    if not name:
        return NotInstalled(
            f"{doing} failed: the cluster does not have this kind of resource.", reason=reason
        )
    if manifest.text(status, "details", "kind") == "namespaces":
        hint = f"Create the namespace {name} first, or choose another one."
        return NotFound(f"{doing} failed: there is no namespace {name}.", reason=reason, hint=hint)
    return NotFound(f"{doing} failed: it does not exist.", reason=reason)


_OUTCOMES: dict[int, tuple[type[OmeError], str, str | None]] = {
    400: (Invalid, "was refused.", "The reason says what the server does not accept."),
    401: (Unauthenticated, "failed: the cluster does not accept the credentials.", None),
    405: (Unsupported, "is not supported by this API server.", None),
    406: (Unsupported, "is not supported by this API server.", None),
    410: (Expired, "failed: the list has expired.", None),
    413: (Invalid, "was refused: it is too large.", "Make the object smaller."),
    415: (Unsupported, "is not supported by this API server.", None),
    422: (Invalid, "was refused.", None),
    429: (RateLimited, "was refused: too many requests.", None),
    504: (TimedOut, "failed: the API server ran out of time.", None),
}


def _unlisted(code: int) -> tuple[type[OmeError], str, str | None]:
    if code >= 500:
        return ServerFailed, "failed: the API server has a problem of its own.", None
    if code >= 400:
        return Invalid, f"was refused (HTTP {code}).", "The reason says why."
    return (
        ServerFailed,
        f"failed: the server answered with HTTP {code}.",
        "Check the server's address in the kubeconfig, and proxies on the way.",
    )


def _chain(error: BaseException) -> list[BaseException]:
    """The error and everything that led to it, outermost first."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, BaseException) and item not in seen:
            seen.append(item)
            waiting += [getattr(item, "reason", None), item.__cause__, item.__context__, *item.args]
    return seen


def _caused_by(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    return next((item for item in _chain(error) if isinstance(item, kinds)), None)


def _timed_out(error: BaseException) -> bool:
    # To urllib3 every connection that did not open has timed out.
    if isinstance(error, net.NewConnectionError):
        return _caused_by(error, TimeoutError) is not None
    return _caused_by(error, net.TimeoutError, TimeoutError) is not None


def _root(error: BaseException) -> str:
    """The operating system's or the TLS library's own words where there are any."""
    for item in _chain(error):
        if isinstance(item, OSError) and not isinstance(item, net.HTTPError):
            return str(item.strerror or item)
    return str(error)
