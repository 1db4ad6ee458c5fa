"""The single place where what goes wrong with a Hub becomes the console's errors.

`X-Error-Code` and `X-Error-Message` are the Hub's own; where it names no code, the status decides.
A repository that is not there and one that is private look the same to who may not see it.
"""

import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import parse_ratelimit_headers

from ome_backend.errors import (
    HubDisabled,
    HubFailed,
    HubFileNotFound,
    HubGated,
    HubNotFound,
    HubRateLimited,
    HubRevisionNotFound,
    HubTimedOut,
    HubUnauthorised,
    HubUnreachable,
    HubUntrusted,
    Invalid,
    OmeError,
)

_LONGEST = 2000
_NOT_UNDERSTOOD = (KeyError, TypeError, ValueError, AttributeError)
EXPECTED = (httpx2.HTTPError, httpx2.InvalidURL, OSError, *_NOT_UNDERSTOOD)


def translated(exc: BaseException, doing: str, endpoint: str, token: str) -> OmeError:
    """The error for an exception of the client's, one of EXPECTED. The token is cut out of its texts."""
    failure = _translated(exc, doing, urlsplit(endpoint).netloc.rpartition("@")[2], bool(token))
    if token:
        failure.reason = failure.reason.replace(token, "…")
    return failure


def _translated(exc: BaseException, doing: str, address: str, has_token: bool) -> OmeError:
    if isinstance(exc, HfHubHTTPError):
        return _answered(exc.response, doing, _said(exc), has_token)
    if isinstance(exc, HFValidationError):
        return Invalid(
            f"{doing} is impossible: this cannot be the id of a repository.", reason=str(exc)
        )
    if isinstance(exc, httpx2.TooManyRedirects):
        return HubFailed(
            f"{doing} failed: {address} leads from one address to the next without end."
        )
    if isinstance(exc, (httpx2.HTTPError, OSError)):
        return _unanswered(exc, doing, address)
    return HubFailed(
        f"{doing} failed: the answer of {address} is not that of a Hub.",
        reason=f"{type(exc).__name__}: {exc}"[:_LONGEST],
        hint="Check HF_ENDPOINT, and proxies or sign-in pages on the way.",
    )


def _answered(answer: httpx2.Response, doing: str, said: str, has_token: bool) -> OmeError:
    code, status = answer.headers.get("X-Error-Code", ""), answer.status_code
    if code == "GatedRepo":
        return _gated(doing, said, has_token)
    if code in _NOT_THERE:
        kind, what = _NOT_THERE[code]
        return kind(f"{doing} failed: {what}", reason=said)
    if "access to this resource is disabled" in said.lower():
        return HubDisabled(f"{doing} failed: the repository is disabled.", reason=said)
    if status == 401:
        return _unknown_person(doing, said, has_token)
    if status == 429:
        return _too_many(answer, doing, said)
    return _by_status(status, doing, said)


_NOT_THERE: dict[str, tuple[type[HubNotFound], str]] = {
    "RepoNotFound": (HubNotFound, "there is no such repository, or it is private."),
    "RevisionNotFound": (HubRevisionNotFound, "the repository has no such revision."),
    "EntryNotFound": (HubFileNotFound, "the repository has no such file at this revision."),
}


def _gated(doing: str, said: str, has_token: bool) -> OmeError:
    words = said.lower()
    if not has_token:
        hint = "Accept the terms on the repository's page, then give a token of the same account."
        return HubGated(f"{doing} needs a token: the repository is gated.", reason=said, hint=hint)
    if "awaiting" in words or "pending" in words:
        return HubGated(
            f"{doing} must wait: the request for access has not been decided yet.",
            reason=said,
            hint="Its authors decide; try again when they have.",
            pending=True,
        )
    hint = HubGated.hint
    if "fine-grained" in words:
        hint = (
            "Let the fine-grained token read public gated repositories, in its settings on the Hub."
        )
    elif "rejected" in words:
        hint = "Its authors refused access; ask them, or choose another model."
    return HubGated(f"{doing} is refused: the token has no access to it.", reason=said, hint=hint)


def _unknown_person(doing: str, said: str, has_token: bool) -> OmeError:
    if has_token:
        return HubUnauthorised(f"{doing} failed: the Hub does not accept the token.", reason=said)
    return HubNotFound(
        f"{doing} failed: there is no such repository, or it is private.",
        reason=said,
        hint="Check the spelling; a private repository needs a token of somebody who may see it.",
    )


def _too_many(answer: httpx2.Response, doing: str, said: str) -> OmeError:
    seconds = _retry_after(answer)
    wait = "" if seconds is None else f" for {seconds:.0f} seconds"
    return HubRateLimited(
        f"{doing} was refused: too many requests; the Hub asks for patience{wait}.",
        reason=said,
        retry_after=seconds,
    )


def _by_status(status: int, doing: str, said: str) -> OmeError:
    if status == 404:
        return HubNotFound(f"{doing} failed: the Hub does not know it.", reason=said)
    if status == 403:
        hint = "The reason says what the token lacks; a fine-grained token names what it may read."
        return HubUnauthorised(f"{doing} is not allowed with this token.", reason=said, hint=hint)
    if status in (408, 504):
        return HubTimedOut(f"{doing} failed: the Hub ran out of time.", reason=said)
    if status >= 500:
        return HubFailed(
            f"{doing} failed: the Hub has a problem of its own (HTTP {status}).", reason=said
        )
    return HubFailed(
        f"{doing} was refused by the Hub (HTTP {status}).", reason=said, hint="The reason says why."
    )


def _retry_after(answer: httpx2.Response) -> float | None:
    """Seconds: from the Hub's own `RateLimit` header, else `Retry-After` as a number or a date."""
    limit = parse_ratelimit_headers(answer.headers)
    if limit is not None and limit.remaining == 0:
        return float(limit.reset_in_seconds)
    value = answer.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _said(exc: HfHubHTTPError) -> str:
    """The Hub's own words; a web page is not one."""
    said = exc.server_message or exc.response.headers.get("X-Error-Message") or ""
    return said[:_LONGEST].strip() or f"HTTP {exc.response.status_code}"


def _unanswered(exc: BaseException, doing: str, address: str) -> OmeError:
    reason = str(exc)[:_LONGEST]
    causes = list(_causes(exc))
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in causes):
        return HubUntrusted(
            f"{doing} failed: the certificate of {address} is not trusted.", reason=reason
        )
    if isinstance(exc, httpx2.TimeoutException):
        return HubTimedOut(f"{doing} failed: {address} did not answer in time.", reason=reason)
    if isinstance(exc, httpx2.ProxyError):
        hint = "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the console."
        return HubUnreachable(f"{doing} failed: the proxy refused it.", reason=reason, hint=hint)
    if isinstance(exc, httpx2.ConnectError):
        return HubUnreachable(f"{doing} failed: {address} cannot be reached.", reason=reason)
    return HubUnreachable(f"{doing} failed: the connection to {address} broke.", reason=reason)


def _causes(exc: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while exc is not None and exc not in found:
        found.append(exc)
        exc = exc.__cause__ or exc.__context__
    return found
