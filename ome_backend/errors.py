"""The one family of errors: a sentence fit for a person, the server's own words, and what to do."""

# ruff: noqa: N818 - the names say what happened; that they are errors, the tree says

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field. `path` is dotted (`spec.model.name`), `line` and `column` are 1-based when
    known."""

    path: str
    message: str
    line: int | None = None
    column: int | None = field(default=None, compare=False)


class OmeError(Exception):
    """Anything the console tells a person about a failure.

    `message` says what failed, `reason` carries the other system's own words, `hint` says what to do,
    `problems` name fields, `retry_after` is how many seconds the other system asked to wait.
    `status` is the HTTP status the failure maps to.
    """

    status = 500
    hint = ""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        hint: str | None = None,
        problems: tuple[FieldProblem, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.hint = type(self).hint if hint is None else hint
        self.problems = problems
        self.retry_after = retry_after


class Unauthenticated(OmeError):
    status = 401
    hint = "The credentials are missing or expired. Sign in to the cluster again; the console then goes on by itself."


class Forbidden(OmeError):
    status = 403
    hint = "Ask a cluster administrator for this permission."


class NotFound(OmeError):
    status = 404
    hint = "It may have been deleted, or its name or namespace may be misspelt."


class NotInstalled(OmeError):
    status = 404
    hint = "Install OME's custom resource definitions on this cluster."


class Conflict(OmeError):
    status = 409
    hint = "Somebody changed it in the meantime. Look at the current object and try again."


class AlreadyExists(Conflict):
    hint = "Choose another name, or open the existing object."


class Expired(OmeError):
    status = 410
    hint = "The list changed while it was read. It is read again."


class Unsupported(OmeError):
    status = 415
    hint = "This API server does not understand the request; it may be too old for the console."


class Invalid(OmeError):
    status = 422
    hint = "Correct the fields named and try again."


class RateLimited(OmeError):
    status = 429
    hint = "The API server asks for patience. Try again in a few seconds."


class ServerFailed(OmeError):
    status = 502
    hint = "The API server failed. Its log has the cause; trying again may help."


class Unreachable(OmeError):
    status = 503
    hint = "Check that the cluster is up and the address and network are right."


class TimedOut(Unreachable):
    status = 504
    hint = "The API server did not answer in time. It may be overloaded; try again."


class UntrustedCertificate(Unreachable):
    hint = "Check the certificate authority in the kubeconfig, or the clock of this machine."


class ReadOnly(OmeError):
    status = 403
    hint = "The console was started with OME_READ_ONLY=true. Start it without to make changes."


class BadSettings(OmeError):
    status = 500
    hint = "Correct the setting and start the console again; docs/configuration.md lists them all."


class HubError(OmeError):
    """A failure of the model hub or of the way to it; the cluster is not concerned."""


class HubOffline(HubError):
    status = 503
    hint = "HF_HUB_OFFLINE is set. Unset it and start the console again to use the Hub."


class HubUnreachable(HubError):
    status = 503
    hint = "Check HF_ENDPOINT and the network; behind a proxy, set HTTPS_PROXY for the console."


class HubTimedOut(HubUnreachable):
    status = 504
    hint = "Try again; OME_HUB_TIMEOUT says how long the console waits."


class HubUntrusted(HubUnreachable):
    hint = "Name the certificate authority of your mirror or proxy in OME_HUB_CA_FILE."


class HubRateLimited(HubError):
    status = 429
    hint = "Wait and try again; with a token the Hub allows more requests."


class HubUnauthorised(HubError):
    status = 401
    hint = "Make a new token on the Hub's settings page and give that one."


class HubGated(HubError):
    """`pending` when access was asked for and is not decided yet."""

    status = 403
    hint = "Ask for access on the repository's page, with the account the token belongs to."

    def __init__(self, message: str, *, pending: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.pending = pending


class HubDisabled(HubError):
    status = 403
    hint = "The Hub has closed this repository. Choose another one."


class HubNotFound(HubError):
    status = 404
    hint = "Check the spelling; a private repository needs a token of somebody who may see it."


class HubRevisionNotFound(HubNotFound):
    hint = "Choose one of the branches, tags or commits that the repository has."


class HubFileNotFound(HubNotFound):
    hint = "Choose another revision, or a repository that has the file."


class HubTooLarge(HubError):
    status = 413
    hint = "The console reads small files only. Look at it on the Hub."


class HubUnreadable(HubError):
    status = 422
    hint = "The file is not what its name says. Tell the authors of the repository, or choose another revision."


class HubFailed(HubError):
    status = 502
    hint = "The Hub failed; trying again may help. Its status page is status.huggingface.co."
